"""Network ACLs: entries that are kept as they are given, the defaults that are always there, and associations.

Hooks: `NetworkAclBackend.add_default_entries`, the ACL calls of `EC2Response`.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.network_acls import NetworkAclAssociation, NetworkAclBackend, NetworkAclEntry
from moto.ec2.responses import EC2Response
from moto.ec2.utils import random_network_acl_subnet_association_id

from . import quotas
from .answers import Answer, Views
from .errors import ec2_error, invalid_value, missing
from .find import chosen, filtered, one, tag_list
from .networks import ipv4, ipv6
from .patching import replaces

_NOT_FOUND = "InvalidNetworkAclID.NotFound"
_NUMBERS = {"all": "-1", "tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58"}
# The last rule of each family, which nobody can change: whatever no other rule speaks of is refused.
LAST, LAST_IPV6 = 32767, 32768
_NO_ENTRY = "InvalidNetworkAclEntry.NotFound"


@replaces(NetworkAclBackend)
def add_default_entries(self: Any, network_acl_id: str) -> None:
    """What a VPC's own ACL lets through at first. The last rules are never kept, but always seen."""
    acl = self.network_acls[network_acl_id]
    for egress in (True, False):
        acl.network_acl_entries.append(_entry(acl, 100, "-1", "allow", egress, "0.0.0.0/0", None))


def allow_ipv6(backend: Any, vpc_id: str) -> None:
    """With a VPC's first IPv6 range its own ACL gets rule 101 in each direction, unless that number is taken."""
    for acl in backend.network_acls.values():
        if acl.vpc_id == vpc_id and acl.default:
            for egress in (True, False):
                if _find(acl, 101, egress) is None and _find(acl, 100, egress) is not None:
                    acl.network_acl_entries.append(_entry(acl, 101, "-1", "allow", egress, None, "::/0"))


def _entry(acl: Any, number: int, protocol: str, action: str, egress: bool, four: str | None, six: str | None) -> Any:
    empty: dict[str, Any] = {"icmp_code": None, "icmp_type": None, "port_range_from": None, "port_range_to": None}
    return NetworkAclEntry(acl.ec2_backend, acl.id, number, protocol, action, egress, four, ipv6_cidr_block=six, **empty)  # type: ignore[arg-type]


def _find(acl: Any, number: int, egress: bool) -> Any:
    return next((entry for entry in acl.network_acl_entries if entry.rule_number == number and entry.egress == egress), None)


def _entry_view(entry: Any) -> dict[str, Any]:
    return {
        "CidrBlock": entry.cidr_block,
        "Ipv6CidrBlock": entry.ipv6_cidr_block,
        "Egress": entry.egress,
        "IcmpTypeCode": entry.icmp_type_code,
        "PortRange": entry.port_range,
        "Protocol": entry.protocol,
        "RuleAction": entry.rule_action,
        "RuleNumber": entry.rule_number,
    }


def _entries(acl: Any) -> list[dict[str, Any]]:
    """In AWS's order: outbound first, by number, the last rules last."""
    from .vpcs import associations

    six = bool(associations(acl.ec2_backend.vpcs[acl.vpc_id], 6))
    found: list[dict[str, Any]] = []
    for egress in (True, False):
        found += sorted((_entry_view(entry) for entry in acl.network_acl_entries if entry.egress == egress), key=lambda entry: entry["RuleNumber"])
        last = {"Egress": egress, "Protocol": "-1", "RuleAction": "deny"}
        found.append({**last, "CidrBlock": "0.0.0.0/0", "RuleNumber": LAST})
        if six:
            found.append({**last, "Ipv6CidrBlock": "::/0", "RuleNumber": LAST_IPV6})
    return found


def _view(acl: Any) -> dict[str, Any]:
    associated = [{"NetworkAclAssociationId": key, "NetworkAclId": acl.id, "SubnetId": item.subnet_id} for key, item in acl._associations.items()]
    return {
        "NetworkAclId": acl.id,
        "VpcId": acl.vpc_id,
        "OwnerId": acl.owner_id,
        "IsDefault": acl.default,
        "Associations": associated,
        "Entries": _entries(acl),
        "Tags": tag_list(acl),
    }


@replaces(EC2Response)
def create_network_acl(self: Any) -> Answer:
    backend = self.ec2_backend
    vpc = backend.get_vpc(self._get_param("VpcId") or "")
    tags = self._parse_tag_specification("network-acl").get("network-acl", {})
    present = sum(1 for acl in backend.network_acls.values() if acl.vpc_id == vpc.id)
    quotas.check(backend, quotas.ACLS, present + 1, "NetworkAclLimitExceeded")
    self.error_on_dryrun()
    acl = backend.create_network_acl(vpc.id)
    backend.tags[acl.id].update(tags)
    return Answer({"NetworkAcl": _view(acl)})


@replaces(EC2Response)
def delete_network_acl(self: Any) -> Answer:
    """Neither the VPC's own nor one that subnets have."""
    backend = self.ec2_backend
    acl = one(backend.network_acls, self._get_param("NetworkAclId"), _NOT_FOUND, "networkAcl")
    if acl.default:
        raise invalid_value(f"cannot delete default network ACL {acl.id}")
    if acl._associations:
        raise ec2_error("DependencyViolation", f"The network ACL '{acl.id}' has dependencies and cannot be deleted.")
    self.error_on_dryrun()
    backend.network_acls.pop(acl.id)
    backend.tags.pop(acl.id, None)
    return Answer()


def _requested(self: Any, acl: Any) -> Any:
    """The entry that a request describes, checked: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html"""
    number, egress = int(self._get_param("RuleNumber") or 0), _egress(self)
    if not 1 <= number < LAST:
        raise invalid_value(f"Value ({number}) for parameter ruleNumber is invalid. Rule numbers are from 1 to 32766.")
    action = self._get_param("RuleAction")
    if action not in ("allow", "deny"):
        raise invalid_value(f"Value ({action}) for parameter ruleAction is invalid; expected allow or deny.")
    protocol = str(self._get_param("Protocol") or "").lower()
    protocol = _NUMBERS.get(protocol, protocol)
    if protocol != "-1" and not (protocol.isdigit() and int(protocol) <= 255):
        raise invalid_value(f"Invalid value '{protocol}' for IP protocol. Unknown protocol.")
    four, six = self._get_param("CidrBlock"), self._get_param("Ipv6CidrBlock")
    if bool(four) == bool(six):
        raise missing("exactly one of: cidrBlock, ipv6CidrBlock")
    entry = _entry(acl, number, protocol, action, egress, str(ipv4(four)) if four else None, str(ipv6(six)) if six else None)
    if protocol in ("6", "17"):
        low, high = self._get_param("PortRange.From"), self._get_param("PortRange.To")
        if low is None or high is None:
            raise missing("portRange")
        if not 0 <= int(low) <= int(high) <= 65535:
            raise invalid_value(f"Invalid TCP/UDP port range ({low}:{high})")
        entry.port_range_from, entry.port_range_to = int(low), int(high)
    if protocol == "1" or (protocol == "58" and six):
        # The member's name on the wire is Icmp; what the parser calls it depends on botocore's model.
        icmp = self._get_param("IcmpTypeCode") or self._get_param("Icmp") or {}
        if icmp.get("Type") is None or icmp.get("Code") is None:
            raise missing("icmpTypeCode")
        entry.icmp_type, entry.icmp_code = int(icmp["Type"]), int(icmp["Code"])
        if not -1 <= entry.icmp_type <= 255 or not -1 <= entry.icmp_code <= 255:
            raise invalid_value(f"Invalid ICMP type or code ({entry.icmp_type}, {entry.icmp_code})")
    return entry


def _egress(self: Any) -> bool:
    given = self._get_param("Egress")
    if given is None:
        raise missing("egress")
    return given is True or str(given).lower() == "true"


@replaces(EC2Response)
def create_network_acl_entry(self: Any) -> Answer:
    acl = one(self.ec2_backend.network_acls, self._get_param("NetworkAclId"), _NOT_FOUND, "networkAcl")
    entry = _requested(self, acl)
    if _find(acl, entry.rule_number, entry.egress) is not None:
        raise ec2_error("NetworkAclEntryAlreadyExists", f"The network acl entry identified by {entry.rule_number} already exists.")
    six = entry.ipv6_cidr_block is not None
    same = sum(1 for other in acl.network_acl_entries if other.egress == entry.egress and (other.ipv6_cidr_block is not None) == six)
    # For each direction and family; the last rule counts too.
    quotas.check(self.ec2_backend, quotas.ACL_RULES, same + 2, "NetworkAclEntryLimitExceeded", "The maximum number of network ACL entries has been reached.")
    self.error_on_dryrun()
    acl.network_acl_entries.append(entry)
    return Answer()


@replaces(EC2Response)
def replace_network_acl_entry(self: Any) -> Answer:
    acl = one(self.ec2_backend.network_acls, self._get_param("NetworkAclId"), _NOT_FOUND, "networkAcl")
    entry = _requested(self, acl)
    old = _existing(acl, entry.rule_number, entry.egress)
    self.error_on_dryrun()
    acl.network_acl_entries[acl.network_acl_entries.index(old)] = entry
    return Answer()


@replaces(EC2Response)
def delete_network_acl_entry(self: Any) -> Answer:
    acl = one(self.ec2_backend.network_acls, self._get_param("NetworkAclId"), _NOT_FOUND, "networkAcl")
    number = int(self._get_param("RuleNumber") or 0)
    if number >= LAST:
        raise invalid_value(f"Value ({number}) for parameter ruleNumber is invalid. The last rule cannot be deleted.")
    old = _existing(acl, number, _egress(self))
    self.error_on_dryrun()
    acl.network_acl_entries.remove(old)
    return Answer()


def _existing(acl: Any, number: int, egress: bool) -> Any:
    found = _find(acl, number, egress)
    if found is None:
        way = "egress" if egress else "ingress"
        raise ec2_error(_NO_ENTRY, f"The network acl entry identified by rule number {number} ({way}) does not exist in {acl.id}.")
    return found


@replaces(EC2Response)
def replace_network_acl_association(self: Any) -> Answer:
    backend, association_id = self.ec2_backend, self._get_param("AssociationId") or ""
    new = one(backend.network_acls, self._get_param("NetworkAclId"), _NOT_FOUND, "networkAcl")
    old = next((acl for acl in backend.network_acls.values() if association_id in acl._associations), None)
    if old is None:
        raise ec2_error("InvalidAssociationID.NotFound", f"The association ID '{association_id}' does not exist")
    if old.vpc_id != new.vpc_id:
        raise invalid_value(f"network ACL {new.id} and association {association_id} belong to different networks")
    self.error_on_dryrun()
    subnet_id, made = old._associations.pop(association_id).subnet_id, random_network_acl_subnet_association_id()
    new._associations[made] = NetworkAclAssociation(backend, made, subnet_id, new.id)
    return Answer({"NewAssociationId": made})


_ENTRY_FILTERS = {
    "entry.cidr": "CidrBlock",
    "entry.ipv6-cidr": "Ipv6CidrBlock",
    "entry.egress": "Egress",
    "entry.protocol": "Protocol",
    "entry.rule-action": "RuleAction",
    "entry.rule-number": "RuleNumber",
}


def _values(acl: Any, name: str) -> list[Any] | None:
    plain = {"network-acl-id": acl.id, "vpc-id": acl.vpc_id, "owner-id": acl.owner_id, "default": acl.default}
    if name in plain:
        return [plain[name]]
    if name in _ENTRY_FILTERS:
        return [entry.get(_ENTRY_FILTERS[name]) for entry in _entries(acl)]
    associated = acl._associations
    if name == "association.association-id":
        return list(associated)
    if name == "association.network-acl-id":
        return [acl.id] if associated else []
    return [item.subnet_id for item in associated.values()] if name == "association.subnet-id" else None


@replaces(EC2Response)
def describe_network_acls(self: Any) -> Answer:
    self.error_on_dryrun()
    found = chosen(self.ec2_backend.network_acls, self._get_param("NetworkAclIds"), _NOT_FOUND, "networkAcl")
    return Answer({"NetworkAcls": Views(filtered(found, self._filters_from_querystring(), _values), _view)})
