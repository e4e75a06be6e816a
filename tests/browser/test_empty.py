"""Pages with nothing on them: they say what belongs there and what to do first, or what went wrong.

Looked at on a server in an empty folder, by somebody who may do everything and by somebody who may only look.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from browser.conftest import ACTION_MS
from browser.places import PLACES, Place
from browser.scene import Scene
from browser.site import NAMESPACE, TOKEN, dashboard, need, site
from browser.words import said

if TYPE_CHECKING:
    from _pytest.mark.structures import ParameterSet
    from playwright.sync_api import Browser, Locator, Page, Route

LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
WHO = ("administrator", "viewer", "stranger")
PARTS = "parts"
# Of what a page asks, all but who looks at it: that is asked before there is a page.
ASKED = re.compile(r"/api/v1/(?!session/)")
# What of a page is said by the dashboard itself, piece by piece: neither code nor what the server says.
SAID = """
() => {
  const found = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const around = walker.currentNode.parentElement;
    if (around.closest("code, pre, h1, [lang=en], .cm-editor, .mantine-Breadcrumbs-root")) continue;
    if (!around.checkVisibility({ visibilityProperty: true })) continue;
    found.push(walker.currentNode.textContent.trim());
  }
  return found;
}
"""
CHINESE = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
ENGLISH = re.compile(r"[A-Za-z]{2,}[,.:;]? [A-Za-z]{2,}|^[A-Z][a-z]+$")
# They are called so in every language.
NAMES = {"Headrace", "English", "Python", "SQLite", "Prometheus", "中文"}


@dataclass(frozen=True)
class Text:
    """A text of the dashboard, by its catalog."""

    folder: str
    key: str
    values: tuple[tuple[str, str], ...] = ()

    def in_(self, language: str) -> str:
        return said(self.folder, self.key, language, **dict(self.values)).replace("`", "")


@dataclass(frozen=True)
class Nothing:
    """What a page says where there is nothing. `next`: where that leads who presses it, or its dialog."""

    title: Text
    teaches: Text
    next: Text | None = None
    leads: str | None = None  # below the namespace; None: it opens a dialog
    # What who may only look is told in place of `next`: a role of `parts`, or None where it is theirs too.
    takes: str | None = None
    # Who may only look has no such page.
    hidden: bool = False


_FLOW_GONE = Nothing(
    Text("pages/flows", "unknown", (("name", "order-fulfilment"),)),
    Text("pages/flows", "unknownHint"),
    Text("pages/flows", "toList"),
    "/flows",
)
_EXECUTION_GONE = Nothing(
    Text("pages/executions/one", "unknown"),
    Text("pages/executions/one", "unknownHint"),
    Text("pages/executions/one", "toList"),
    "/executions",
)
_QUEUE_GONE = Nothing(
    Text("pages/queues", "missingTitle"),
    Text("pages/queues", "missing"),
    Text("pages/queues", "put"),
    takes="operator",
)
_MAKE_FLOW = Text("pages/operations", "newFlow")
_FUNCTIONS = Nothing(
    Text("pages/operations/functions", "emptyTitle"),
    Text("pages/operations/functions", "empty"),
    _MAKE_FLOW,
    "/flows/new",
    takes="editor",
)
_TRIGGERS = "pages/operations/triggers"
_ACCESS = "pages/operations/access"
_AUDIT = "pages/operations/audit"
EMPTY = {
    "home": Nothing(
        Text("pages/home", "welcome"),
        Text("pages/home", "welcomeWords"),
        Text("pages/home", "toFlows"),
        "/flows",
    ),
    "flows": Nothing(
        Text("pages/flows", "emptyTitle"),
        Text("pages/flows", "empty"),
        Text("pages/flows", "newFlow"),
        "/flows/new",
        takes="editor",
    ),
    "editor": _FLOW_GONE,
    "versions": _FLOW_GONE,
    "executions": Nothing(
        Text("pages/executions", "emptyTitle"),
        Text("pages/executions", "empty"),
        Text("pages/executions", "toFlows"),
        "/flows",
    ),
    "execution": _EXECUTION_GONE,
    "execution-timeline": _EXECUTION_GONE,
    "execution-failed": _EXECUTION_GONE,
    "queues": Nothing(
        Text("pages/queues", "emptyTitle"),
        Text("pages/queues", "empty"),
        Text("pages/queues", "putSomewhere"),
        takes="operator",
    ),
    "queue": _QUEUE_GONE,
    "dead-letters": _QUEUE_GONE,
    "item": _QUEUE_GONE,
    "inbox": Nothing(
        Text("pages/inbox", "emptyTitle"),
        Text("pages/inbox", "empty"),
        Text("pages/inbox", "template"),
        "/flows/new?from=template&template=ask-a-person",
        takes="",
    ),
    "decision": Nothing(
        Text("pages/inbox", "unknown"),
        Text("pages/inbox", "unknownHint"),
        Text("pages/inbox", "toList"),
        "/inbox",
    ),
    "link": Nothing(Text("pages/inbox", "badLink"), Text("pages/inbox", "badLinkText")),
    "operations": _FUNCTIONS,
    "functions": _FUNCTIONS,
    "function": _FUNCTIONS,
    "triggers": Nothing(
        Text(_TRIGGERS, "emptyTitle"), Text(_TRIGGERS, "empty"), _MAKE_FLOW, "/flows/new", takes="editor"
    ),
    "trigger": Nothing(
        Text(_TRIGGERS, "missingTitle"),
        Text(_TRIGGERS, "missing"),
        Text(_TRIGGERS, "all"),
        "/operations/triggers",
    ),
    "schedules": Nothing(
        Text(_TRIGGERS, "noSchedulesTitle"),
        Text(_TRIGGERS, "noSchedules"),
        _MAKE_FLOW,
        "/flows/new",
        takes="editor",
    ),
    "alerts": Nothing(
        Text("pages/operations/alerts", "rules"),
        Text("pages/operations/alerts", "noRules"),
        Text("pages/operations/alerts", "add"),
        takes="",
    ),
    "secrets": Nothing(
        Text("pages/operations/secrets", "emptyTitle"),
        Text("pages/operations/secrets", "empty"),
        Text("pages/operations/secrets", "put"),
        takes="editor",
    ),
    "users": Nothing(
        Text(_ACCESS, "noUsersTitle"), Text(_ACCESS, "noUsers"), Text(_ACCESS, "addUser"), hidden=True
    ),
    "roles": Nothing(
        Text(_ACCESS, "noMembersTitle"),
        Text(_ACCESS, "noMembers"),
        Text(_ACCESS, "toUsers"),
        "/operations/users",
        hidden=True,
    ),
    "not-found": Nothing(Text(PARTS, "notFound"), Text(PARTS, "notFoundRemedy"), Text(PARTS, "toHome"), "/"),
}
# These have something wherever somebody asks for them: a form, the log-in, the token that asks.
NEVER_EMPTY = {"login", "flow-new", "audit", "tokens", "settings"}


@dataclass
class Bare:
    """A server that has nothing; a page for each language and for each of who may do more or less."""

    scene: Scene
    browser: Browser
    pages: dict[tuple[str, str], Page]

    def opened(self, place: Place, language: str, who: str) -> Page:
        """Go to a place: from nowhere, so that nothing of it is known already."""
        page = self.of(language, who if place.signed_in else "nobody")
        page.goto("about:blank")
        page.goto(place.url(self.scene))
        return page

    def of(self, language: str, who: str) -> Page:
        """Return the page of somebody, who is logged in."""
        if (language, who) not in self.pages:
            context = self.browser.new_context(
                locale=LANGUAGES[language], reduced_motion="reduce", timezone_id="UTC"
            )
            context.set_default_timeout(ACTION_MS)
            if who != "nobody":
                token = self._token(who)
                assert context.request.post(f"{self.scene.site.url}/api/v1/session", data={"token": token}).ok
            self.pages[language, who] = context.new_page()
        return self.pages[language, who]

    def _token(self, who: str) -> str:
        if who == "administrator":
            return TOKEN
        roles = {"viewer": {NAMESPACE: "viewer"}, "stranger": {"elsewhere": "viewer"}}[who]
        made = self.scene.site.call("POST", "/api/v1/tokens", {"name": who, "roles": roles})
        return str(made["token"])


@pytest.fixture(scope="module")
def bare(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bare]:
    need()
    with site(tmp_path_factory.mktemp("bare"), {}) as at:
        # Names of what is not there.
        nowhere = Scene(
            at,
            order="0" * 26,
            failed="0" * 26,
            claim="0" * 26,
            claim_run=1,
            item="0" * 26,
            link=f"{at.url}/decide#nothing",
        )
        found = Bare(nowhere, browser, {})
        yield found
        for page in found.pages.values():
            page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_was_changed_in_a_namespace_that_nobody_uses(language: str, bare: Bare) -> None:
    page = bare.of(language, "administrator")
    page.goto(f"{bare.scene.site.url}/n/quiet/operations/audit?here")
    main = page.locator("main")
    main.get_by_role("heading", name=said(_AUDIT, "emptyTitle", language), exact=True).wait_for()
    main.get_by_text(said(_AUDIT, "empty", language), exact=True).wait_for()
    assert wrong_language(page, language) == []


def test_every_page_is_looked_at_with_nothing_on_it() -> None:
    assert set(EMPTY) | NEVER_EMPTY == {place.name for place in PLACES}
    assert not set(EMPTY) & NEVER_EMPTY


def _params(places: list[Place]) -> list[ParameterSet]:
    """Return places as parameters: `make test` looks at those only that say something of their own."""
    seen: set[Nothing] = set()
    found = []
    for place in places:
        nothing = EMPTY.get(place.name)
        marks = [pytest.mark.long] if nothing in seen else []
        found.append(pytest.param(place, id=place.name, marks=marks))
        if nothing is not None:
            seen.add(nothing)
    return found


def _some(places: list[Place]) -> list[ParameterSet]:
    """Return places as parameters: `make test` looks at those whose parts the others share."""
    shared = {"home", "flows", "execution", "queue", "users", "flow-new", "link"}
    marks = {place.name: [] if place.name in shared else [pytest.mark.long] for place in places}
    return [pytest.param(place, id=place.name, marks=marks[place.name]) for place in places]


EMPTIES = _params([place for place in PLACES if place.name in EMPTY])
# `make test` looks at a page in one language by each of them.
LOOKS = [
    pytest.param("en", "administrator"),
    pytest.param("zh", "viewer"),
    pytest.param("zh", "administrator", marks=pytest.mark.long),
    pytest.param("en", "viewer", marks=pytest.mark.long),
]


@pytest.mark.parametrize(("language", "who"), LOOKS)
@pytest.mark.parametrize("place", EMPTIES)
def test_a_page_without_anything_says_what_to_do(place: Place, language: str, who: str, bare: Bare) -> None:
    page = bare.opened(place, language, who)
    main = page.locator("main")
    nothing = EMPTY[place.name]
    may_not = who == "viewer" and place.signed_in
    if may_not and nothing.hidden:
        main.get_by_text(said("pages/operations", "notOfferedRemedy", language), exact=True).wait_for()
        return
    main.get_by_role("heading", name=nothing.title.in_(language), exact=True).wait_for()
    # Of a page in parts each is read for itself.
    main.locator("[aria-busy=true]").first.wait_for(state="detached")
    taught = re.sub(r"\s", "", main.inner_text())
    assert re.sub(r"\s", "", nothing.teaches.in_(language)) in taught
    assert wrong_language(page, language) == []
    assert page.locator("h1:visible").count() == 1
    # Nothing is shown that cannot be pressed.
    assert main.locator("button:visible:disabled, [aria-disabled=true]:visible").count() == 0
    if nothing.next is None:
        return
    action = acting(main, nothing.next.in_(language))
    if may_not and nothing.takes is not None:
        assert action.count() == 0
        if nothing.takes:
            role = said(PARTS, nothing.takes, language)
            main.get_by_text(said(PARTS, "takes", language, role=role), exact=True).wait_for()
        return
    # The head of a page may offer it, too.
    action.last.click()
    if nothing.leads is None:
        page.get_by_role("dialog").wait_for()
    else:
        there = urlsplit(f"{bare.scene.site.url}/n/{NAMESPACE}{nothing.leads}")
        page.wait_for_url(lambda url: urlsplit(url)[:4] == there[:4])
        page.locator("main h1").wait_for()


def acting(main: Locator, name: str) -> Locator:
    return main.get_by_role("link", name=name, exact=True).or_(
        main.get_by_role("button", name=name, exact=True)
    )


def wrong_language(page: Page, language: str) -> list[str]:
    """Return what a page says in the other language."""
    other = CHINESE if language == "en" else ENGLISH
    return [each for each in page.evaluate(SAID) if each not in NAMES and other.search(each)]


# Beside these pages something is that could be read. Of one whose parts are asked for singly, each says it.
UNASKED = {"login", "flow-new", "not-found"}
ASKING = _some([place for place in PLACES if place.name not in UNASKED])


@pytest.mark.parametrize("language", [pytest.param("en"), pytest.param("zh", marks=pytest.mark.long)])
@pytest.mark.parametrize("place", ASKING)
def test_a_page_says_that_the_server_has_a_fault_and_tries_again(
    place: Place, language: str, bare: Bare
) -> None:
    page = bare.of(language, "administrator" if place.signed_in else "nobody")
    page.route(ASKED, _broken)
    bare.opened(place, language, "administrator")
    failure = page.locator("main").get_by_role("alert").first
    failure.get_by_text(said(PARTS, "broken", language), exact=True).wait_for()
    failure.get_by_text(said(PARTS, "brokenRemedy", language), exact=True).wait_for()
    # The server's own words are English.
    failure.get_by_text(FAULT, exact=True).and_(page.locator("[lang=en]")).wait_for()
    assert page.locator("h1:visible").count() == 1
    assert wrong_language(page, language) == []
    page.unroute(ASKED)
    again = page.locator("main").get_by_role("button", name=said(PARTS, "retry", language), exact=True)
    for _ in range(again.count()):
        again.first.click()
        again.nth(again.count()).wait_for(state="detached")
    failure.get_by_text(said(PARTS, "broken", language)).wait_for(state="detached")
    nothing = EMPTY.get(place.name)
    if nothing is not None:
        title = nothing.title.in_(language)
        page.locator("main").get_by_role("heading", name=title, exact=True).wait_for()


FAULT = "this is a defect of Headrace, not of the request"


def _broken(route: Route) -> None:
    body = {"status": 500, "code": "internal", "detail": FAULT, "remedy": "report it"}
    route.fulfill(status=500, json=body, content_type="application/problem+json")


# What somebody sees who has no role in the namespace: their own sessions, pages that ask for nothing.
OPEN_TO_ALL = {"login", "link", "not-found", "settings"}
# Parts that are not even offered.
HIDDEN = {"audit", "users", "roles", "tokens"}
CLOSED = _some([place for place in PLACES if place.name not in OPEN_TO_ALL])


@pytest.mark.parametrize("language", [pytest.param("zh"), pytest.param("en", marks=pytest.mark.long)])
@pytest.mark.parametrize("place", CLOSED)
def test_a_page_says_that_it_takes_a_role(place: Place, language: str, bare: Bare) -> None:
    page = bare.opened(place, language, "stranger")
    main = page.locator("main")
    if place.name == "flow-new":
        text = Text("pages/flows/new", "forbiddenHelp")
    elif place.name in HIDDEN:
        text = Text("pages/operations", "notOfferedRemedy")
    else:
        text = Text(PARTS, "forbiddenRemedy")
        main.get_by_role("alert").first.get_by_text(said(PARTS, "forbidden", language), exact=True).wait_for()
        assert main.get_by_role("button", name=said(PARTS, "retry", language), exact=True).count() > 0
    main.get_by_text(text.in_(language), exact=True).first.wait_for()
    assert page.locator("h1:visible").count() == 1
    assert wrong_language(page, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_looks_cannot_be_asked_for_and_is_asked_for_again(language: str, bare: Bare) -> None:
    page = bare.of(language, "administrator")
    visitor = re.compile("/api/v1/session/visitor")
    page.route(visitor, _broken)
    page.goto("about:blank")
    page.goto(f"{bare.scene.site.url}/n/{NAMESPACE}/flows")
    page.get_by_role("alert").get_by_text(said(PARTS, "broken", language), exact=True).wait_for()
    page.unroute(visitor)
    page.get_by_role("button", name=said(PARTS, "retry", language), exact=True).click()
    page.get_by_role("heading", name=said("pages/flows", "emptyTitle", language), exact=True).wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_whose_file_is_gone_with_an_old_version_says_so(
    language: str, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server was updated while the dashboard was open, and has no such file any more."""
    need()
    other = tmp_path / "other"
    shutil.copytree(dashboard(), other)
    gone = list((other / "assets").glob("Queues-*.js"))
    assert len(gone) == 1
    gone[0].unlink()
    said_ = {
        key: said(PARTS, key, language) for key in ("newVersion", "newVersionRemedy", "reload", "queues")
    }
    context = browser.new_context(locale=LANGUAGES[language])
    context.set_default_timeout(ACTION_MS)
    page = context.new_page()
    monkeypatch.setenv("HEADRACE_UI_OUT", str(other))
    with site(tmp_path, {}) as before:
        page.goto(before.page("/flows"))
        page.locator("main h1").wait_for()
        page.get_by_role("navigation").get_by_role("link", name=said_["queues"], exact=True).click()
        told = page.get_by_role("alert").filter(has_text=said_["newVersion"])
        told.get_by_text(said_["newVersionRemedy"], exact=True).wait_for()
        assert wrong_language(page, language) == []
    monkeypatch.undo()
    with site(tmp_path, {}, port=int(before.url.rpartition(":")[2])):
        told.get_by_role("button", name=said_["reload"], exact=True).click()
        page.get_by_role("heading", name=said_["queues"], level=1, exact=True).wait_for()
    context.close()
