"""NAT gateways, and the Elastic IP addresses that they keep until they are gone.

Hooks: the gateways' calls of `EC2Response`, those that take addresses away, and `call_action`, which lets time pass. What AWS
finds out only while it makes a gateway ends in the state `failed`:
https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from moto.core.responses import BaseResponse
from moto.ec2.responses import EC2Response
from moto.ec2.utils import random_eip_association_id, random_nat_gateway_id

from . import addresses, clock, config, quotas
from .answers import Answer, Views
from .errors import ec2_error, missing
from .find import chosen, filtered, one, tag_list
from .idempotency import once
from .patching import replaces

_NOT_FOUND = "NatGatewayNotFound"
# How long one that ended is still described.
_SHOWN = datetime.timedelta(hours=1)
_REGIONAL = ("AvailabilityZoneAddress", "AvailabilityZoneAddresses")


@dataclass
class NatGateway:
    """`nic` and `address` are its own until it is gone; `failure` is AWS's code and message where it cannot be made."""

    ec2_backend: Any
    id: str
    subnet_id: str
    vpc_id: str
    zone: str
    connectivity: str
    private_ip: str
    nic: Any
    address: Any
    failure: tuple[str, str] | None
    created: datetime.datetime
    deleted: datetime.datetime | None = None

    @property
    def state(self) -> str:
        if self.deleted is not None:
            return "deleted" if clock.now() >= self.deleted + _lasting() else "deleting"
        if clock.now() < self.created + _lasting():
            return "pending"
        return "failed" if self.failure else "available"


def _lasting() -> datetime.timedelta:
    return datetime.timedelta(seconds=config.get("natGatewaySeconds"))


def _settle(backend: Any) -> None:
    """Frees what gateways that are gone had, and forgets them after an hour."""
    for gateway in list(backend.nat_gateways.values()):
        if gateway.state not in ("deleted", "failed"):
            continue
        if gateway.nic is not None:
            backend.enis.pop(gateway.nic.id, None)
            if gateway.address is not None:
                gateway.address.eni, gateway.address.association_id = None, None
            gateway.nic = gateway.address = None
        if clock.now() >= (gateway.deleted or gateway.created) + _lasting() + _SHOWN:
            backend.nat_gateways.pop(gateway.id)
            backend.tags.pop(gateway.id, None)


@replaces(EC2Response)
def call_action(self: Any) -> Any:
    if self.ec2_backend.nat_gateways:
        _settle(self.ec2_backend)
    return BaseResponse.call_action(self)


def _view(gateway: NatGateway) -> dict[str, Any]:
    address = {"PrivateIp": gateway.private_ip, "IsPrimary": True, "Status": "succeeded"}
    if gateway.nic is not None:
        address["NetworkInterfaceId"] = gateway.nic.id
    if gateway.address is not None:
        address |= {"AllocationId": gateway.address.allocation_id, "PublicIp": gateway.address.public_ip, "AssociationId": gateway.address.association_id}
    shown = {
        "NatGatewayId": gateway.id,
        "SubnetId": gateway.subnet_id,
        "VpcId": gateway.vpc_id,
        "State": gateway.state,
        "ConnectivityType": gateway.connectivity,
        "AvailabilityMode": "zonal",
        "CreateTime": gateway.created,
        "DeleteTime": gateway.deleted,
        "NatGatewayAddresses": [address],
        "Tags": tag_list(gateway),
    }
    if gateway.state == "failed" and gateway.failure:
        shown |= {"FailureCode": gateway.failure[0], "FailureMessage": gateway.failure[1]}
    return shown


@replaces(EC2Response)
def create_nat_gateway(self: Any) -> Answer:
    return Answer({"NatGateway": _view(once(self, lambda: _create(self))), "ClientToken": self._get_param("ClientToken")})


def _create(self: Any) -> NatGateway:
    backend, get = self.ec2_backend, self._get_param
    if get("AvailabilityMode") == "regional" or any(get(name) for name in _REGIONAL):
        raise ec2_error("UnsupportedOperation", "Regional NAT gateways are not known to this emulator.")
    if get("SecondaryAllocationIds") or get("SecondaryPrivateIpAddresses") or get("SecondaryPrivateIpAddressCount"):
        raise ec2_error("UnsupportedOperation", "Further addresses of NAT gateways are not known to this emulator.")
    if not get("SubnetId"):
        raise missing("subnetId")
    subnet, connectivity = backend.get_subnet(get("SubnetId")), get("ConnectivityType") or "public"
    tags = self._parse_tag_specification("natgateway").get("natgateway", {})
    address, failure = _address(backend, subnet, connectivity, get("AllocationId"))
    asked = get("PrivateIpAddress")
    if asked:
        addresses.check_free(backend, subnet, asked)
    there = [each for each in backend.nat_gateways.values() if each.zone == subnet.availability_zone_id and each.state in ("pending", "available", "deleting")]
    quotas.check(backend, quotas.NAT_GATEWAYS, len(there) + 1, "NatGatewayLimitExceeded", f"Performing this operation would exceed the limit of {len(there)} NAT gateways")
    self.error_on_dryrun()
    gateway_id = random_nat_gateway_id()
    private_ip = asked or addresses.take(backend, subnet)
    nic = None
    if failure is None:
        nic = backend.create_network_interface(subnet, private_ip, description=f"Interface for NAT Gateway {gateway_id}")
        nic.interface_type, nic.requester_managed, nic.source_dest_check = "nat_gateway", True, False
        nic._group_set = []
    if address is not None:
        address.eni, address.association_id, nic.public_ip = nic, random_eip_association_id(), address.public_ip
    gateway = NatGateway(
        backend, gateway_id, subnet.id, subnet.vpc_id, subnet.availability_zone_id, connectivity, private_ip, nic, address, failure, clock.now()
    )
    backend.nat_gateways[gateway_id] = gateway
    backend.tags[gateway_id].update(tags)
    return gateway


def _address(backend: Any, subnet: Any, connectivity: str, allocation_id: str | None) -> tuple[Any, tuple[str, str] | None]:
    """The Elastic IP address of a public one, or why AWS ends in failure."""
    if connectivity == "private":
        if allocation_id:
            raise ec2_error("InvalidParameter", "The request must not contain the parameter allocationId for a private NAT gateway.")
        return None, None
    if not allocation_id:
        raise missing("allocationId")
    address = next((each for each in backend.addresses if each.allocation_id == allocation_id), None)
    if address is None:
        raise ec2_error("InvalidAllocationID.NotFound", f"The allocation ID '{allocation_id}' does not exist")
    if address.eni is not None or address.instance is not None:
        return None, ("Resource.AlreadyAssociated", f"Elastic IP address [{allocation_id}] is already associated")
    if not any(gateway.vpc is not None and gateway.vpc.id == subnet.vpc_id for gateway in backend.internet_gateways.values()):
        return None, ("Gateway.NotAttached", f"Network {subnet.vpc_id} has no Internet gateway attached")
    return address, None


@replaces(EC2Response)
def delete_nat_gateway(self: Any) -> Answer:
    """Its routes stay, as blackholes; its address stays its own until it is gone."""
    gateway = one(self.ec2_backend.nat_gateways, self._get_param("NatGatewayId"), _NOT_FOUND, "NatGateway")
    self.error_on_dryrun()
    if gateway.deleted is None and gateway.state != "failed":
        gateway.deleted = clock.now()
    return Answer({"NatGatewayId": gateway.id})


def _values(gateway: NatGateway, name: str) -> list[Any] | None:
    return {
        "nat-gateway-id": [gateway.id],
        "state": [gateway.state],
        "subnet-id": [gateway.subnet_id],
        "vpc-id": [gateway.vpc_id],
    }.get(name)


@replaces(EC2Response)
def describe_nat_gateways(self: Any) -> Answer:
    self.error_on_dryrun()
    found = chosen(self.ec2_backend.nat_gateways, self._get_param("NatGatewayIds"), _NOT_FOUND, "NatGateway")
    filters = {each["Name"]: each["Values"] for each in self._get_param("Filter") or []}
    return Answer({"NatGateways": Views(filtered(found, filters, _values), _view)})


def _gateways_address(self: Any, name: str) -> Any:
    """The address that a call names, where it is a gateway's."""
    wanted = self._get_param(name)
    return next(
        (each for each in self.ec2_backend.addresses if wanted in (each.association_id, each.allocation_id) and each.eni is not None and each.eni.interface_type == "nat_gateway"),
        None,
    )


@replaces(EC2Response)
def disassociate_address(self: Any) -> Any:
    if self._get_param("AssociationId") and _gateways_address(self, "AssociationId"):
        raise ec2_error("AuthFailure", "You do not have permission to access the specified resource.")
    return disassociate_address.original(self)  # type: ignore[attr-defined]


@replaces(EC2Response)
def release_address(self: Any) -> Any:
    """Not while anything has it."""
    allocation_id = self._get_param("AllocationId")
    if allocation_id and _gateways_address(self, "AllocationId"):
        raise ec2_error("AuthFailure", "You do not have permission to access the specified resource.")
    if any(each.allocation_id == allocation_id and each.association_id for each in self.ec2_backend.addresses):
        raise ec2_error("InvalidIPAddress.InUse", f"Address with allocation id [{allocation_id}] is in use.")
    return release_address.original(self)  # type: ignore[attr-defined]
