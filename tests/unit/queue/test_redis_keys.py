"""Names of keys on Redis: one hash slot per queue, and nothing shared between queues."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from headrace.queue.port import QueueError
from headrace.queue.redis import script
from headrace.queue.redis.keys import QueueKeys, slot

NAMES = ["job", "a", "{a}", "x{a}y", "{a}b", "}{", "{}", "{}{a}", "a}b", "a{b", "a:b", "队列/ключ", "{a}(b)"]


def keys_of(name: str) -> list[bytes]:
    keys = QueueKeys(name)
    return [*keys.all(keys.answer("client", 1)), keys.dedupe("{other}"), keys.dedupe("")]


def test_slots_are_those_of_the_servers() -> None:
    # CLUSTER KEYSLOT of a server.
    assert slot(b"123456789") == 0x31C3
    assert slot(b"{user1000}.following") == slot(b"user1000") == slot(b"{user1000}.followers")
    assert slot(b"foo{}{bar}") == 8363
    assert slot(b"foo{{bar}}zap") == slot(b"{bar")
    assert slot(b"") == 0


@pytest.mark.parametrize("name", NAMES)
def test_all_keys_of_a_queue_are_in_one_slot(name: str) -> None:
    assert len({slot(key) for key in keys_of(name)}) == 1


@pytest.mark.parametrize("name", ["job", "{a}", "x{a}y", "a{b", "队列/ключ"])
def test_the_plain_list_has_the_name_of_the_queue(name: str) -> None:
    assert QueueKeys(name).plain == name.encode()


def test_no_two_queues_share_a_key() -> None:
    for one, other in combinations(NAMES, 2):
        assert not {*keys_of(one)} & {*keys_of(other)}


def test_a_key_is_no_name() -> None:
    for name in NAMES:
        for key in keys_of(name):
            if key != name.encode() and b":plain" not in key:
                with pytest.raises(QueueError, match="Choose another name"):
                    QueueKeys(key.decode())


@pytest.mark.parametrize(
    "one",
    [value for value in vars(script).values() if isinstance(value, script.Script)],
    ids=lambda s: s.name,
)
def test_scripts_use_declared_keys_only(one: script.Script) -> None:
    """A key that a script would put together, or write out, is none that the caller declared."""
    code = re.sub(r"--[^\n]*", "", one.source.decode())
    for key in re.findall(r"\bp?call\('[A-Z]+',\s*([^,)]+)", code):
        assert re.fullmatch(r"[A-Z]+|key|KEYS\[.+|unpack\(KEYS|what == .+", key.strip()), key
