"""Templates: what they can do, and that a hostile one can do nothing."""

from __future__ import annotations

import pytest

from headrace.spec.template import OUTPUT_CHARACTERS_MAX, TemplateError, compile_template

EVENTS = [{"execution": f"x{number}", "title": 'no "credit"'} for number in range(100)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ name }} has {{ events | length }}", "orders has 100"),
        ("{% for each in events[:3] %}{{ each.execution | upper }}{{ ',' if not loop.last }}{% endfor %}",
         "X0,X1,X2"),
        ("{{ events[0].title | tojson }}", '"no \\"credit\\""'),
        ("{{ missing | default('none') }}{{ ' and more' if name == 'orders' else '' }}", "none and more"),
        ("{{ 2.345 | round(1) }} {{ name ~ '!' | trim }} {{ name | truncate(3) }}", "2.3 orders! ord [...]"),
        ("{{ events[:2] | join('-') | length > 5 }}", "True"),
    ],
)  # fmt: skip
def test_a_template_is_rendered(text: str, expected: str) -> None:
    assert compile_template(text).render({"name": "orders", "events": EVENTS}) == expected


@pytest.mark.parametrize(
    "text",
    [
        "{{ name.upper() }}",
        "{{ range(9) }}",
        "{{ name * 9 }}",
        "{{ 9 ** 9 }}",
        "{{ '%s' % name }}",
        "{% set a = name %}",
        "{% macro a() %}{% endmacro %}",
        "{% include 'a' %}",
        "{% import 'a' as a %}",
        "{% extends 'a' %}",
        "{% block a %}{% endblock %}",
        "{% call a() %}{% endcall %}",
        "{% filter upper %}a{% endfilter %}",
        "{% for a in events recursive %}{{ a }}{% endfor %}",
        "{{ name | attr('x') }}",
        "{{ name | center(9) }}",
        "{{ name | format }}",
        "{{ name | list }}",
        "{{ name is callable }}",
        "{{ counted }}{{ events | counted }}",
        "{{ name",
        "x" * 20_000,
        "{{ " + "(" * 500 + "1" + ")" * 500 + " }}",
        "{{ " + "not " * 500 + "1 }}",
    ],
)
def test_what_is_not_in_the_language_is_refused(text: str) -> None:
    with pytest.raises(TemplateError):
        compile_template(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ missing }}",
        "{{ name.__class__ }}",
        "{{ name['__class__'] }}",
        "{{ events.append }}{{ events.__init__.__globals__ }}",
        "{{ name + 1 }}",
        "{{ events[1000].x }}",
        "{% for a in events %}{% for b in events %}{% for c in events %}.{% endfor %}{% endfor %}"
        "{% endfor %}",
        "{{ '\"'" + " | tojson" * 60 + " }}",
        "{{ long | join(long) }}",
        "{% for a in events %}{{ long }}{% endfor %}",
    ],
)
def test_what_fails_while_rendering_says_so_and_ends(text: str) -> None:
    with pytest.raises(TemplateError):
        compile_template(text).render({"name": "orders", "events": EVENTS, "long": "x" * 10_000})


def test_what_it_may_give_is_bounded() -> None:
    exactly = "x" * OUTPUT_CHARACTERS_MAX
    assert compile_template("{{ a }}").render({"a": exactly}) == exactly
    with pytest.raises(TemplateError):
        compile_template("{{ a }}.").render({"a": exactly})


def test_a_secret_does_not_appear_in_an_error() -> None:
    with pytest.raises(TemplateError) as caught:
        compile_template("{{ secrets.a | int + secrets.b }}").render({"secrets": {"a": 1, "b": "canary"}})
    assert "canary" not in str(caught.value)
