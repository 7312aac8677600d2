"""VPC peering connections. Hooks: the peering calls of `EC2Response`.

https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
"""

from __future__ import annotations

import datetime
from typing import Any

from moto.ec2.models import ec2_backends
from moto.ec2.models.vpc_peering_connections import VPCPeeringConnection
from moto.ec2.responses import EC2Response

from . import clock, quotas
from .answers import Answer, Views
from .errors import ec2_error, invalid_value
from .find import chosen, filtered, one, tags_of
from .networks import overlapping
from .patching import replaces
from .regions import exists
from .vpcs import ranges

_NOT_FOUND = "InvalidVpcPeeringConnectionID.NotFound"
_OPTIONS = ("AllowDnsResolutionFromRemoteVpc", "AllowEgressFromLocalClassicLinkToRemoteVpc", "AllowEgressFromLocalVpcToRemoteClassicLink")
VPCPeeringConnection.ended_at = None  # type: ignore[attr-defined]


def _side(vpc: Any, options: dict[str, Any], whole: bool) -> dict[str, Any]:
    """Until it is accepted, nothing is said of the other side but who it is."""
    named = {"OwnerId": vpc.owner_id, "VpcId": vpc.id, "Region": vpc.region}
    if not whole:
        return named
    fours = [{"CidrBlock": str(network)} for network in ranges(vpc, 4)]
    sixes = [{"Ipv6CidrBlock": str(network)} for network in ranges(vpc, 6)]
    return {**named, "CidrBlock": vpc.cidr_block, "CidrBlockSet": fours, "Ipv6CidrBlockSet": sixes or None, "PeeringOptions": dict(options)}


def _view(peering: Any, tags: dict[str, str] | None = None) -> dict[str, Any]:
    code = peering._status.code
    expires = peering.created_at + datetime.timedelta(days=7) if code in ("initiating-request", "pending-acceptance") else None
    return {
        "VpcPeeringConnectionId": peering.id,
        "RequesterVpcInfo": _side(peering.vpc, peering.requester_options, True),
        "AccepterVpcInfo": _side(peering.peer_vpc, peering.accepter_options, code == "active"),
        "Status": {"Code": code, "Message": peering._status.message},
        "ExpirationTime": expires,
        "Tags": [{"Key": key, "Value": value} for key, value in (tags_of(peering) if tags is None else tags).items()],
    }


def _known(backend: Any) -> dict[str, Any]:
    """What ended is described for some hours, then forgotten."""
    cutoff = clock.now() - datetime.timedelta(hours=2)
    for gone in [key for key, one_of in backend.vpc_pcxs.items() if one_of.ended_at is not None and one_of.ended_at < cutoff]:
        backend.vpc_pcxs.pop(gone)
    return backend.vpc_pcxs


def _views(backend: Any, found: list[Any]) -> Views:
    return Views(found, lambda peering: _view(peering, backend.tags.get(peering.id) or {}))


@replaces(EC2Response)
def create_vpc_peering_connection(self: Any) -> Answer:
    backend = self.ec2_backend
    owner, region = self._get_param("PeerOwnerId") or self.current_account, self._get_param("PeerRegion") or self.region
    vpc = backend.get_vpc(self._get_param("VpcId") or "")
    if not exists(region):
        raise invalid_value(f"Value ({region}) for parameter peerRegion is invalid.")
    peer = ec2_backends[owner][region].get_vpc(self._get_param("PeerVpcId") or "")
    tags = self._parse_tag_specification("vpc-peering-connection").get("vpc-peering-connection", {})
    if vpc is peer:
        raise invalid_value(f"A VPC cannot be peered with itself: {vpc.id}")
    for other in _known(backend).values():
        if {other.vpc, other.peer_vpc} == {vpc, peer} and other._status.code in ("pending-acceptance", "active"):
            raise ec2_error("VpcPeeringConnectionAlreadyExists", f"A VPC peering connection {other.id} between the VPCs exists already.")
    waiting = sum(1 for other in backend.vpc_pcxs.values() if other._status.code == "pending-acceptance")
    quotas.check(backend, quotas.OPEN_PEERINGS, waiting + 1, "OutstandingVpcPeeringConnectionLimitExceeded")
    self.error_on_dryrun()
    peering = backend.create_vpc_peering_connection(vpc, peer)
    peering.created_at = clock.now()
    if any(overlapping(network, ranges(peer, network.version)) for version in (4, 6) for network in ranges(vpc, version)):
        # The call succeeds; what it made has failed.
        peering._status.code = "failed"
        peering._status.message = "The VPCs have overlapping CIDR blocks."
        peering.ended_at = clock.now()
    backend.tags[peering.id].update(tags)
    first = {"Code": "initiating-request", "Message": f"Initiating Request to {owner}"}
    return Answer({"VpcPeeringConnection": {**_view(peering), "Status": first}})


def _find(self: Any) -> Any:
    return one(_known(self.ec2_backend), self._get_param("VpcPeeringConnectionId"), _NOT_FOUND, "vpcPeeringConnection")


def _pending(self: Any, verb: str) -> Any:
    peering = _find(self)
    mine = peering.peer_vpc
    if mine.owner_id != self.current_account:
        raise ec2_error("OperationNotPermitted", f"User ({self.current_account}) cannot {verb} peering {peering.id}")
    if mine.region != self.region:
        message = f"Incorrect region ({self.region}) specified for this request. VPC peering connection {peering.id} must be {verb}ed in region {mine.region}"
        raise ec2_error("OperationNotPermitted", message)
    if peering._status.code != "pending-acceptance":
        raise ec2_error("InvalidStateTransition", f"Invalid state transition for {peering.id}, attempted to transition from {peering._status.code} to {verb}ed")
    return peering


@replaces(EC2Response)
def accept_vpc_peering_connection(self: Any) -> Answer:
    peering = _pending(self, "accept")
    for vpc in (peering.vpc, peering.peer_vpc):
        active = sum(1 for other in vpc.ec2_backend.vpc_pcxs.values() if other._status.code == "active" and vpc in (other.vpc, other.peer_vpc))
        quotas.check(vpc.ec2_backend, quotas.PEERINGS, active + 1, "ActiveVpcPeeringConnectionPerVpcLimitExceeded")
    self.error_on_dryrun()
    peering._status.accept()
    return Answer({"VpcPeeringConnection": {**_view(peering), "Status": {"Code": "provisioning", "Message": "Provisioning"}}})


@replaces(EC2Response)
def reject_vpc_peering_connection(self: Any) -> Answer:
    peering = _pending(self, "reject")
    peering._status.reject()
    peering.ended_at = clock.now()
    return Answer({"Return": True})


@replaces(EC2Response)
def delete_vpc_peering_connection(self: Any) -> Answer:
    """Routes through it stay, as blackholes; it is described as deleted for a while."""
    peering = _find(self)
    if peering._status.code not in ("active", "pending-acceptance", "failed"):
        raise ec2_error("InvalidStateTransition", f"Invalid state transition for {peering.id}, attempted to transition from {peering._status.code} to deleted")
    self.error_on_dryrun()
    peering._status.deleted(self.current_account)
    peering.ended_at = clock.now()
    return Answer({"Return": True})


@replaces(EC2Response)
def modify_vpc_peering_connection_options(self: Any) -> Answer:
    """Each side's options by its owner; only once it is active."""
    peering, answer = _find(self), {}
    if peering._status.code != "active":
        message = f"Peering {peering.id} is not active. Peering options can be added only to active peerings."
        raise ec2_error("OperationNotPermitted", message)
    changes = []
    for name, vpc, options in (("Accepter", peering.peer_vpc, peering.accepter_options), ("Requester", peering.vpc, peering.requester_options)):
        given = self._get_param(f"{name}PeeringConnectionOptions")
        if not given:
            continue
        if vpc.owner_id != self.current_account or vpc.region != self.region:
            raise ec2_error("OperationNotPermitted", f"User ({self.current_account}) cannot modify the {name.lower()} options of {peering.id}")
        changes.append((options, {key: bool(given[key]) for key in _OPTIONS if given.get(key) is not None}))
        answer[f"{name}PeeringConnectionOptions"] = changes[-1][1]
    self.error_on_dryrun()
    for options, given in changes:
        options.update(given)
    return Answer(answer)


def _values(peering: Any, name: str) -> list[Any] | None:
    plain = {
        "vpc-peering-connection-id": peering.id,
        "status-code": peering._status.code,
        "status-message": peering._status.message,
        "accepter-vpc-info.cidr-block": peering.peer_vpc.cidr_block,
        "accepter-vpc-info.owner-id": peering.peer_vpc.owner_id,
        "accepter-vpc-info.vpc-id": peering.peer_vpc.id,
        "requester-vpc-info.cidr-block": peering.vpc.cidr_block,
        "requester-vpc-info.owner-id": peering.vpc.owner_id,
        "requester-vpc-info.vpc-id": peering.vpc.id,
    }
    return [plain[name]] if name in plain else None


@replaces(EC2Response)
def describe_vpc_peering_connections(self: Any) -> Answer:
    self.error_on_dryrun()
    backend = self.ec2_backend
    found = chosen(_known(backend), self._get_param("VpcPeeringConnectionIds"), _NOT_FOUND, "vpcPeeringConnection")
    return Answer({"VpcPeeringConnections": _views(backend, filtered(found, self._filters_from_querystring(), _values))})
