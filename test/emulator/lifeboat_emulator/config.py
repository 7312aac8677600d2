"""What `POST /_emulator/config` sets."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from . import clock
from .errors import GateError

DEFAULTS: dict[str, Any] = {
    # Rate of one snapshot copy, in MiB per second of the emulator's clock.
    "copyMiBps": 1024,
    # Copies at once per account and destination region: 20 is AWS's own limit.
    "copyLimit": 20,
    # How long a snapshot of a volume stays pending, in seconds of the emulator's clock.
    "snapshotSeconds": 0,
    # How long a change of a CloudFront distribution takes to be deployed, in seconds of the emulator's clock.
    "distributionSeconds": 0,
    # How long S3 Replication takes for a version, in seconds of the emulator's clock.
    "replicationSeconds": 0,
    # How long a NAT gateway takes to be made, and to be deleted, in seconds of the emulator's clock.
    "natGatewaySeconds": 1,
    # How long an image is pending, in seconds of the emulator's clock.
    "imageSeconds": 0,
    # How long the status checks of a machine are initializing after its launch, in seconds of the emulator's clock.
    "statusSeconds": 0,
    # Whether images that are registered now fail.
    "failImages": False,
    # Instance types of which there is no capacity left.
    "noCapacity": [],
    # What becomes of machines by their private addresses: `dies` at launch, or `impaired` once it runs.
    "launches": {},
    # When the ports of machines open, by private address and port, in seconds of the emulator's clock after the launch. Any other is refused.
    "ports": {},
    # How long a function of Lambda is pending, in seconds of the emulator's clock.
    "functionSeconds": 1,
    # How long a function's interface stays once the function is gone, in seconds of the emulator's clock. AWS says: up to 20 minutes.
    "functionInterfaceSeconds": 1200,
    # Whether the emulator's clock goes with the real one. Without, only `advance` moves it: no machine is too slow then.
    "clockRuns": True,
    # Added to every call, in milliseconds of real time.
    "latencyMs": 0,
    # Whether policies are evaluated for users and roles. The accounts' root keys are always allowed.
    "enforceIam": False,
    # Whether an image that is registered of a snapshot of a Windows, RHEL or SUSE machine bills as that did. AWS has done both.
    "imagesKeepBilling": False,
    # Service quotas that differ from AWS's defaults: by code for every account, or by account and code.
    "quotas": {},
    # IPv6 pools that an account has in a region: {"<account>/<region>": {"ipam-pool-…" or "ipv6pool-ec2-…": "<range>"}}.
    "ipv6Pools": {},
}

_settings: dict[str, Any] = dict(DEFAULTS)


def get(name: str) -> Any:
    return _settings[name]


def all_settings() -> dict[str, Any]:
    return dict(_settings)


def update(changes: Any) -> dict[str, Any]:
    """Checks and applies changes; all of them or, when one is wrong, none."""
    if not isinstance(changes, dict):
        raise GateError("ValidationError", "config: expected a JSON object, such as {\"copyMiBps\": 512}")
    for name, value in changes.items():
        if name not in DEFAULTS:
            raise GateError("ValidationError", f"config: unknown setting '{name}'; known: {', '.join(sorted(DEFAULTS))}")
        if name in ("enforceIam", "clockRuns", "failImages", "imagesKeepBilling"):
            ok, expected = isinstance(value, bool), "true or false"
        elif name == "copyLimit":
            ok, expected = isinstance(value, int) and not isinstance(value, bool) and value >= 1, "a whole number from 1"
        elif name == "quotas":
            ok, expected = _are_quotas(value), 'whole numbers by quota code, such as {"L-F678F1CE": 20}, or those by account'
        elif name == "ipv6Pools":
            ok, expected = _are_pools(value), 'ranges by pool by place, such as {"111111111111/eu-west-1": {"ipam-pool-1": "2001:db8::/40"}}'
        elif name == "noCapacity":
            ok, expected = isinstance(value, list) and all(isinstance(kind, str) for kind in value), 'instance types, such as ["m5.large"]'
        elif name == "ports":
            ok, expected = _are_ports(value), 'seconds after the launch by port by private address, such as {"10.0.0.10": {"5432": 12}}'
        elif name == "launches":
            ok = isinstance(value, dict) and all(fate in ("dies", "impaired") for fate in value.values())
            expected = 'dies or impaired by private address, such as {"10.0.0.10": "dies"}'
        else:
            low = 1e-6 if name == "copyMiBps" else 0
            ok = isinstance(value, (int, float)) and not isinstance(value, bool) and value >= low
            expected = "a number of 0 or more" if low == 0 else "a number above 0"
        if not ok:
            raise GateError("ValidationError", f"config: '{name}' is {value!r}; expected {expected}")
    _settings.update(changes)
    if "clockRuns" in changes:
        clock.run(changes["clockRuns"])
    return all_settings()


def _are_pools(value: Any) -> bool:
    return isinstance(value, dict) and all(
        re.fullmatch(r"\d{12}/[a-z0-9-]+", place) is not None
        and isinstance(pools, dict)
        and all(re.fullmatch(r"(ipam-pool|ipv6pool-ec2)-[0-9a-f]+", pool) is not None and _is_ipv6(text) for pool, text in pools.items())
        for place, pools in value.items()
    )


def _are_ports(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(ports, dict)
        and all(re.fullmatch(r"[1-9]\d{0,4}", port) and isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and seconds >= 0 for port, seconds in ports.items())
        for ports in value.values()
    )


def _is_ipv6(text: Any) -> bool:
    try:
        return isinstance(text, str) and ipaddress.ip_network(text).version == 6
    except ValueError:
        return False


def _are_quotas(value: Any, nested: bool = True) -> bool:
    if not isinstance(value, dict):
        return False
    return all(
        isinstance(item, int) and not isinstance(item, bool) and item >= 0 and re.fullmatch(r"L-[0-9A-F]{8}|prefix-lists|launch-templates|cloud(front|watch)-[a-z-]+", key) is not None
        or (nested and re.fullmatch(r"\d{12}", key) is not None and _are_quotas(item, False))
        for key, item in value.items()
    )
