"""VPC endpoints: gateway endpoints with their routes and policies, interface endpoints with their interfaces.

Hooks: the endpoint calls of `EC2Response`. https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.ec2.models.vpcs import VPCEndPoint
from moto.ec2.responses import EC2Response
from moto.ec2.utils import create_dns_entries, random_vpc_ep_id

from . import addresses, quotas
from .answers import Answer, Views
from .endpoint_names import give_names
from .errors import ec2_error, invalid_value, missing
from .find import chosen, filtered, one, tag_list
from .idempotency import once
from .patching import replaces
from .route_tables import find_table
from .routes import Route, check_quota, weight

_NOT_FOUND = "InvalidVpcEndpointId.NotFound"
_GATEWAY_SERVICES = ("s3", "dynamodb")


def _view(endpoint: Any) -> dict[str, Any]:
    shared = {
        "VpcEndpointId": endpoint.id,
        "VpcEndpointType": endpoint.vpc_endpoint_type,
        "VpcId": endpoint.vpc_id,
        "ServiceName": endpoint.service_name,
        "State": endpoint.state,
        "PolicyDocument": endpoint.policy_document,
        "RequesterManaged": False,
        "PrivateDnsEnabled": endpoint.private_dns_enabled,
        "CreationTimestamp": endpoint.creation_timestamp,
        "OwnerId": endpoint.owner_id,
        "IpAddressType": endpoint.ip_address_type,
        "RouteTableIds": list(endpoint.route_table_ids),
        "SubnetIds": list(endpoint.subnet_ids),
        "Groups": endpoint.groups,
        "NetworkInterfaceIds": list(endpoint.network_interface_ids),
        "DnsEntries": endpoint.dns_entries,
        "Tags": tag_list(endpoint),
    }
    return shared | ({"DnsOptions": endpoint.dns_options} if endpoint.vpc_endpoint_type == "Interface" else {})


@replaces(EC2Response)
def create_vpc_endpoint(self: Any) -> Answer:
    return Answer({"VpcEndpoint": _view(once(self, lambda: _create(self))), "ClientToken": self._get_param("ClientToken")})


def _policy(text: str | None) -> str:
    if not text:
        return json.dumps(VPCEndPoint.DEFAULT_POLICY)
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict) or not parsed.get("Statement"):
        raise ec2_error("InvalidPolicyDocument", "The policy document is not valid.")
    if len(text) > 20480:
        raise ec2_error("PolicyLimitExceeded", "The policy document has more than 20480 characters.")
    return text


def _create(self: Any) -> Any:
    backend = self.ec2_backend
    vpc, service = backend.get_vpc(self._get_param("VpcId") or ""), self._get_param("ServiceName")
    if not service:
        raise missing("serviceName")
    kind = self._get_param("VpcEndpointType") or "Gateway"
    policy = _policy(self._get_param("PolicyDocument"))
    tags = self._parse_tag_specification("vpc-endpoint").get("vpc-endpoint", {})
    prefix, _, short = service.rpartition(".")
    if not service.startswith(f"com.amazonaws.{backend.region_name}.") and not service.startswith("com.amazonaws.vpce."):
        raise ec2_error("InvalidServiceName", f"The Vpc Endpoint Service '{service}' does not exist")
    endpoint = VPCEndPoint(backend, random_vpc_ep_id(), vpc.id, service, kind, policy, [], [], private_dns_enabled=False, dns_entries=[])
    endpoint.ip_address_type, endpoint.dns_options = "ipv4", None
    if self._get_param("ServiceRegion") not in (None, backend.region_name):
        raise ec2_error("UnsupportedOperation", "Services of other regions are not known to this emulator.")
    if kind == "Gateway":
        if short not in _GATEWAY_SERVICES or prefix != f"com.amazonaws.{backend.region_name}":
            raise invalid_value(f"Endpoint type (Gateway) does not match available service types ([Interface]) for service {service}.")
        _gateway(self, endpoint)
    elif kind == "Interface":
        _interface(self, endpoint, vpc)
    else:
        raise ec2_error("UnsupportedOperation", f"Endpoints of type {kind} are not known to this emulator.")
    backend.vpc_end_points[endpoint.id] = endpoint
    backend.tags[endpoint.id].update(tags)
    return endpoint


def _gateway(self: Any, endpoint: Any) -> None:
    backend = self.ec2_backend
    if self._get_param("SubnetIds") or self._get_param("SecurityGroupIds") or self._get_param("PrivateDnsEnabled"):
        raise ec2_error("InvalidParameter", "Subnets, security groups and private DNS are not supported for endpoints of type Gateway.")
    tables = _tables(backend, endpoint, self._get_param("RouteTableIds") or [])
    present = sum(1 for other in backend.vpc_end_points.values() if other.vpc_endpoint_type == "Gateway")
    quotas.check(backend, quotas.GATEWAY_ENDPOINTS, present + 1, "VpcEndpointLimitExceeded", "The maximum number of VPC endpoints has been reached.")
    self.error_on_dryrun()
    for table in tables:
        _put(endpoint, table)


def _prefix_list(backend: Any, service: str) -> Any:
    return next(item for item in backend.managed_prefix_lists.values() if item.prefix_list_name == service)


def _tables(backend: Any, endpoint: Any, ids: list[str]) -> list[Any]:
    """Tables of the endpoint's VPC that have no route to the service yet and room for one."""
    prefix_list, found = _prefix_list(backend, endpoint.service_name), []
    for table_id in ids:
        if table_id not in backend.route_tables:
            raise ec2_error("InvalidRouteTableId.NotFound", f"The route table ID '{table_id}' does not exist")
        table = find_table(backend, table_id)
        if table.vpc_id != endpoint.vpc_id:
            raise invalid_value(f"route table {table.id} and VPC {endpoint.vpc_id} belong to different networks")
        if prefix_list.id in table._routes:
            raise ec2_error("RouteAlreadyExists", f"route table {table.id} already has a route with destination-prefix-list-id {prefix_list.id}")
        check_quota(backend, table, weight(backend, _route(endpoint, prefix_list)))
        found.append(table)
    return found


def _route(endpoint: Any, prefix_list: Any) -> Route:
    return Route(prefix_list.id, "DestinationPrefixListId", "GatewayId", endpoint.id)


def _put(endpoint: Any, table: Any) -> None:
    prefix_list = _prefix_list(endpoint.ec2_backend, endpoint.service_name)
    table._routes[prefix_list.id] = _route(endpoint, prefix_list)
    endpoint.route_table_ids.append(table.id)


def _take(endpoint: Any, table_id: str) -> None:
    table = endpoint.ec2_backend.route_tables.get(table_id)
    if table is not None:
        table._routes.pop(_prefix_list(endpoint.ec2_backend, endpoint.service_name).id, None)
    endpoint.route_table_ids.remove(table_id)


def _interface(self: Any, endpoint: Any, vpc: Any) -> None:
    backend = self.ec2_backend
    if self._get_param("RouteTableIds"):
        raise ec2_error("InvalidParameter", "Route tables are not supported for endpoints of type Interface.")
    private = self._get_param("PrivateDnsEnabled")
    endpoint.private_dns_enabled = True if private is None else bool(private)
    present = sum(1 for other in backend.vpc_end_points.values() if other.vpc_endpoint_type == "Interface" and other.vpc_id == vpc.id)
    quotas.check(backend, quotas.INTERFACE_ENDPOINTS, present + 1, "VpcEndpointLimitExceeded", "The maximum number of VPC endpoints has been reached.")
    groups = _groups(backend, vpc.id, self._get_param("SecurityGroupIds") or []) or [backend.get_default_security_group(vpc.id)]
    subnets = _subnets(backend, endpoint, self._get_param("SubnetIds") or [])
    give_names(self, endpoint, subnets)
    self.error_on_dryrun()
    endpoint.security_group_ids = [group.id for group in groups]
    entry = create_dns_entries(endpoint.service_name, endpoint.id)
    endpoint.dns_entries = [{"DnsName": entry["dns_name"], "HostedZoneId": entry["hosted_zone_id"]}]
    for subnet in subnets:
        _add_subnet(endpoint, subnet)


def _groups(backend: Any, vpc_id: str, ids: list[str]) -> list[Any]:
    found = []
    for group_id in ids:
        group = backend.get_security_group_from_id(group_id)
        if group is None or group.vpc_id != vpc_id:
            raise ec2_error("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist in VPC {vpc_id}")
        found.append(group)
    return found


def _subnets(backend: Any, endpoint: Any, ids: list[str], removed: list[str] | None = None) -> list[Any]:
    """One subnet a zone."""
    zones = {backend.get_subnet(one_id).availability_zone for one_id in endpoint.subnet_ids if one_id not in (removed or [])}
    found = []
    for subnet in (backend.get_subnet(one_id) for one_id in ids):
        if subnet.vpc_id != endpoint.vpc_id:
            raise invalid_value(f"subnet {subnet.id} and VPC {endpoint.vpc_id} belong to different networks")
        if subnet.availability_zone in zones:
            raise ec2_error("DuplicateSubnetsInSameZone", f"Found another VPC endpoint subnet in the availability zone of {subnet.id}")
        zones.add(subnet.availability_zone)
        found.append(subnet)
    return found


def _add_subnet(endpoint: Any, subnet: Any) -> None:
    backend = endpoint.ec2_backend
    text = f"VPC Endpoint Interface {endpoint.id}"
    nic = backend.create_network_interface(subnet, addresses.take(backend, subnet), group_ids=list(endpoint.security_group_ids), description=text)
    nic.interface_type, nic.requester_managed = "vpc_endpoint", True
    endpoint.subnet_ids.append(subnet.id)
    endpoint.network_interface_ids.append(nic.id)


def _remove_subnet(endpoint: Any, subnet_id: str) -> None:
    backend = endpoint.ec2_backend
    for nic_id in [key for key in endpoint.network_interface_ids if backend.enis[key].subnet.id == subnet_id]:
        endpoint.network_interface_ids.remove(nic_id)
        backend.enis.pop(nic_id)
        backend.tags.pop(nic_id, None)
    endpoint.subnet_ids.remove(subnet_id)


@replaces(EC2Response)
def modify_vpc_endpoint(self: Any) -> Answer:
    backend, get = self.ec2_backend, self._get_param
    endpoint = one(backend.vpc_end_points, get("VpcEndpointId"), _NOT_FOUND, "vpcEndpoint")
    policy = _policy(None if get("ResetPolicy") else get("PolicyDocument")) if get("PolicyDocument") or get("ResetPolicy") else endpoint.policy_document
    if endpoint.vpc_endpoint_type == "Gateway":
        removed = [table_id for table_id in get("RemoveRouteTableIds") or [] if table_id in endpoint.route_table_ids]
        tables = _tables(backend, endpoint, [table_id for table_id in get("AddRouteTableIds") or [] if table_id not in endpoint.route_table_ids])
        self.error_on_dryrun()
        for table_id in removed:
            _take(endpoint, table_id)
        for table in tables:
            _put(endpoint, table)
    else:
        added = _groups(backend, endpoint.vpc_id, get("AddSecurityGroupIds") or [])
        gone = set(get("RemoveSecurityGroupIds") or [])
        removed = [key for key in get("RemoveSubnetIds") or [] if key in endpoint.subnet_ids]
        subnets = _subnets(backend, endpoint, get("AddSubnetIds") or [], removed)
        was = endpoint.private_dns_enabled
        endpoint.private_dns_enabled = was if get("PrivateDnsEnabled") is None else bool(get("PrivateDnsEnabled"))
        try:
            give_names(self, endpoint, [*(backend.get_subnet(key) for key in endpoint.subnet_ids if key not in removed), *subnets])
        except Exception:
            endpoint.private_dns_enabled = was
            raise
        self.error_on_dryrun()
        endpoint.security_group_ids = [key for key in dict.fromkeys([*endpoint.security_group_ids, *(group.id for group in added)]) if key not in gone]
        for subnet_id in removed:
            _remove_subnet(endpoint, subnet_id)
        for subnet in subnets:
            _add_subnet(endpoint, subnet)
    endpoint.policy_document = policy
    return Answer({"Return": True})


@replaces(EC2Response)
def delete_vpc_endpoints(self: Any) -> Answer:
    """Each by itself: what cannot be deleted is listed in the answer."""
    backend, unsuccessful = self.ec2_backend, []
    self.error_on_dryrun()
    for endpoint_id in self._get_param("VpcEndpointIds") or []:
        endpoint = backend.vpc_end_points.get(endpoint_id)
        if endpoint is None:
            message = f"The Vpc Endpoint Id '{endpoint_id}' does not exist"
            unsuccessful.append({"ResourceId": endpoint_id, "Error": {"Code": "InvalidVpcEndpoint.NotFound", "Message": message}})
            continue
        for table_id in list(endpoint.route_table_ids):
            _take(endpoint, table_id)
        for subnet_id in list(endpoint.subnet_ids):
            _remove_subnet(endpoint, subnet_id)
        backend.vpc_end_points.pop(endpoint_id)
        backend.tags.pop(endpoint_id, None)
    return Answer({"Unsuccessful": unsuccessful})


def _values(endpoint: Any, name: str) -> list[Any] | None:
    return {
        "service-name": [endpoint.service_name],
        "vpc-id": [endpoint.vpc_id],
        "vpc-endpoint-id": [endpoint.id],
        "vpc-endpoint-state": [endpoint.state],
        "vpc-endpoint-type": [endpoint.vpc_endpoint_type],
        "ip-address-type": [endpoint.ip_address_type],
    }.get(name)


@replaces(EC2Response)
def describe_vpc_endpoints(self: Any) -> Answer:
    self.error_on_dryrun()
    found = chosen(self.ec2_backend.vpc_end_points, self._get_param("VpcEndpointIds"), _NOT_FOUND, "Vpc Endpoint")
    return Answer({"VpcEndpoints": Views(filtered(found, self._filters_from_querystring(), _values), _view)})
