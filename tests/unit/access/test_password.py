"""Passwords: real argon2, cheap parameters."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest
from argon2 import PasswordHasher, extract_parameters

from headrace.access.failure import Refused
from headrace.access.password import THREADS, WAITING_MAX, Passwords, check_password

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
GOOD = "correct horse battery"


@pytest.fixture
async def passwords() -> AsyncIterator[Passwords]:
    made = Passwords(CHEAP)
    yield made
    made.close()


async def test_verifies_what_it_hashed(passwords: Passwords) -> None:
    kept = await passwords.hash(GOOD)
    assert kept.startswith("$argon2id$")
    assert GOOD not in kept
    assert await passwords.verify(kept, GOOD)
    assert not await passwords.verify(kept, GOOD + " ")
    assert not await passwords.verify(kept, "")
    assert not await passwords.verify(kept, GOOD * 100)


async def test_the_same_characters_in_other_code_points_are_the_same_password(passwords: Passwords) -> None:
    kept = await passwords.hash("Zürich am schönen See")
    assert await passwords.verify(kept, "Zu\u0308rich am scho\u0308nen See")


async def test_nobody_has_a_password_whatever_it_is(passwords: Passwords) -> None:
    for password in (GOOD, "", "x" * 1000):
        assert not await passwords.verify(None, password)


async def test_nobody_takes_the_work_of_somebody(passwords: Passwords) -> None:
    # The same parameters are the same work: argon2's time depends on nothing else.
    kept = await passwords.hash(GOOD)
    assert extract_parameters(passwords._nobody) == extract_parameters(kept)


async def test_what_is_no_hash_verifies_nothing(passwords: Passwords) -> None:
    assert not await passwords.verify("", GOOD)
    assert not await passwords.verify("plain", "plain")


async def test_weaker_hashes_are_outdated(passwords: Passwords) -> None:
    kept = await passwords.hash(GOOD)
    assert not passwords.outdated(kept)
    harder = Passwords(PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    assert harder.outdated(kept)
    harder.close()


async def test_only_so_many_at_a_time() -> None:
    gate = threading.Event()

    class Slow(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            gate.wait()
            return True

    passwords = Passwords(Slow(time_cost=1, memory_cost=64, parallelism=1))
    tasks = [asyncio.ensure_future(passwords.verify("hash", GOOD)) for _ in range(THREADS + WAITING_MAX)]
    await asyncio.sleep(0)
    with pytest.raises(Refused) as refused:
        await passwords.verify("hash", GOOD)
    assert refused.value.status == 503
    assert int(refused.value.headers["retry-after"]) > 0
    # Who goes away does not make room before the work is done.
    tasks[0].cancel()
    await asyncio.sleep(0)
    with pytest.raises(Refused):
        await passwords.verify("hash", GOOD)
    gate.set()
    assert await asyncio.gather(*tasks[1:]) == [True] * (len(tasks) - 1)
    assert await passwords.verify("hash", GOOD)
    passwords.close()


@pytest.mark.parametrize(
    "password",
    ["", "short", "x" * 257, "aaaaaaaaaaaaaaaa", "ababababababab", "ada.lovelace12", "ADA.LOVELACE!"],
)
def test_easy_passwords_are_refused_without_repeating_them(password: str) -> None:
    with pytest.raises(Refused) as refused:
        check_password(password, "ada.lovelace")
    assert refused.value.pointer == "/password"
    assert not password or password not in str(refused.value)


def test_long_ones_are_good() -> None:
    check_password(GOOD, "ada")
    check_password("ada has a long enough password", "ada")
