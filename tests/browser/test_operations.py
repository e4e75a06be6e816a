"""The operations pages and the home page, with a mouse and a keyboard, on a real server."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError

import pytest

from browser import album
from browser.site import Site, need, site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PASSWORD = "correct horse battery"
ASKING = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: asking}
spec:
  version: 1.0.0
  steps:
    - which:
        switch:
          - fail: {when: .fail == true, then: fail}
          - ask: {then: ask}
    - ask:
        listen: {to: {one: {with: {type: com.example.answered}}}}
        metadata: {approval: {title: "Shall we?"}}
        then: end
    - fail: {raise: {error: {type: "https://example.test/no", status: 400}}}
"""
FULL = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: full}
spec:
  version: 1.0.0
  triggers: [{name: orders, queue: {name: orders, maxOpen: 1}}]
  steps: [{wait: {listen: {to: {one: {with: {type: com.example.never}}}}}}]
"""
SECRET = "canary-of-the-secrets-page"
SECTIONS = [
    "functions",
    "triggers",
    "schedules",
    "alerts",
    "secrets",
    "audit",
    "users",
    "roles",
    "tokens",
    "settings",
]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    need()
    with site(tmp_path_factory.mktemp("album"), album.PROJECTS) as opened:
        yield opened


@pytest.fixture
def webhook() -> Iterator[tuple[str, list[Any]]]:
    """The address of a webhook, and what it was sent."""
    sent: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", sent
    server.shutdown()
    thread.join()
    server.server_close()


def opened(page: Page, shown: Site, path: str, heading: str) -> None:
    page.goto(shown.page(path))
    page.get_by_role("heading", name=heading, level=1, exact=True).wait_for()


def refused(shown: Site, token: str) -> bool:
    try:
        shown.call("GET", "flowapps", headers={"authorization": f"Bearer {token}"})
    except HTTPError as error:
        with error:
            return error.code == 401
    return False


def test_a_namespace_in_which_nothing_ran_says_what_to_do(page: Page, shown: Site) -> None:
    page.goto(shown.page("/").replace("/n/default/", "/n/quiet/"))
    page.get_by_role("heading", name="Nothing has run yet").wait_for()
    page.get_by_role("link", name="Go to the flows").click()
    page.wait_for_url(re.compile(r"/n/quiet/flows$"))


def test_a_trigger_is_paused_fired_by_hand_and_leads_to_the_execution(page: Page, shown: Site) -> None:
    opened(page, shown, "/operations/triggers", "Operations")
    row = page.get_by_role("row").filter(has_text="nightly")
    row.get_by_role("button", name="Pause nightly").click()
    page.get_by_role("dialog").get_by_role("button", name="Pause", exact=True).click()
    row.get_by_text("Paused").wait_for()
    row.get_by_role("button", name="Resume nightly").click()
    row.get_by_text("Active").wait_for()
    page.get_by_role("link", name="pictures").click()
    page.get_by_text(f"POST {shown.url}/hooks/default/pictures").wait_for()
    page.get_by_role("button", name="Fire by hand").click()
    dialog = page.get_by_role("dialog", name="Fire by hand")
    payload = dialog.get_by_role("textbox", name="Payload")
    payload.fill('{"count": ')
    assert dialog.get_by_role("button", name="Fire", exact=True).is_disabled()
    payload.fill('{"count": 3}')
    dialog.get_by_role("button", name="Fire", exact=True).click()
    link = page.get_by_role("link", name=re.compile("^See the execution"))
    link.wait_for()
    execution_id = (link.get_attribute("href") or "").rpartition("/")[2]
    page.get_by_role("table").get_by_role("link", name=execution_id).wait_for()
    assert shown.call("GET", f"executions/{execution_id}")["input"]["count"] == 3
    assert shown.ended(execution_id)["status"] == "completed"


def test_what_fails_and_stands_still_is_on_the_home_page(page: Page, shown: Site) -> None:
    opened(page, shown, "/", "Home")
    execution_id = shown.start("album", {"broken": True})
    page.get_by_text("The function broken of album does not start").wait_for()
    shown.ended(execution_id)
    shown.call("POST", "queues/still/items", {"items": [{"data": 1}]})
    shown.call("POST", "queues/still/pause")
    page.reload()
    page.get_by_role("link", name="The queue still is paused; 1 item waits").click()
    page.get_by_role("heading", name="still", level=1).wait_for()
    shown.call("POST", "queues/still/resume")


def test_what_waits_and_who_could_not_be_told_is_on_the_home_page(page: Page, shown: Site) -> None:
    """A decision, late or not, and an alert whose webhook is not there."""
    shown.call("POST", "flowapps", ASKING.encode(), headers={"content-type": "application/yaml"})
    shown.call("PUT", "alerts/rules/deaf", {"faulted": True, "webhook": {"url": "http://127.0.0.1:9/"}})
    opened(page, shown, "/", "Home")
    attention = page.get_by_role("region", name="Needs attention")
    shown.start("asking", {})
    attention.get_by_role("link", name="1 decision waits for you", exact=True).wait_for()
    shown.ended(shown.start("asking", {"fail": True}))
    attention.get_by_role(
        "link", name="The webhook of the alert deaf does not take what it is sent"
    ).wait_for()
    attention.get_by_role("link", name="1 decision waits for you").click()
    page.get_by_role("link", name="Shall we?").wait_for()
    shown.call("DELETE", "alerts/rules/deaf")


def test_functions_and_triggers_are_narrowed_and_stay_so(page: Page, shown: Site) -> None:
    opened(page, shown, "/operations/triggers", "Operations")
    page.get_by_role("link", name="nightly").wait_for()
    page.get_by_label("Search by name, flow or error").fill("PICT album")
    page.get_by_role("link", name="nightly").wait_for(state="detached")
    page.get_by_role("status").get_by_text(re.compile(r"^1 of \d+$")).wait_for()
    page.reload()
    page.get_by_role("link", name="pictures").wait_for()
    assert page.get_by_role("link", name="nightly").count() == 0
    page.get_by_role("combobox", name="State").click()
    page.get_by_role("option", name="Paused").click()
    page.get_by_text("Nothing fits. Take a filter away.").wait_for()
    page.get_by_role("tab", name="Functions").click()
    page.get_by_label("Search by name, flow or error").fill("cmd/resize")
    page.get_by_role("button", name="broken: process and log").wait_for(state="detached")
    # What is opened and closed leaves the list as it was.
    page.get_by_role("button", name="resize: process and log").click()
    page.get_by_role("dialog", name="resize").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="resize").wait_for(state="detached")
    assert page.get_by_label("Search by name, flow or error").input_value() == "cmd/resize"


def test_why_a_function_does_not_start_is_read_whole_and_it_is_restarted(page: Page, shown: Site) -> None:
    execution_id = shown.start("album", {"broken": True})
    opened(page, shown, "/operations/functions", "Operations")
    row = page.get_by_role("row").filter(has_text="cmd/broken")
    row.get_by_text("Does not start").wait_for()
    row.get_by_role("button", name="Show all of it").click()
    page.get_by_role("dialog").get_by_text("No module named 'a_module_that_nobody_wrote'").wait_for()
    page.keyboard.press("Escape")
    row.get_by_role("button", name="Restart broken").click()
    page.get_by_role("dialog").get_by_role("button", name="Restart", exact=True).click()
    page.get_by_role("dialog").wait_for(state="detached")
    shown.ended(execution_id)
    actions = [each["action"] for each in shown.call("GET", "/api/v1/audit")["items"]]
    assert "function.restart" in actions


def test_what_a_function_writes_is_followed(page: Page, shown: Site) -> None:
    """Whatever call it is of, as it comes, and with a way to the execution."""
    first = shown.run("album", {"count": 2})
    opened(page, shown, "/operations/functions", "Operations")
    page.get_by_role("button", name="resize: process and log").click()
    drawer = page.get_by_role("dialog", name="resize")
    # What is not known has no line: nobody wrote the language down.
    drawer.get_by_role("rowheader", name="Process").wait_for()
    assert drawer.get_by_role("rowheader", name="Language").count() == 0
    log = drawer.get_by_role("log", name="Log")
    log.get_by_text("resized 1", exact=True).first.wait_for()
    log.get_by_role("link", name=f"The execution {first}").first.wait_for()
    assert "function=resize" in page.url
    shown.run("album", {"count": 7})
    log.get_by_text("resized 6", exact=True).wait_for()
    drawer.get_by_role("searchbox", name="Search the log").fill("resized 6")
    log.get_by_text("resized 1", exact=True).first.wait_for(state="detached")
    page.keyboard.press("Escape")
    drawer.wait_for(state="detached")


def test_a_token_is_shown_once_works_and_is_revoked(page: Page, shown: Site) -> None:
    opened(page, shown, "/operations/tokens", "Operations")
    page.get_by_role("button", name="Make a token").click()
    dialog = page.get_by_role("dialog", name="Make a token")
    dialog.get_by_role("textbox", name="Name", exact=True).fill("robot")
    dialog.get_by_role("button", name="Make it").click()
    once = page.get_by_role("dialog", name="The token robot")
    token = once.get_by_label("Token", exact=True).inner_text()
    assert not refused(shown, token)
    page.keyboard.press("Escape")
    once.wait_for(state="detached")
    assert token not in page.content()
    page.reload()
    page.get_by_role("row").filter(has_text="robot").get_by_text("default: Operator").wait_for()
    assert token not in page.content()
    page.get_by_role("button", name="Revoke robot").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke it").click()
    page.get_by_role("row").filter(has_text="robot").wait_for(state="detached")
    assert refused(shown, token)


def test_a_user_is_added_given_a_role_and_all_of_it_is_in_the_log(page: Page, shown: Site) -> None:
    opened(page, shown, "/operations/users", "Operations")
    page.get_by_role("button", name="Add a user").first.click()
    dialog = page.get_by_role("dialog", name="Add a user")
    dialog.get_by_role("textbox", name="Name", exact=True).fill("ada")
    dialog.get_by_label("Password", exact=False).first.fill("short")
    assert dialog.get_by_role("button", name="Add", exact=True).is_disabled()
    dialog.get_by_label("Password", exact=False).first.fill(PASSWORD)
    dialog.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("row").filter(has_text="ada").get_by_text("default: Viewer").wait_for()
    page.get_by_role("tab", name="Roles").click()
    page.get_by_role("combobox", name="Role of ada").click()
    page.get_by_role("option", name=re.compile("^Editor")).click()
    page.get_by_role("tab", name="Users").click()
    page.get_by_role("row").filter(has_text="ada").get_by_text("default: Editor").wait_for()
    page.get_by_role("tab", name="Audit log").click()
    page.get_by_role("combobox", name="Action").fill("user.member")
    page.wait_for_url(re.compile("action=user.member"))
    page.get_by_text("user.create").wait_for(state="detached")
    page.get_by_role("button", name=re.compile("ada")).first.click()
    details = page.get_by_role("table", name=re.compile("^What changed: user.member"))
    details.get_by_text("viewer").wait_for()
    details.get_by_text("editor").wait_for()
    assert PASSWORD not in page.content()


def test_a_secret_is_put_and_never_shown(page: Page, shown: Site) -> None:
    opened(page, shown, "/operations/secrets", "Operations")
    page.get_by_role("button", name="Put a secret").click()
    dialog = page.get_by_role("dialog", name="Put a secret")
    dialog.get_by_role("textbox", name="Name", exact=True).fill("smtp")
    dialog.get_by_label("Value").first.fill(SECRET)
    dialog.get_by_role("button", name="Keep it").click()
    row = page.get_by_role("row").filter(has_text="smtp")
    row.get_by_text("Can be used").wait_for()
    for path in ("secrets", "audit"):
        page.goto(shown.page(f"/operations/{path}"))
        page.get_by_text("smtp").first.wait_for()
        assert SECRET not in page.content()
    page.goto(shown.page("/operations/secrets"))
    page.get_by_role("button", name="Delete smtp").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete it").click()
    page.get_by_role("heading", name="No secrets yet").wait_for()


def test_a_rule_is_tried_kept_and_silenced(page: Page, shown: Site, webhook: tuple[str, list[Any]]) -> None:
    url, sent = webhook
    opened(page, shown, "/operations/alerts", "Operations")
    page.get_by_role("button", name="Add a rule").click()
    dialog = page.get_by_role("dialog", name="Add a rule")
    dialog.get_by_role("textbox", name="Name", exact=True).fill("slow-ones")
    assert dialog.get_by_role("button", name="Keep it").is_disabled()
    dialog.get_by_label("Tells of").click()
    page.get_by_role("option", name="Slow executions").click()
    dialog.get_by_label("Longer than", exact=True).fill("10")
    dialog.get_by_role("textbox", name="Webhook address").fill(url)
    dialog.get_by_role("button", name="Message: template").click()
    body = dialog.get_by_role("textbox", name="Body")
    body.fill("{{ alert.nothing.like.it }")
    dialog.get_by_text("Nothing would be sent yet").wait_for()
    body.fill('{"alert": {{ alert.alert | tojson }}}')
    dialog.get_by_role("region", name="What would be sent").get_by_text('"alert": "slow-ones"').wait_for()
    assert sent == []
    dialog.get_by_role("button", name="Send a test").click()
    dialog.get_by_text("The webhook took the test.").wait_for()
    assert sent == [{"alert": "slow-ones"}]
    dialog.get_by_text("JSON", exact=True).click()
    text = dialog.get_by_role("textbox", name="JSON")
    assert json.loads(text.input_value())["slower"] == "PT10M"
    dialog.get_by_text("Fields", exact=True).click()
    dialog.get_by_role("button", name="Keep it").click()
    row = page.get_by_role("row").filter(has_text="slow-ones")
    row.get_by_text("executions longer than 10m").wait_for()
    page.get_by_role("button", name="Silence slow-ones").click()
    silence = page.get_by_role("dialog", name="Silence slow-ones")
    silence.get_by_role("button", name="Keep quiet").click()
    page.get_by_text("rule slow-ones").wait_for()
    assert [each["rule"] for each in shown.call("GET", "alerts/silences")["items"]] == ["slow-ones"]
    page.get_by_role("button", name="End this silence").click()
    page.get_by_text("Nothing is silenced.").wait_for()


def test_an_alert_leads_to_what_it_tells_of_and_that_of_a_flow_is_silenced(page: Page, shown: Site) -> None:
    rule = {"name": "late", "slower": "PT1M", "webhook": {"url": "http://127.0.0.1:9/"}}
    text = ASKING.replace("name: asking", "name: watched") + f"  alerts: [{json.dumps(rule)}]\n"
    shown.call("POST", "flowapps", text.encode(), headers={"content-type": "application/yaml"})
    shown.call("PUT", "alerts/rules/told", {"faulted": True, "webhook": {"url": "http://127.0.0.1:9/"}})
    execution_id = shown.run("watched", {"fail": True})
    opened(page, shown, "/operations/alerts", "Operations")
    of_flows = page.get_by_role("region", name="Rules of flows")
    row = of_flows.get_by_role("row").filter(has_text="late")
    row.get_by_text("executions longer than 1m").wait_for()
    row.get_by_role("button", name="Silence watched / late").click()
    dialog = page.get_by_role("dialog", name="Silence watched / late")
    dialog.get_by_role("button", name="Keep quiet").click()
    page.get_by_text("rule late, flow watched").wait_for()
    [silence] = shown.call("GET", "alerts/silences")["items"]
    assert (silence["rule"], silence["flow"]) == ("late", "watched")
    shown.call("DELETE", f"alerts/silences/{silence['id']}")
    page.get_by_role("region", name="Notifications").get_by_role("link", name=execution_id).click()
    page.wait_for_url(re.compile(execution_id))
    shown.call("DELETE", "alerts/rules/told")


def test_the_log_of_changes_goes_on_by_itself_and_offers_what_it_has(page: Page, shown: Site) -> None:
    shown.call("POST", "queues/noted/items", {"items": [{"data": 1}]})
    opened(page, shown, "/operations/audit", "Operations")
    page.get_by_role("button", name=re.compile("session.login")).first.wait_for()
    shown.call("POST", "queues/noted/pause")
    page.get_by_role("button", name=re.compile("queue.pause.*noted")).wait_for()
    page.get_by_role("combobox", name="Object").fill("note")
    page.get_by_role("option", name="noted", exact=True).click()
    page.get_by_role("button", name=re.compile("session.login")).first.wait_for(state="detached")
    page.get_by_role("button", name=re.compile("queue.pause.*noted")).wait_for()
    assert "object=noted" in page.url


def test_why_a_trigger_that_is_full_does_not_go_on(page: Page, shown: Site) -> None:
    shown.call("POST", "flowapps", FULL.encode(), headers={"content-type": "application/yaml"})
    shown.call("POST", "queues/orders/items", {"items": [{"data": {}}, {"data": {}}]})
    opened(page, shown, "/operations/triggers/full/orders", "orders")
    page.get_by_role("alert").get_by_text("It is full").wait_for()
    [execution] = shown.call("GET", "executions?flow=full")["items"]
    page.get_by_role("link", name="See those that are open").click()
    page.get_by_role("link", name=execution["id"]).wait_for()
    shown.call("DELETE", "flowapps/full")


def test_what_somebody_changed_meanwhile_is_not_overwritten(browser: Browser, shown: Site) -> None:
    """Of a page of its own: that a change is refused is a request that fails, as the browser sees it."""
    mine = {"slower": "PT1M", "webhook": {"url": "http://127.0.0.1:9/"}}
    shown.call("PUT", "alerts/rules/contested", mine)
    page = browser.new_page(locale="en-GB")
    opened(page, shown, "/operations/alerts", "Operations")
    page.get_by_role("button", name="Change contested").click()
    dialog = page.get_by_role("dialog", name="Change contested")
    dialog.get_by_label("Longer than", exact=True).fill("7")
    theirs = {**mine, "slower": "PT2M"}
    shown.call("PUT", "alerts/rules/contested", theirs)
    dialog.get_by_role("button", name="Keep it").click()
    dialog.get_by_text("Somebody changed it: look again").wait_for()
    kept = {each["name"]: each["rule"] for each in shown.call("GET", "alerts/rules")["items"]}
    assert kept["contested"]["slower"] == "PT2M"
    dialog.get_by_role("button", name="Cancel").click()
    page.get_by_role("row").filter(has_text="contested").get_by_text("longer than 2m").wait_for()
    page.get_by_role("button", name="Change contested").click()
    dialog.get_by_label("Longer than", exact=True).fill("7")
    dialog.get_by_role("button", name="Keep it").click()
    page.get_by_role("row").filter(has_text="contested").get_by_text("longer than 7m").wait_for()
    page.close()


def test_a_secret_that_somebody_put_meanwhile_is_not_overwritten(browser: Browser, shown: Site) -> None:
    shown.call("PUT", "secrets/contested", {"value": "first"})
    page = browser.new_page(locale="en-GB")
    opened(page, shown, "/operations/secrets", "Operations")
    page.get_by_role("button", name="Replace contested").click()
    dialog = page.get_by_role("dialog", name="Replace contested")
    dialog.get_by_label("Value").first.fill("mine")
    theirs = shown.call("PUT", "secrets/contested", {"value": "theirs"})
    dialog.get_by_role("button", name="Keep it").click()
    dialog.get_by_text("Somebody changed it: look again").wait_for()
    (kept,) = shown.call("GET", "secrets")["items"]
    assert kept["updated_at"] == theirs["updated_at"]
    dialog.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Replace contested").click()
    dialog.get_by_label("Value").first.fill("mine")
    dialog.get_by_role("button", name="Keep it").click()
    dialog.wait_for(state="detached")
    (kept,) = shown.call("GET", "secrets")["items"]
    assert kept["updated_at"] > theirs["updated_at"]
    shown.call("DELETE", "secrets/contested")
    page.close()


def test_a_user_whom_somebody_changed_meanwhile_is_not_overwritten(browser: Browser, shown: Site) -> None:
    shown.call(
        "POST", "/api/v1/users", {"name": "vera", "password": PASSWORD, "roles": {"default": "viewer"}}
    )
    page = browser.new_page(locale="en-GB")
    opened(page, shown, "/operations/users", "Operations")
    page.get_by_role("button", name="Change vera").click()
    dialog = page.get_by_role("dialog", name="Change vera")
    save = dialog.get_by_role("button", name="Save")
    page.wait_for_function("(button) => !button.disabled", arg=save.element_handle())
    dialog.get_by_role("switch", name="May log in").uncheck(force=True)
    shown.call("PATCH", "/api/v1/users/vera", {"roles": {"default": "operator"}})
    save.click()
    dialog.get_by_text("Somebody changed it: look again").wait_for()
    kept = shown.call("GET", "/api/v1/users/vera")
    assert (kept["disabled"], kept["roles"]) == (False, {"default": "operator"})
    dialog.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Change vera").click()
    page.wait_for_function("(button) => !button.disabled", arg=save.element_handle())
    dialog.get_by_role("switch", name="May log in").uncheck(force=True)
    save.click()
    dialog.wait_for(state="detached")
    kept = shown.call("GET", "/api/v1/users/vera")
    assert (kept["disabled"], kept["roles"]) == (True, {"default": "operator"})
    page.close()


def test_only_what_the_role_may_see_is_offered(page: Page, shown: Site) -> None:
    made = shown.call("POST", "/api/v1/tokens", {"name": "eyes", "roles": {"default": "viewer"}})
    page.goto(f"{shown.url}/n/default/operations/triggers#token={made['token']}")
    page.get_by_role("row").filter(has_text="nightly").wait_for()
    tabs = page.get_by_role("tab").all_inner_texts()
    assert tabs == ["Functions", "Triggers", "Schedules", "Alerts", "Secrets", "Settings"]
    assert page.get_by_role("button", name=re.compile("^Pause")).count() == 0
    page.get_by_role("tab", name="Secrets").click()
    page.get_by_role("heading", name="No secrets yet").wait_for()
    assert page.get_by_role("button", name="Put a secret").count() == 0
    page.goto(f"{shown.url}/n/default/operations/users")
    page.get_by_role("heading", name="Nothing to see here").wait_for()


@pytest.mark.parametrize(
    ("language", "width"),
    [
        ("zh", 1440),
        ("en", 400),
        pytest.param("en", 1440, marks=pytest.mark.long),
        pytest.param("zh", 400, marks=pytest.mark.long),
    ],
)
def test_every_page_fits_in_each_language_and_theme(
    page: Page, shown: Site, language: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if language == "zh" else "light")
    page.add_init_script(
        f"""localStorage.setItem("headrace.language", '{{"state": {{"language": "{language}"}}}}')"""
    )
    shown.call("POST", "queues/letters/items", {"items": [{"data": {"to": "ada"}}]})
    page.goto(shown.page("/"))
    page.get_by_role("heading", level=1).wait_for()
    pages = ["/", "/queues", "/queues/letters", "/operations/triggers/album/pictures"]
    for path in [*pages, *(f"/operations/{each}" for each in SECTIONS)]:
        page.goto(f"{shown.url}/n/default{path}")
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
        assert page.evaluate("document.documentElement.lang") == ("zh-CN" if language == "zh" else "en")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
