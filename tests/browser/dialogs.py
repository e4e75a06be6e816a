"""Every dialog, drawer and menu of the dashboard: on which page it opens, and by what.

Buttons are named by the dashboard's own texts (`words.py`), so that each opens in every language. Those of a
page are opened one after the other, each closed with Escape before the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from browser.places import NODE
from browser.scene import Scene
from browser.site import NAMESPACE
from browser.words import said

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

# For axe, which passes over what is hidden; and for the browser.
OPENED_NOW = "[role=dialog], [role=menu]"
OPENED = f":is({OPENED_NOW}):visible"
QUEUES = "pages/queues"
FLOWS = "pages/flows"
LIST = "pages/flows/list"
EDITOR = "pages/flows/editor"
EXECUTIONS = "pages/executions/list"
ONE = "pages/executions/one"
ACCESS = "pages/operations/access"
SECRETS = "pages/operations/secrets"
ALERTS = "pages/operations/alerts"
TRIGGERS = "pages/operations/triggers"
FUNCTIONS = "pages/operations/functions"
SETTINGS = "pages/operations/settings"
INBOX = "pages/inbox"
PARTS = "parts"


@dataclass(frozen=True)
class Visit:
    """A page that is open in a language."""

    page: Page
    language: str
    scene: Scene

    def say(self, folder: str, key: str, **values: str | int) -> str:
        return said(folder, key, self.language, **values)

    def button(self, folder: str, key: str, **values: str | int) -> Locator:
        return self.page.get_by_role("button", name=self.say(folder, key, **values), exact=True).first


Open = Callable[[Visit], Any]


def press(folder: str, key: str, **values: str | int) -> Open:
    """Return what presses the button of a text."""
    return lambda visit: visit.button(folder, key, **values).click()


def in_menu(folder: str, key: str) -> Open:
    """Return what chooses something out of the menu of an execution."""

    def choose(visit: Visit) -> None:
        visit.button(ONE, "more").click()
        visit.page.get_by_role("menuitem", name=visit.say(folder, key), exact=True).click()

    return choose


def first_row(visit: Visit) -> None:
    visit.page.locator(".executions tbody input[type=checkbox]").first.check()


def change_the_flow(visit: Visit) -> None:
    """Add a step that is not saved."""
    visit.button(EDITOR, "add", name="wait").click()


def write_code(visit: Visit) -> None:
    visit.page.locator("[data-testid$='/offer']").click()
    visit.page.get_by_role("tab", name=visit.say(EDITOR, "step"), exact=True).click()
    visit.button("pages/flows/editor/code", "open").click()


def run_from_editor(visit: Visit) -> None:
    visit.button("pages/flows/editor/run", "run").click()


def run_as(way: str, folder: str = "pages/flows/editor/run") -> Open:
    """Return what chooses how the input of a run is given."""

    def choose(visit: Visit) -> None:
        run_from_editor(visit)
        dialog = visit.page.locator(OPENED)
        dialog.get_by_text(visit.say(folder, way), exact=True).click()

    return choose


def save_what_somebody_else_changed(visit: Visit) -> None:
    """Save while the server has got another version."""
    save_another_version(visit, visit.say(EDITOR, "unsaved"))
    visit.button(EDITOR, "save").click()
    visit.page.locator(OPENED).get_by_role("button", name=visit.say(EDITOR, "saveAnyway"), exact=True).click()
    visit.page.get_by_role("dialog", name=visit.say("pages/flows/editor/merge", "title")).wait_for()


def save_another_version(visit: Visit, comment: str) -> None:
    text = visit.scene.site.call("GET", "flowapps/restock")["text"]
    visit.scene.site.call(
        "PUT",
        "flowapps/restock",
        f"{text.rstrip()}\n# {comment}\n".encode(),
        headers={"content-type": "application/yaml"},
    )


def restore(visit: Visit) -> None:
    """Ask for an earlier version; there is one when another was saved."""
    save_another_version(visit, "another")
    visit.page.reload()
    row_button(visit, row=2).click()


def row_button(visit: Visit, row: int = 1) -> Locator:
    """Return the last button of a row of the first table; its head is row 0."""
    return visit.page.locator("main table").first.get_by_role("row").nth(row).get_by_role("button").last


def make_token(visit: Visit) -> None:
    """Make one: it is shown in a dialog of its own."""
    visit.button(ACCESS, "makeToken").click()
    dialog = visit.page.locator(OPENED)
    dialog.get_by_role("textbox", name=visit.say(ACCESS, "name"), exact=True).fill(f"shown-{visit.language}")
    dialog.get_by_role("button", name=visit.say(ACCESS, "make"), exact=True).click()
    visit.page.get_by_role(
        "dialog", name=visit.say(ACCESS, "newToken", name=f"shown-{visit.language}")
    ).wait_for()


@dataclass(frozen=True)
class Openings:
    """The dialogs of one page: by their names, how each is opened."""

    page: str
    address: str
    ready: str
    dialogs: dict[str, Open]


ALL = (
    Openings(
        "home",
        "/",
        "text=/newsletter/",
        {
            "language": press(PARTS, "language"),
            "theme": press(PARTS, "theme"),
            "account": lambda visit: visit.page.get_by_role("banner").get_by_role("button").last.click(),
        },
    ),
    Openings(
        "flows",
        "/flows",
        "text=/order-fulfilment/",
        {
            "run": press(LIST, "run", name="order-fulfilment"),
            "pause": press(LIST, "pause", name="order-fulfilment"),
        },
    ),
    Openings(
        "editor",
        "/flows/restock",
        NODE,
        {
            "export": press(FLOWS, "export"),
            "delete": press(FLOWS, "remove", name="restock"),
            "code": write_code,
            "run": run_from_editor,
            "run-past": run_as("past"),
            "run-trigger": run_as("trigger"),
            "save": lambda visit: (change_the_flow(visit), visit.button(EDITOR, "save").click()),
            "save-and-run": run_as("json", "parts/form"),
            "merge": save_what_somebody_else_changed,
        },
    ),
    Openings(
        "versions",
        "/flows/restock/versions",
        "main table",
        {"restore": restore, "run": lambda visit: row_button(visit).click()},
    ),
    Openings(
        "executions",
        "/executions?status=faulted",
        ".executions tbody tr[aria-rowindex]",
        {
            "filters": press(EXECUTIONS, "moreFilters"),
            "rerun": lambda visit: (first_row(visit), visit.button(EXECUTIONS, "rerun").click()),
            "delete": press(EXECUTIONS, "delete"),
        },
    ),
    Openings(
        "open-executions",
        "/executions?status=waiting",
        ".executions tbody tr[aria-rowindex]",
        {"cancel": lambda visit: (first_row(visit), visit.button(EXECUTIONS, "cancelThem").click())},
    ),
    Openings(
        "execution",
        "/executions/{order}",
        NODE,
        {
            "more": press(ONE, "more"),
            "rerun": press(ONE, "rerun"),
            "save-test": in_menu(ONE, "saveTest"),
            "delete": in_menu(ONE, "delete"),
        },
    ),
    Openings("open-execution", "/executions/{claim}", NODE, {"cancel": press(ONE, "cancelIt")}),
    Openings(
        "queue",
        "/queues/parcels",
        "table >> text=/P-10/",
        {
            "put": press(QUEUES, "put"),
            "pause": press(QUEUES, "pause"),
            "delete-items": press(QUEUES, "purge"),
        },
    ),
    Openings(
        "dead-letters",
        "/queues/parcels?show=dead-letters",
        "table >> text=/out of paper/",
        {"redrive-all": press(QUEUES, "redriveAll")},
    ),
    Openings(
        "decision",
        "/inbox/{claim}/{claim_run}",
        "form button",
        {"link": press(INBOX, "makeLink"), "revoke": press(INBOX, "revoke")},
    ),
    Openings(
        "functions",
        "/operations/functions",
        "table >> text=check-stock",
        {
            "function": press(FUNCTIONS, "open", name="charge"),
            "restart": press(FUNCTIONS, "restart", name="charge"),
        },
    ),
    Openings(
        "triggers",
        "/operations/triggers",
        "table >> text=backordered",
        {"pause": press(TRIGGERS, "pause", name="orders")},
    ),
    Openings(
        "trigger",
        "/operations/triggers/order-fulfilment/orders",
        "text=/hooks/",
        {"fire": press(TRIGGERS, "fire"), "pause": press(TRIGGERS, "pause", name="orders")},
    ),
    Openings(
        "alerts",
        "/operations/alerts",
        "table >> text=slow-orders",
        {
            "add": press(ALERTS, "add"),
            "change": press(ALERTS, "change", name="backlog"),
            "delete": press(ALERTS, "delete", name="backlog"),
            "silence-one": press(ALERTS, "silenceOne", name="backlog"),
            "silence": press(ALERTS, "silence"),
        },
    ),
    Openings(
        "secrets",
        "/operations/secrets",
        "table >> text=chat_url",
        {
            "put": press(SECRETS, "put"),
            "replace": press(SECRETS, "replace", name="bank"),
            "delete": press(SECRETS, "delete", name="bank"),
        },
    ),
    Openings(
        "users",
        "/operations/users",
        "table >> text=grace",
        {
            "add": press(ACCESS, "addUser"),
            "change": press(ACCESS, "change", name="ada"),
            "delete": press(ACCESS, "delete", name="ada"),
        },
    ),
    Openings(
        "tokens",
        "/operations/tokens",
        "table >> text=deploys",
        {
            "make": press(ACCESS, "makeToken"),
            "made": make_token,
            "revoke": press(ACCESS, "revoke", name="deploys"),
        },
    ),
    Openings(
        "settings",
        "/operations/settings",
        "table >> text=Python",
        {"new-key": press(SETTINGS, "rotate")},
    ),
)


def each_opened(openings: Openings, visit: Visit) -> Iterator[str]:
    """Open a page and its dialogs, one after the other; the name of each comes when all of it is there."""
    page = visit.page
    page.goto("about:blank")
    page.goto(f"{visit.scene.site.url}/n/{NAMESPACE}{openings.address.format(**vars(visit.scene))}")
    page.locator(openings.ready).first.wait_for()
    for name, open in openings.dialogs.items():
        open(visit)
        _shown(page)
        yield name
        _closed(page)


def _shown(page: Page) -> None:
    """Wait until one is open, has the focus, and reads nothing any more."""
    from playwright.sync_api import expect

    found = page.locator(OPENED)
    expect(found).to_have_count(1)
    expect(found.locator("[aria-busy=true]")).to_have_count(0)
    page.wait_for_function("() => document.activeElement?.closest('[role=dialog], [role=menu]')")


def _closed(page: Page) -> None:
    from playwright.sync_api import expect

    page.keyboard.press("Escape")
    expect(page.locator(OPENED)).to_have_count(0)
