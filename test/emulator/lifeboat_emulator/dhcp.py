"""DHCP options: sets, the region's own default set, and which a VPC has.

Every account has in every region a set that AWS made, and each new VPC has it; `default` as an id means none at all.
Hooks: the DHCP calls of `EC2Response`; `DHCPOptionsSetBackend.describe_dhcp_options`.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from moto.ec2.models.dhcp_options import DHCPOptionsSet
from moto.ec2.responses import EC2Response

from .answers import Answer, Views
from .errors import ec2_error, invalid_value, missing
from .find import chosen, filtered, one, tag_list
from .patching import replaces

_KEYS = ("domain-name", "domain-name-servers", "ntp-servers", "netbios-name-servers", "netbios-node-type", "ipv6-address-preferred-lease-time")
_NOT_FOUND = "InvalidDhcpOptionID.NotFound"


def _sets(backend: Any) -> dict[str, Any]:
    """All sets of the region; the first time with AWS's own."""
    if "default_dhcp_options" not in backend.__dict__:
        suffix = "ec2.internal" if backend.region_name == "us-east-1" else f"{backend.region_name}.compute.internal"
        made = DHCPOptionsSet(backend)
        made._options = {"domain-name": [suffix], "domain-name-servers": ["AmazonProvidedDNS"]}
        backend.default_dhcp_options = made.id
        backend.dhcp_options_sets = {made.id: made, **backend.dhcp_options_sets}
    return backend.dhcp_options_sets


def options_of(vpc: Any) -> str:
    """The id of the VPC's set, or `default` for none."""
    known = _sets(vpc.ec2_backend)
    wanted = vpc.dhcp_chosen or vpc.ec2_backend.default_dhcp_options
    return wanted if wanted in known else "default"


def _view(options: Any) -> dict[str, Any]:
    configurations = [{"Key": key, "Values": [{"Value": value} for value in values]} for key, values in options._options.items()]
    return {"DhcpOptionsId": options.id, "OwnerId": options.ec2_backend.account_id, "DhcpConfigurations": configurations, "Tags": tag_list(options)}


@replaces(EC2Response)
def create_dhcp_options(self: Any) -> Answer:
    given = self._get_param("DhcpConfigurations") or []
    if not given:
        raise missing("dhcpConfigurationSet")
    options: dict[str, list[str]] = {}
    for item in given:
        key, values = item.get("Key") or "", [str(value) for value in item.get("Values") or []]
        _check(key, values)
        options[key] = values
    tags = self._parse_tag_specification("dhcp-options").get("dhcp-options", {})
    self.error_on_dryrun()
    made = DHCPOptionsSet(self.ec2_backend)
    made._options = options  # type: ignore[assignment]
    _sets(self.ec2_backend)[made.id] = made
    self.ec2_backend.tags[made.id].update(tags)
    return Answer({"DhcpOptions": _view(made)})


def _check(key: str, values: list[str]) -> None:
    if key not in _KEYS or not values:
        raise invalid_value(f"Value ({','.join(values)}) for parameter {key} is invalid. Unknown DHCP option, or no value.")
    wrong = False
    if key in ("domain-name-servers", "ntp-servers", "netbios-name-servers"):
        wrong = len(values) > 4 or not all(_is_address(value) or (key == "domain-name-servers" and value == "AmazonProvidedDNS") for value in values)
    elif key == "netbios-node-type":
        wrong = values not in (["1"], ["2"], ["4"], ["8"])
    elif key == "ipv6-address-preferred-lease-time":
        # In seconds, 140 to 2147483647.
        wrong = len(values) != 1 or not values[0].isdigit() or not 140 <= int(values[0]) <= 2147483647
    if wrong:
        raise invalid_value(f"Value ({','.join(values)}) for parameter {key} is invalid.")


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


@replaces(EC2Response)
def associate_dhcp_options(self: Any) -> Answer:
    vpc, wanted = self.ec2_backend.get_vpc(self._get_param("VpcId") or ""), self._get_param("DhcpOptionsId")
    if wanted != "default":
        one(_sets(self.ec2_backend), wanted, _NOT_FOUND, "dhcpOption")
    self.error_on_dryrun()
    vpc.dhcp_chosen = wanted
    return Answer()


@replaces(EC2Response)
def delete_dhcp_options(self: Any) -> Answer:
    """Not while a VPC has it."""
    backend = self.ec2_backend
    options = one(_sets(backend), self._get_param("DhcpOptionsId"), "InvalidDhcpOptionsID.NotFound", "dhcpOptions")
    if any(options_of(vpc) == options.id for vpc in backend.vpcs.values()):
        raise ec2_error("DependencyViolation", f"The dhcpOptions '{options.id}' has dependencies and cannot be deleted.")
    self.error_on_dryrun()
    backend.dhcp_options_sets.pop(options.id)
    backend.tags.pop(options.id, None)
    return Answer({"Return": True})


def _values(options: Any, name: str) -> list[Any] | None:
    return {
        "dhcp-options-id": [options.id],
        "owner-id": [options.ec2_backend.account_id],
        "key": list(options._options),
        "value": [value for values in options._options.values() for value in values],
    }.get(name)


@replaces(EC2Response)
def describe_dhcp_options(self: Any) -> Answer:
    self.error_on_dryrun()
    found = chosen(_sets(self.ec2_backend), self._get_param("DhcpOptionsIds"), _NOT_FOUND, "dhcpOption")
    return Answer({"DhcpOptions": Views(filtered(found, self._filters_from_querystring(), _values), _view)})
