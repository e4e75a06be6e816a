"""URI templates: simple expansion of top-level properties."""

from __future__ import annotations

from typing import Any

import pytest

from headrace.errors import ExpressionError
from headrace.expr import expand_uri_template

DATA = {
    "id": 7,
    "pet.id": "x",
    "name": "a b/c?é",
    "yes": True,
    "none": None,
    "price": 1.5,
    "list": [1],
    "map": {},
}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("https://example.com/pets/{id}", "https://example.com/pets/7"),
        ("/{pet.id}/{name}", "/x/a%20b%2Fc%3F%C3%A9"),
        ("/{yes}/{none}/{missing}/{price}", "/true///1.5"),
        ("/plain", "/plain"),
        ("{id}{id}", "77"),
        ("/~{id}-_.", "/~7-_."),
    ],
)
def test_expansion(template: str, expected: str) -> None:
    assert expand_uri_template(template, DATA) == expected


@pytest.mark.parametrize("name", ["list", "map"])
def test_other_values_are_errors(name: str) -> None:
    with pytest.raises(ExpressionError, match=name):
        expand_uri_template("/{" + name + "}", DATA)


@pytest.mark.parametrize("data", [None, [1], "text", 5])
def test_data_without_properties_gives_nothing(data: Any) -> None:
    assert expand_uri_template("/{id}", data) == "/"
