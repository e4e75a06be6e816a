"""Changes of files."""

from __future__ import annotations

from pathlib import Path

from headrace.function.watch import snapshot


def test_code_counts_and_what_tools_write_does_not(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "a.py").write_text("1")
    before = snapshot(tmp_path)
    assert list(before) == [str(tmp_path / "lib" / "a.py")]
    for ignored in ("node_modules/x.js", "__pycache__/a.pyc", ".git/HEAD", "main.py~"):
        path = tmp_path / ignored
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    assert snapshot(tmp_path) == before
    (tmp_path / "lib" / "a.py").write_text("22")
    assert snapshot(tmp_path) != before


def test_a_folder_that_is_gone_is_empty(tmp_path: Path) -> None:
    assert snapshot(tmp_path / "gone") == {}
