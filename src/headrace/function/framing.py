"""How the lines that a function prints are attributed to the invocation that printed them.

The convention, for every language: a line on stdout or stderr that is a JSON object whose first member is
`headrace` belongs to the invocation named there::

    {"headrace":{"invocation":"<ce-id>","stream":"stdout"},"message":"charged 12.50"}

* `headrace.invocation` is the `ce-id` of the request; `""` means: the function, not one invocation.
* `headrace.stream` is `stdout` or `stderr`; when absent it is the stream that the line came on.
* `message` is the text, one line. Other members are ignored.
* The line starts with `{"headrace":` (no space before it) and is at most `LINE_BYTES_MAX` bytes long.
* One line is one write: write it whole, so that lines of concurrent invocations do not mix.

Any other line is plain text: it belongs to the running invocation when exactly one is in flight at that
function, else to the function alone. The Python SDK writes frames by itself; in Node.js, for instance::

    const log = (invocation, message) =>
      console.log(JSON.stringify({ headrace: { invocation, stream: "stdout" }, message }));
"""

from __future__ import annotations

import json
from typing import NamedTuple

import orjson

FRAME_START = b'{"headrace":'
# Longest line that the host keeps whole, in bytes without the newline.
LINE_BYTES_MAX = 131_072
# Longest message that `write_frames` puts in one frame: escaped six-fold it still fits a line.
MESSAGE_CHARACTERS_MAX = 16_384


class Frame(NamedTuple):
    """One attributed line; `stream` is `""` when the frame does not name it."""

    invocation_id: str
    stream: str
    message: str


def write_frames(invocation_id: str, stream: str, message: str) -> bytes:
    """Encode one line as a frame with its newline; a message over the limit becomes several frames."""
    if len(message) <= MESSAGE_CHARACTERS_MAX:
        return _frame(invocation_id, stream, message)
    return b"".join(
        _frame(invocation_id, stream, message[start : start + MESSAGE_CHARACTERS_MAX])
        for start in range(0, len(message), MESSAGE_CHARACTERS_MAX)
    )


def _frame(invocation_id: str, stream: str, message: str) -> bytes:
    frame = {"headrace": {"invocation": invocation_id, "stream": stream}, "message": message}
    try:
        return orjson.dumps(frame, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # lone surrogates, which a str may hold and UTF-8 may not
        return json.dumps(frame, separators=(",", ":")).encode() + b"\n"


def read_frame(line: bytes) -> Frame | None:
    """Decode a line; `None` for plain text, and for what starts like a frame and is none."""
    if not line.startswith(FRAME_START):
        return None
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        try:
            value = json.loads(line)  # accepts the lone surrogates that orjson refuses
        except ValueError:
            return None
    head = value.get("headrace")
    message = value.get("message")
    if not isinstance(head, dict) or not isinstance(message, str):
        return None
    invocation_id = head.get("invocation", "")
    stream = head.get("stream", "")
    if not isinstance(invocation_id, str) or stream not in ("", "stdout", "stderr"):
        return None
    return Frame(invocation_id, stream, message.encode("utf-8", "replace").decode())
