"""Hosted zones as Route 53 makes them: name servers of their own or of a reusable set, and no zone without its VPCs.

moto keeps the servers of every zone as a reusable set, gives all the same ones, and forgets what a set was made with once a zone uses it.
A name's asterisk is escaped in every answer, whoever wrote it.
Hooks: `Route53Backend.create_reusable_delegation_set`, `create_hosted_zone`, `change_resource_record_sets`.
https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.moto_api._internal import mock_random as random
from moto.route53.exceptions import InvalidInput, NoSuchDelegationSet
from moto.route53.models import DelegationSet, Route53Backend

from .patching import replaces

_ENDS = ("com", "net", "org", "co.uk")


def _servers() -> list[str]:
    return [f"ns-{512 * place + random.randint(0, 511)}.awsdns-{random.randint(10, 63)}.{end}" for place, end in enumerate(_ENDS)]


@replaces(Route53Backend)
def create_reusable_delegation_set(self: Any, caller_reference: str, delegation_set_id: str | None = None, hosted_zone_id: str | None = None) -> DelegationSet:
    servers = self.get_hosted_zone(hosted_zone_id).delegation_set.name_servers if hosted_zone_id else _servers()
    made = DelegationSet(caller_reference, servers, f"N{random.get_random_string(20).upper()}")
    self.delegation_sets[made.id] = made
    return made


@replaces(Route53Backend)
def create_hosted_zone(self: Any, name: str, private_zone: bool, *args: Any, **kwargs: Any) -> Any:
    """The set that is asked for, whole; or servers that no list of sets shows."""
    set_id = kwargs.get("delegation_set_id")
    if set_id and private_zone:
        raise InvalidInput("A private hosted zone takes no reusable delegation set.")
    if set_id and set_id not in self.delegation_sets:
        raise NoSuchDelegationSet(set_id)
    before = dict(self.delegation_sets)
    zone = create_hosted_zone.original(self, name, private_zone, *args, **kwargs)  # type: ignore[attr-defined]
    servers = before[set_id].name_servers if set_id else zone.delegation_set.name_servers
    self.delegation_sets.clear()
    self.delegation_sets.update(before)
    zone.delegation_set = before[set_id] if set_id else DelegationSet(zone.caller_reference, servers, None)
    if not set_id:
        zone.delegation_set.id = ""
    for record in zone.rrsets:
        if record.type == "NS":
            record.records = servers
        if record.type == "SOA":
            record.records = [f"{servers[0]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"]
    return zone


@replaces(Route53Backend)
def change_resource_record_sets(self: Any, zoneid: str, change_list: list[dict[str, Any]]) -> Any:
    """https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html#domain-name-format-asterisk"""
    for change in change_list:
        record = change["ResourceRecordSet"]
        record["Name"] = re.sub(r"^\*(?=\.|$)", r"\\052", record["Name"])
    return change_resource_record_sets.original(self, zoneid, change_list)  # type: ignore[attr-defined]
