"""Host policy: which addresses pass."""

from __future__ import annotations

import pytest

from headrace.call import CallError, HostPolicy

LOOPBACK = [
    "127.0.0.1",
    "127.8.9.1",
    "::1",
    "0.0.0.0",
    "0.1.2.3",
    "::",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
]
METADATA = [
    "169.254.169.254",
    "fe80::1",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "100.100.100.200",
    "2002:a9fe:a9fe::",
]
PRIVATE = ["10.1.2.3", "192.168.1.1", "172.16.0.1", "fd12::1"]
PUBLIC = ["93.184.216.34", "2606:4700::1111"]


def passes(policy: HostPolicy, address: str, host: str = "some.test") -> bool:
    try:
        policy.check_address(host, address)
    except CallError as error:
        assert error.error.status == 403
        assert not error.retryable
        assert host in error.error.detail
        assert address not in error.error.detail
        return False
    return True


def test_a_server_refuses_loopback_and_metadata():
    policy = HostPolicy()
    assert not any(passes(policy, address) for address in LOOPBACK + METADATA)
    assert all(passes(policy, address) for address in PRIVATE + PUBLIC)
    assert not policy.unrestricted


def test_locally_everything_passes():
    assert all(passes(HostPolicy.local(), address) for address in LOOPBACK + METADATA + PRIVATE + PUBLIC)
    assert HostPolicy.local().unrestricted


def test_private_networks_can_be_refused():
    policy = HostPolicy(private=False)
    assert not any(passes(policy, address) for address in PRIVATE)
    assert all(passes(policy, address) for address in PUBLIC)


@pytest.mark.parametrize(
    "allow", ["127.0.0.1", "127.0.0.0/8", "api.shop.test", "*.shop.test", "API.shop.test"]
)
def test_allow_lifts_the_built_in_refusals(allow):
    assert passes(HostPolicy(allow=(allow,)), "127.0.0.1", "api.shop.test")
    assert not passes(HostPolicy(allow=("other.test", "10.0.0.0/8")), "127.0.0.1", "api.shop.test")


@pytest.mark.parametrize("deny", ["10.0.0.0/8", "10.1.2.3", "*.shop.test", "api.shop.test"])
def test_deny_wins(deny):
    policy = HostPolicy(loopback=True, link_local=True, allow=("10.1.2.3", "api.shop.test"), deny=(deny,))
    assert not passes(policy, "10.1.2.3", "api.shop.test.")
    assert not policy.unrestricted


def test_only_what_is_allowed():
    policy = HostPolicy(allow=("api.shop.test",), only_allowed=True)
    assert passes(policy, "93.184.216.34", "api.shop.test")
    assert not passes(policy, "93.184.216.34", "evil.test")


async def test_a_name_with_several_addresses_keeps_those_that_pass(monkeypatch):
    async def resolve(host, port):
        return ["::1", "93.184.216.34", "127.0.0.1"]

    monkeypatch.setattr("headrace.call.policy._look_up", resolve)
    assert await HostPolicy().addresses("mixed.test", 80) == ["93.184.216.34"]


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 70 + ".test", "\u00fc..test"])
async def test_a_name_that_does_not_resolve_is_retryable(host):
    with pytest.raises(CallError) as raised:
        await HostPolicy().addresses(host, 80)
    assert (raised.value.error.status, raised.value.retryable) == (503, True)
