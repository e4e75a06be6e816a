"""The guide shows every page, in both languages and themes; `make screenshots` takes the pictures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from browser.places import PLACES
from browser.screenshots import IMAGES, LANGUAGES, THEMES

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"en": "dashboard-pages.md", "zh": "dashboard-pages.zh.md"}
ALL_BYTES_MAX = 6_000_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_is_shown_in_the_light_and_in_the_dark(language: str) -> None:
    shown = re.findall(r"images/dashboard/([\w-]+\.png)", (DOCS / PAGES[language]).read_text("utf-8"))
    wanted = {
        f"{place.name}-{language}-{theme}.png" for place in PLACES if place.pictured for theme in THEMES
    }
    assert wanted == set(shown)
    assert [name for name in shown if not (IMAGES / name).is_file()] == []


def test_the_pictures_are_small() -> None:
    assert sum(path.stat().st_size for path in IMAGES.glob("*.png")) <= ALL_BYTES_MAX
