"""Alternate names that move from one distribution to another.

- The target needs an issued certificate that covers the name; the source, of another account, must be disabled; a TXT record of the name
  with `_` before it must lead to the target's domain name:
  https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/alternate-domain-names-move.html
- Ids of others are partly hidden.
"""

from __future__ import annotations

from typing import Any

from moto.route53.models import route53_backends

from .cloudfront_certificates import covers, issued
from .cloudfront_distributions import KIND, find
from .cloudfront_store import Entry, everywhere, match, refuse


def _names(entry: Entry) -> list[str]:
    return entry.config["Aliases"].get("Items") or []


def _overlap(one: str, other: str) -> bool:
    def under(name: str, wildcard: str) -> bool:
        return wildcard.startswith("*.") and name.endswith(wildcard[1:])

    return one == other or under(one, other) or under(other, one)


def _proven(account: str, entry: Entry, name: str) -> None:
    certificate = entry.config["ViewerCertificate"].get("ACMCertificateArn")
    if not certificate or not issued(account, certificate) or not covers(account, certificate, name):
        raise refuse("InvalidArgument", "The target resource needs a certificate that covers the domain.")


def _hidden(value: str) -> str:
    return "*" * (len(value) - 5) + value[-5:]


def _conflicts(account: str, params: dict[str, Any]) -> dict[str, Any]:
    name, target = params["Domain"], params["DomainControlValidationResource"].get("DistributionId")
    entry = find(account, target or "")
    _proven(account, entry, name)
    found = [
        {"Domain": each, "ResourceType": "distribution", "ResourceId": _hidden(other.id), "AccountId": _hidden(owner)}
        for owner, other in everywhere(KIND)
        if other is not entry
        for each in _names(other)
        if _overlap(name, each)
    ]
    return {"DomainConflicts": found}


def _leads_to(name: str, domain: str) -> bool:
    """Whether a public zone of anybody has the TXT record."""
    for account in list(route53_backends.keys()):
        for zone in route53_backends[account]["aws"].zones.values():
            if getattr(zone, "private_zone", False):
                continue
            for record in zone.rrsets:
                texts = [str(value).strip('"') for value in record.records]
                if record.type == "TXT" and record.name.rstrip(".") == f"_{name}" and domain in texts:
                    return True
    return False


def _move(account: str, params: dict[str, Any]) -> dict[str, Any]:
    name, target = params["Domain"], params["TargetResource"].get("DistributionId")
    entry = find(account, target or "")
    if params.get("IfMatch"):
        match(entry, params["IfMatch"])
    _proven(account, entry, name)
    holders = [(owner, other) for owner, other in everywhere(KIND) if name in _names(other)]
    if not holders:
        raise refuse("EntityNotFound", f"The domain {name} is associated with no resource.")
    owner, holder = holders[0]
    if owner != account:
        if holder.config["Enabled"]:
            raise refuse("IllegalUpdate", "The source distribution must be disabled before its domain can be moved.")
        if not _leads_to(name, entry.more["domain"]):
            raise refuse("IllegalUpdate", f"The TXT record _{name} does not lead to {entry.more['domain']}.")
    for each, left in ((holder, [n for n in _names(holder) if n != name]), (entry, [*_names(entry), name])):
        each.config["Aliases"] = {"Quantity": len(left), **({"Items": left} if left else {})}
        each.touch()
    return {"Domain": name, "ResourceId": entry.id, "ETag": entry.etag}


ACTIONS = {"ListDomainConflicts": _conflicts, "UpdateDomainAssociation": _move}
