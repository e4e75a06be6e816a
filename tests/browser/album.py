"""A flow with a batch that waits while a file is there, a function that does not start, and triggers."""

from __future__ import annotations

ALBUM = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: album}
spec:
  version: 1.0.0
  triggers:
    - name: pictures
      http: {path: /pictures}
    - name: nightly
      cron: {schedule: "0 3 * * *", timezone: Asia/Shanghai, input: {count: 1}}
  functions:
    resize: {source: cmd/resize}
    broken: {source: cmd/broken, retries: 0}
  steps:
    - which:
        switch:
          - broken: {when: .broken == true, then: break}
          - all: {then: all}
    - all:
        call: batch
        with:
          items: "${ [range(.count)] }"
          function: resize
          concurrency: 4
          collect: {as: none}
        then: end
    - break: {call: broken}
"""

RESIZE = """\
import time
from pathlib import Path

from headrace.function import function

HOLD = Path(__file__).parents[2] / "hold"


@function
def resize(number: int) -> int:
    while number >= 20 and HOLD.exists():
        time.sleep(0.02)
    print(f"resized {number}")
    return number * 2
"""

BROKEN = """\
import a_module_that_nobody_wrote
"""

PROJECTS = {
    "album": {
        "config/flowapp.yaml": ALBUM,
        "cmd/resize/main.py": RESIZE,
        "cmd/broken/main.py": BROKEN,
        "hold": "",
    }
}
HOLD = "projects/album/hold"
