"""Load balancers as Elastic Load Balancing has them: zones and subnets, names, attributes of each type, interfaces in the subnets, pages.

Hooks: `ELBv2Backend.create_load_balancer`, `.delete_load_balancer`, `.describe_load_balancers`, `.set_subnets`,
`.set_security_groups`, `.set_ip_address_type`, and calls of `ELBV2Response`.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.exceptions import DuplicateLoadBalancerName, ELBClientError, LoadBalancerNotFoundError, SubnetNotFoundError
from moto.elbv2.models import AvailabilityZone, ELBv2Backend, FakeLoadBalancer
from moto.elbv2.responses import ELBV2Response
from moto.moto_api._internal import mock_random

from . import addresses, quotas, service_paging, service_tags
from .balancer_attributes import ATTRIBUTES, refuse, wrong
from .patching import replaces
from .subnets import every

_NAME = re.compile(r"^(?!-)(?!internal-)[A-Za-z0-9-]{1,32}(?<!-)$")
_SHORT = {"application": "app", "network": "net", "gateway": "gwy"}
# The zones of their names in DNS: https://docs.aws.amazon.com/general/latest/gr/elb.html
_ZONES = {
    ("eu-west-1", "application"): "Z32O12XQLNTSW2",
    ("eu-west-1", "network"): "Z2IFOLAFXWLO4F",
    ("eu-central-1", "application"): "Z215JYRZR1TBD5",
    ("eu-central-1", "network"): "Z3F0SRJ5LGBH90",
}
# Free addresses that AWS wants in each subnet of an Application Load Balancer.
_FREE = 8


def balancer_of(backend: Any, arn: str | None) -> Any:
    found = backend.load_balancers.get(arn)
    if found is None:
        raise LoadBalancerNotFoundError()
    return found


def _subnets(backend: Any, kind: str, mappings: list[dict[str, Any]]) -> list[Any]:
    """One subnet of each zone, all of one VPC."""
    by_id, found = every(backend.ec2_backend), []
    for mapping in mappings:
        if mapping["SubnetId"] not in by_id:
            raise SubnetNotFoundError()
        found.append(by_id[mapping["SubnetId"]])
    zones = [subnet.availability_zone for subnet in found]
    if len(set(zones)) != len(zones):
        raise wrong("A load balancer cannot be attached to multiple subnets in the same Availability Zone")
    if len({subnet.vpc_id for subnet in found}) != 1:
        raise wrong("All subnets must belong to the same VPC")
    if kind == "application" and len(zones) < 2:
        raise refuse("At least two subnets in two different Availability Zones must be specified")
    return found


def _check_ip_type(kind: str, subnets: list[Any]) -> None:
    if kind not in ("ipv4", "dualstack", "dualstack-without-public-ipv4"):
        raise refuse(f"1 validation error detected: Value '{kind}' at 'ipAddressType' failed to satisfy constraint")
    for subnet in subnets:
        if kind != "ipv4" and not subnet.ipv6_cidr_block_associations:
            raise ELBClientError("InvalidSubnet", f"The subnet {subnet.id} must have an IPv6 CIDR block for a load balancer of the type {kind}")


def _check_groups(backend: Any, vpc_id: str, ids: list[str]) -> list[str]:
    for group_id in ids:
        group = backend.ec2_backend.get_security_group_from_id(group_id)
        if group is None or group.vpc_id != vpc_id:
            raise ELBClientError("InvalidSecurityGroup", f"One or more security groups are invalid: {group_id}")
    return ids


def _check_addresses(backend: Any, kind: str, scheme: str, subnets: list[Any], mappings: list[dict[str, Any]]) -> None:
    for subnet, mapping in zip(subnets, mappings):
        chosen = mapping.get("PrivateIPv4Address")
        if chosen and (kind != "network" or scheme != "internal"):
            raise wrong("A private IPv4 address can be specified for internal Network Load Balancers only")
        if mapping.get("AllocationId") and (kind != "network" or scheme == "internal"):
            raise wrong("An Elastic IP address can be specified for internet-facing Network Load Balancers only")
        if chosen:
            if ipaddress.ip_address(chosen) not in subnet.cidr:
                raise wrong(f"The address {chosen} is not in the subnet {subnet.id}")
            if chosen in addresses.taken(backend.ec2_backend, subnet):
                raise ELBClientError("ResourceInUse", f"The address {chosen} is in use")
        free = subnet.cidr.num_addresses - 5 - len(addresses.taken(backend.ec2_backend, subnet))
        if kind == "application" and free < _FREE:
            raise ELBClientError("InvalidSubnet", f"Not enough IP space available in {subnet.id}. ELB requires at least {_FREE} free IP addresses in each subnet")


@replaces(ELBV2Response)
def create_load_balancer(self: Any) -> ActionResult:
    params, backend = self._get_params(), self.elbv2_backend
    kind, scheme = params.get("Type") or "application", params.get("Scheme") or "internet-facing"
    name, ip_type = str(params.get("Name") or ""), params.get("IpAddressType") or "ipv4"
    tags = service_tags.check(params.get("Tags"), refuse)
    if kind not in _SHORT:
        raise refuse(f"1 validation error detected: Value '{kind}' at 'type' failed to satisfy constraint")
    if not _NAME.match(name):
        raise refuse(f"The load balancer name '{name}' must have 1 to 32 letters, digits and hyphens, not begin or end with a hyphen, nor begin with 'internal-'")
    if any(other.name == name for other in backend.load_balancers.values()):
        raise DuplicateLoadBalancerName()
    if bool(params.get("Subnets")) == bool(params.get("SubnetMappings")):
        raise refuse("You must specify either subnets or subnet mappings, and not both")
    mappings = params.get("SubnetMappings") or [{"SubnetId": subnet_id} for subnet_id in params["Subnets"]]
    subnets = _subnets(backend, kind, mappings)
    vpc_id = subnets[0].vpc_id
    _check_ip_type(ip_type, subnets)
    groups = _check_groups(backend, vpc_id, params.get("SecurityGroups") or [])
    if kind == "gateway" and groups:
        raise wrong("Security groups are not supported for load balancers with type 'gateway'")
    if kind == "application" and not groups:
        groups = [backend.ec2_backend.get_default_security_group(vpc_id).id]
    gateways = backend.ec2_backend.internet_gateways.values()
    if kind != "gateway" and scheme == "internet-facing" and not any(gateway.vpc and gateway.vpc.id == vpc_id for gateway in gateways):
        raise ELBClientError("InvalidSubnet", f"VPC {vpc_id} has no internet gateway")
    _check_addresses(backend, kind, scheme, subnets, mappings)
    _check_quota(backend, kind)
    balancer = _make(backend, name, kind, scheme, ip_type, groups, subnets, mappings)
    backend.tagging_service.tag_resource(balancer.arn, [{"Key": key, "Value": value} for key, value in tags.items()])
    return ActionResult({"LoadBalancers": [balancer]})


def _check_quota(backend: Any, kind: str) -> None:
    code = {"application": quotas.APPLICATION_BALANCERS, "network": quotas.NETWORK_BALANCERS}.get(kind)
    held = sum(1 for other in backend.load_balancers.values() if other.type == kind)
    if code and held >= quotas.limit(backend.account_id, code):
        raise ELBClientError("TooManyLoadBalancers", "You've reached the limit on the number of load balancers for your AWS account.")


def _make(backend: Any, name: str, kind: str, scheme: str, ip_type: str, groups: list[str], subnets: list[Any], mappings: list[dict[str, Any]]) -> Any:
    region, own = backend.region_name, mock_random.get_random_hex(length=16)
    arn = f"arn:aws:elasticloadbalancing:{region}:{backend.account_id}:loadbalancer/{_SHORT[kind]}/{name}/{own}"
    prefix = "internal-" if scheme == "internal" and kind == "application" else ""
    number = int(own[:8], 16)
    dns = f"{prefix}{name}-{number}.{region}.elb.amazonaws.com" if kind == "application" else f"{name}-{own}.elb.{region}.amazonaws.com"
    balancer = FakeLoadBalancer(
        name=name, security_groups=groups, arn=arn, scheme=scheme, subnets=subnets, vpc_id=subnets[0].vpc_id, dns_name=dns, state="provisioning", loadbalancer_type=kind, ip_address_type=ip_type
    )
    balancer.attrs = dict(ATTRIBUTES[kind])
    balancer.chosen = {mapping["SubnetId"]: mapping for mapping in mappings}
    balancer.canonical_hosted_zone_id = _ZONES.get((region, kind)) or "Z" + hashlib.sha256(f"{region} {kind}".encode()).hexdigest()[:13].upper()
    if kind == "gateway":
        balancer.dns_name, balancer.scheme, balancer.canonical_hosted_zone_id = None, None, None
    balancer.nics = {}
    for subnet in subnets:
        _enter(backend, balancer, subnet)
    backend.load_balancers[arn] = balancer
    return balancer


def _enter(backend: Any, balancer: Any, subnet: Any) -> None:
    """An interface of the service's in the subnet, which has an address there and the groups of the load balancer."""
    address = balancer.chosen.get(subnet.id, {}).get("PrivateIPv4Address") or addresses.take(backend.ec2_backend, subnet)
    description = "ELB " + balancer.arn.split(":loadbalancer/")[1]
    nic = backend.ec2_backend.create_network_interface(subnet, address, group_ids=list(balancer.security_groups), description=description)
    nic.interface_type, nic.requester_managed = ("network_load_balancer" if balancer.type == "network" else "interface"), True
    balancer.nics[subnet.id] = nic.id


def _leave(backend: Any, balancer: Any, subnet_id: str) -> None:
    backend.ec2_backend.enis.pop(balancer.nics.pop(subnet_id, None), None)


def _availability_zones(self: Any) -> list[Any]:
    views = []
    for subnet in self.subnets:
        view, mapping = AvailabilityZone(subnet), self.chosen.get(subnet.id, {})
        address = {"AllocationId": mapping.get("AllocationId"), "PrivateIPv4Address": mapping.get("PrivateIPv4Address")}
        view.load_balancer_addresses = [{key: value for key, value in address.items() if value}] if any(address.values()) else []
        views.append(view)
    return views


FakeLoadBalancer.availability_zones = property(_availability_zones)


@replaces(ELBv2Backend)
def delete_load_balancer(self: Any, arn: str) -> None:
    """One that is gone already is no error, as AWS documents."""
    balancer = self.load_balancers.get(arn)
    if balancer is None:
        return
    if balancer.attrs.get("deletion_protection.enabled") == "true":
        raise ELBClientError("OperationNotPermitted", f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled")
    for subnet_id in list(balancer.nics):
        _leave(self, balancer, subnet_id)
    for group in self.target_groups.values():
        group.load_balancer_arns = [other for other in group.load_balancer_arns if other != arn]
    for listener in balancer.listeners.values():
        for gone in (listener.arn, *listener.rules):
            self.tagging_service.delete_all_tags_for_resource(gone)
    self.tagging_service.delete_all_tags_for_resource(arn)
    self.load_balancers.pop(arn)


@replaces(ELBv2Backend)
def describe_load_balancers(self: Any, arns: list[str] | None, names: list[str] | None) -> list[Any]:
    if arns and names:
        raise refuse("Load balancer names and load balancer ARNs cannot be specified at the same time")
    known = list(self.load_balancers.values())
    wanted = [*(arns or []), *(names or [])]
    for one in wanted:
        if not any(one in (balancer.arn, balancer.name) for balancer in known):
            raise LoadBalancerNotFoundError()
    found = [balancer for balancer in known if not wanted or balancer.arn in wanted or balancer.name in wanted]
    for balancer in found:
        balancer.activate()
    return found


@replaces(ELBV2Response, name="describe_load_balancers")
def described(self: Any) -> ActionResult:
    whole = self.elbv2_backend.describe_load_balancers(self._get_param("LoadBalancerArns", []), self._get_param("Names", []))
    return ActionResult(service_paging.page(self, "elbv2", "DescribeLoadBalancers", whole, refuse))


@replaces(ELBv2Backend)
def set_subnets(self: Any, arn: str, subnets: list[str], subnet_mappings: list[dict[str, Any]]) -> list[Any]:
    balancer = balancer_of(self, arn)
    mappings = subnet_mappings or [{"SubnetId": subnet_id} for subnet_id in subnets]
    if not mappings:
        raise refuse("You must specify subnets or subnet mappings")
    found = _subnets(self, balancer.type, mappings)
    if found[0].vpc_id != balancer.vpc_id:
        raise wrong("All subnets must belong to the VPC of the load balancer")
    _check_ip_type(balancer.ip_address_type, found)
    wanted = {subnet.id for subnet in found}
    for subnet_id in [known for known in balancer.nics if known not in wanted]:
        _leave(self, balancer, subnet_id)
    balancer.chosen = {mapping["SubnetId"]: mapping for mapping in mappings}
    for subnet in found:
        if subnet.id not in balancer.nics:
            _enter(self, balancer, subnet)
    balancer.subnets = found
    return list(balancer.availability_zones)


@replaces(ELBv2Backend)
def set_security_groups(self: Any, arn: str, sec_groups: list[str]) -> None:
    balancer = balancer_of(self, arn)
    if balancer.type == "gateway" or (balancer.type == "network" and bool(balancer.security_groups) != bool(sec_groups)):
        raise wrong("You can't associate security groups with a load balancer that was created without, nor take all away")
    if not sec_groups:
        raise refuse("You must specify at least one security group")
    balancer.security_groups = _check_groups(self, balancer.vpc_id, sec_groups)
    for nic_id in balancer.nics.values():
        self.ec2_backend.enis[nic_id]._group_set = [self.ec2_backend.get_security_group_from_id(group_id) for group_id in sec_groups]


@replaces(ELBv2Backend)
def set_ip_address_type(self: Any, arn: str, ip_type: str) -> None:
    balancer = balancer_of(self, arn)
    _check_ip_type(ip_type, balancer.subnets)
    balancer.ip_address_type = ip_type
