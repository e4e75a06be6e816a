"""Every page of the dashboard: its route, an address of it in the scene, and when it has come up.

`routes` reads which routes the dashboard has, so that no page can be forgotten here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from browser.scene import Scene
from browser.site import NAMESPACE

if TYPE_CHECKING:
    from playwright.sync_api import Page

SOURCES = Path(__file__).parents[2] / "ui" / "src"
ROUTE = re.compile(r'<Route path="(/[^"]*)"')
SECTION = "/operations/:section"
NODE = ".react-flow__node >> nth=2"
# What frames the pages, and is none.
FRAMES = {"/n/:namespace"}


@dataclass(frozen=True)
class Place:
    """One page. `address` is below its namespace, or whole where it begins with `~`."""

    name: str
    route: str
    address: Callable[[Scene], str]
    ready: str  # a selector of what only comes with its data
    signed_in: bool = True
    pictured: bool = True

    def url(self, scene: Scene) -> str:
        """Return its address at the scene's server."""
        address = self.address(scene)
        if address.startswith("~"):
            return address[1:]
        return f"{scene.site.url}/n/{NAMESPACE}{address}"


def _at(address: str) -> Callable[[Scene], str]:
    return lambda scene: address


PLACES = (
    Place("login", "/login", lambda scene: f"~{scene.site.url}/login", "form button", signed_in=False),
    Place("link", "/decide", lambda scene: f"~{scene.link}", "form button", signed_in=False),
    Place("home", "/", _at("/"), "text=/newsletter/"),
    Place("flows", "/flows", _at("/flows"), "text=/order-fulfilment/"),
    Place("flow-new", "/flows/new", _at("/flows/new"), "form button"),
    Place("editor", "/flows/:name/*?", _at("/flows/order-fulfilment"), NODE),
    Place("versions", "/flows/:name/*?", _at("/flows/order-fulfilment/versions"), "main >> text=1.0.0"),
    Place("executions", "/executions/*?", _at("/executions"), ".executions tbody tr[aria-rowindex]"),
    Place(
        "execution",
        "/executions/:id",
        lambda scene: f"/executions/{scene.order}",
        NODE,
    ),
    Place(
        "execution-timeline",
        "/executions/:id",
        lambda scene: f"/executions/{scene.order}?view=timeline",
        "text=chargeCard",
    ),
    Place(
        "execution-failed",
        "/executions/:id",
        lambda scene: f"/executions/{scene.failed}",
        NODE,
    ),
    Place("queues", "/queues/*?", _at("/queues"), "table >> text=parcels"),
    Place("queue", "/queues/:queue", _at("/queues/parcels"), "table >> text=/P-10/"),
    Place(
        "dead-letters",
        "/queues/:queue",
        _at("/queues/parcels?show=dead-letters"),
        "table >> text=/out of paper/",
    ),
    Place(
        "item",
        "/queues/:queue/items/:item",
        lambda scene: f"/queues/parcels/items/{scene.item}",
        "[role=dialog] >> text=packer-2",
    ),
    Place("inbox", "/inbox/*?", _at("/inbox"), "text=/Expenses of Grace/"),
    Place(
        "decision",
        "/inbox/:execution/:run",
        lambda scene: f"/inbox/{scene.claim}/{scene.claim_run}",
        "form button",
    ),
    Place("operations", "/operations/*?", _at("/operations"), "table >> text=check-stock", pictured=False),
    Place("functions", SECTION, _at("/operations/functions"), "table >> text=check-stock"),
    Place(
        "function",
        SECTION,
        _at("/operations/functions?flow=order-fulfilment&function=charge"),
        "[role=dialog] >> text=/receipt/",
    ),
    Place("triggers", SECTION, _at("/operations/triggers"), "table >> text=backordered"),
    Place(
        "trigger",
        "/operations/triggers/:flow/:name",
        _at("/operations/triggers/order-fulfilment/orders"),
        "text=/hooks/",
    ),
    Place("schedules", SECTION, _at("/operations/schedules"), "table >> text=first-of-month"),
    Place("alerts", SECTION, _at("/operations/alerts"), "table >> text=slow-orders"),
    Place("secrets", SECTION, _at("/operations/secrets"), "table >> text=chat_url"),
    Place("audit", SECTION, _at("/operations/audit"), "main .mantine-Accordion-item"),
    Place("users", SECTION, _at("/operations/users"), "table >> text=grace"),
    Place("roles", SECTION, _at("/operations/roles"), "main table"),
    Place("tokens", SECTION, _at("/operations/tokens"), "table >> text=deploys"),
    Place("settings", SECTION, _at("/operations/settings"), "table >> text=Python"),
    Place("not-found", "", _at("/nowhere"), "main h1, main h2", pictured=False),
)


def routes() -> set[str]:
    """Return the routes that the dashboard's sources have."""
    found = {route for path in SOURCES.rglob("*.tsx") for route in ROUTE.findall(path.read_text("utf-8"))}
    app = (SOURCES / "app.tsx").read_text("utf-8")
    linked = re.search(r'LINK_PATH = "([^"]+)"', app)
    assert linked, "app.tsx names the path of links"
    return (found - FRAMES) | {linked[1], "/login"}


def sections() -> set[str]:
    """Return the parts of the operations page."""
    text = (SOURCES / "pages" / "operations" / "Operations.tsx").read_text("utf-8")
    listed = re.search(r"const SECTIONS = \{(.*?)\}", text, re.DOTALL)
    assert listed, "Operations.tsx lists its parts"
    return set(re.findall(r"^\s*(\w+):", listed[1], re.MULTILINE))


def settled(page: Page, place: Place) -> None:
    """Wait until a page shows what it has: no part of it is being read any more."""
    from playwright.sync_api import expect

    page.locator(place.ready).first.wait_for()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
