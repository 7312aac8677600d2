"""Internet gateways and egress-only internet gateways. Hooks: their calls of `EC2Response`."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.internet_gateways import EgressOnlyInternetGateway, InternetGateway
from moto.ec2.responses import EC2Response

from . import quotas
from .answers import Answer, Views
from .errors import ec2_error, invalid_value
from .find import chosen, filtered, one, tag_list
from .patching import replaces

_NOT_FOUND = "InvalidInternetGatewayID.NotFound"


def _attachments(gateway: Any) -> list[dict[str, str]]:
    return [{"State": "available", "VpcId": gateway.vpc.id}] if gateway.vpc else []


def _view(gateway: Any) -> dict[str, Any]:
    return {
        "InternetGatewayId": gateway.id,
        "OwnerId": gateway.ec2_backend.account_id,
        "Attachments": _attachments(gateway),
        "Tags": tag_list(gateway),
    }


@replaces(EC2Response)
def create_internet_gateway(self: Any) -> Answer:
    backend = self.ec2_backend
    tags = self._parse_tag_specification("internet-gateway").get("internet-gateway", {})
    # AWS raises this quota with that of VPCs.
    most = max(quotas.limit(backend.account_id, quotas.INTERNET_GATEWAYS), quotas.limit(backend.account_id, quotas.VPCS))
    if quotas.applied(backend.account_id, quotas.INTERNET_GATEWAYS) is not None:
        most = quotas.limit(backend.account_id, quotas.INTERNET_GATEWAYS)
    if len(backend.internet_gateways) + 1 > most:
        raise ec2_error("InternetGatewayLimitExceeded", "The maximum number of internet gateways has been reached.")
    self.error_on_dryrun()
    gateway = InternetGateway(backend)
    backend.internet_gateways[gateway.id] = gateway
    backend.tags[gateway.id].update(tags)
    return Answer({"InternetGateway": _view(gateway)})


def _find(self: Any) -> Any:
    return one(self.ec2_backend.internet_gateways, self._get_param("InternetGatewayId"), _NOT_FOUND, "internetGateway")


@replaces(EC2Response)
def attach_internet_gateway(self: Any) -> Answer:
    """One gateway a VPC, and one VPC a gateway."""
    gateway, vpc = _find(self), self.ec2_backend.get_vpc(self._get_param("VpcId") or "")
    if gateway.vpc is not None:
        raise ec2_error("Resource.AlreadyAssociated", f"resource {gateway.id} is already attached to network {gateway.vpc.id}")
    if any(other.vpc is vpc for other in self.ec2_backend.internet_gateways.values()):
        raise invalid_value(f"Network {vpc.id} already has an internet gateway attached")
    self.error_on_dryrun()
    gateway.vpc = vpc
    return Answer()


@replaces(EC2Response)
def detach_internet_gateway(self: Any) -> Answer:
    gateway, vpc_id = _find(self), self._get_param("VpcId")
    if gateway.vpc is None or gateway.vpc.id != vpc_id:
        raise ec2_error("Gateway.NotAttached", f"resource {gateway.id} is not attached to network {vpc_id}")
    if any(nic.subnet.vpc_id == vpc_id and nic.public_ip for nic in self.ec2_backend.enis.values()):
        message = f"Network {vpc_id} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway."
        raise ec2_error("DependencyViolation", message)
    self.error_on_dryrun()
    gateway.vpc = None
    for table in self.ec2_backend.route_tables.values():
        for association_id in [key for key, target in table._associations.items() if target == gateway.id]:
            table._associations.pop(association_id)
    return Answer()


@replaces(EC2Response)
def delete_internet_gateway(self: Any) -> Answer:
    """Only once it is detached. Routes that lead to it stay, as blackholes."""
    gateway = _find(self)
    if gateway.vpc is not None:
        raise ec2_error("DependencyViolation", f"The internetGateway '{gateway.id}' has dependencies and cannot be deleted.")
    self.error_on_dryrun()
    self.ec2_backend.internet_gateways.pop(gateway.id)
    self.ec2_backend.tags.pop(gateway.id, None)
    return Answer()


def _values(gateway: Any, name: str) -> list[Any] | None:
    plain = {"internet-gateway-id": gateway.id, "owner-id": gateway.ec2_backend.account_id}
    if name in plain:
        return [plain[name]]
    key = {"attachment.vpc-id": "VpcId", "attachment.state": "State"}.get(name)
    return [item[key] for item in _attachments(gateway)] if key else None


@replaces(EC2Response)
def describe_internet_gateways(self: Any) -> Answer:
    self.error_on_dryrun()
    found = chosen(self.ec2_backend.internet_gateways, self._get_param("InternetGatewayIds"), _NOT_FOUND, "internetGateway")
    return Answer({"InternetGateways": Views(filtered(found, self._filters_from_querystring(), _values), _view)})


def _egress_view(gateway: Any) -> dict[str, Any]:
    attachments = [{"State": "attached", "VpcId": gateway.vpc_id}]
    return {"EgressOnlyInternetGatewayId": gateway.id, "Attachments": attachments, "Tags": tag_list(gateway)}


@replaces(EC2Response)
def create_egress_only_internet_gateway(self: Any) -> Answer:
    backend = self.ec2_backend
    vpc = backend.get_vpc(self._get_param("VpcId") or "")
    tags = self._parse_tag_specification("egress-only-internet-gateway").get("egress-only-internet-gateway", {})
    quotas.check(backend, quotas.EGRESS_ONLY_GATEWAYS, len(backend.egress_only_internet_gateways) + 1, "EgressOnlyInternetGatewayLimitExceeded")
    self.error_on_dryrun()
    gateway = EgressOnlyInternetGateway(backend, vpc.id)
    backend.egress_only_internet_gateways[gateway.id] = gateway
    backend.tags[gateway.id].update(tags)
    return Answer({"ClientToken": self._get_param("ClientToken"), "EgressOnlyInternetGateway": _egress_view(gateway)})


@replaces(EC2Response)
def delete_egress_only_internet_gateway(self: Any) -> Answer:
    backend = self.ec2_backend
    gateway = one(backend.egress_only_internet_gateways, self._get_param("EgressOnlyInternetGatewayId"), "InvalidGatewayID.NotFound", "eigw")
    self.error_on_dryrun()
    backend.egress_only_internet_gateways.pop(gateway.id)
    backend.tags.pop(gateway.id, None)
    return Answer({"ReturnCode": True})


@replaces(EC2Response)
def describe_egress_only_internet_gateways(self: Any) -> Answer:
    """Filters by tag only, as AWS documents it."""
    self.error_on_dryrun()
    known = self.ec2_backend.egress_only_internet_gateways
    found = chosen(known, self._get_param("EgressOnlyInternetGatewayIds"), "InvalidGatewayID.NotFound", "eigw")
    return Answer({"EgressOnlyInternetGateways": Views(filtered(found, self._filters_from_querystring(), lambda *_: None), _egress_view)})
