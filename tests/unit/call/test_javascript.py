"""Where a JavaScript script returns, without a JavaScript parser."""

from __future__ import annotations

import pytest

from headrace.call.script import returns_at_top


@pytest.mark.parametrize(
    "code",
    ["return", "return 5", "const a = {b: 1}; return a", "if (a) { return 1 }", "if (a) return 1\nf()",
     "function f() { return 1 }\nreturn f()", "// {\nreturn 1", "const t = '{'; return t"],
)  # fmt: skip
def test_it_does(code):
    assert returns_at_top(code)


@pytest.mark.parametrize(
    "code",
    ["", "f()", "function f() { return 1 }", "const f = () => { return 1 }", "// return", "/* return 1 */",
     "'return'", '"\\" return"', "`return`", "a.return()", "returned = 5", "$return()"],
)  # fmt: skip
def test_it_does_not(code):
    assert not returns_at_top(code)
