"""Route tables: which there are, what they are associated with, and the local routes that follow a VPC's ranges.

Hooks: `RouteBackend.create_route_table`, and the table calls of `EC2Response`. Routes themselves are in routes.py.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.route_tables import RouteBackend, RouteTable
from moto.ec2.responses import EC2Response
from moto.ec2.utils import random_route_table_id, random_subnet_association_id

from . import quotas
from .answers import Answer, Views
from .errors import ec2_error, invalid_value, missing
from .find import chosen, filtered, one, tag_list
from .patching import replaces
from .routes import Route, route_view

NOT_FOUND = "InvalidRouteTableID.NotFound"


def find_table(backend: Any, table_id: str | None) -> Any:
    return one(backend.route_tables, table_id, NOT_FOUND, "routeTable")


def tables_of(backend: Any, vpc_id: str) -> list[Any]:
    return [table for table in backend.route_tables.values() if table.vpc_id == vpc_id]


def add_local(vpc: Any, cidr: str) -> None:
    """Every table of a VPC has a local route for each of its ranges."""
    for table in tables_of(vpc.ec2_backend, vpc.id):
        table._routes[cidr] = Route.local(cidr)


def remove_local(vpc: Any, cidr: str) -> None:
    for table in tables_of(vpc.ec2_backend, vpc.id):
        table._routes.pop(cidr, None)


@replaces(RouteBackend, name="create_route_table")
def backend_create(self: Any, vpc_id: str, tags: Any = None, main: bool = False) -> Any:
    from .vpcs import associations

    vpc = self.get_vpc(vpc_id)
    table = RouteTable(self, random_route_table_id(), vpc_id, main=main)
    for item in (*associations(vpc, 4), *associations(vpc, 6)):
        table._routes[item["cidr_block"]] = Route.local(item["cidr_block"])  # type: ignore[assignment]
    self.route_tables[table.id] = table
    return table


def _view(table: Any) -> dict[str, Any]:
    return {
        "RouteTableId": table.id,
        "VpcId": table.vpc_id,
        "OwnerId": table.owner_id,
        "Associations": table.associations,
        "PropagatingVgws": [],
        "Routes": [route_view(table.ec2_backend, route) for route in table._routes.values()],
        "Tags": tag_list(table),
    }


@replaces(EC2Response)
def create_route_table(self: Any) -> Answer:
    backend = self.ec2_backend
    vpc = backend.get_vpc(self._get_param("VpcId") or "")
    tags = self._parse_tag_specification("route-table").get("route-table", {})
    quotas.check(backend, quotas.ROUTE_TABLES, len(tables_of(backend, vpc.id)) + 1, "RouteTableLimitExceeded")
    self.error_on_dryrun()
    table = backend.create_route_table(vpc.id)
    backend.tags[table.id].update(tags)
    return Answer({"RouteTable": _view(table)})


@replaces(EC2Response)
def delete_route_table(self: Any) -> Answer:
    """Neither the main one nor one with associations."""
    backend = self.ec2_backend
    table = find_table(backend, self._get_param("RouteTableId"))
    if table.main_association_id or table._associations:
        raise ec2_error("DependencyViolation", f"The routeTable '{table.id}' has dependencies and cannot be deleted.")
    self.error_on_dryrun()
    backend.route_tables.pop(table.id)
    backend.tags.pop(table.id, None)
    for endpoint in backend.vpc_end_points.values():
        if table.id in endpoint.route_table_ids:
            endpoint.route_table_ids.remove(table.id)
    return Answer({"Return": True})


@replaces(EC2Response)
def associate_route_table(self: Any) -> Answer:
    backend = self.ec2_backend
    table = find_table(backend, self._get_param("RouteTableId"))
    subnet_id, gateway_id = self._get_param("SubnetId"), self._get_param("GatewayId")
    if bool(subnet_id) == bool(gateway_id):
        raise missing("exactly one of: subnetId, gatewayId")
    target = subnet_id or gateway_id
    vpc_id = backend.get_subnet(subnet_id).vpc_id if subnet_id else _gateway_vpc(backend, gateway_id)
    if vpc_id != table.vpc_id:
        kind = "subnet" if subnet_id else "gateway"
        raise invalid_value(f"route table {table.id} and {kind} {target} belong to different networks")
    if any(target in other._associations.values() for other in tables_of(backend, table.vpc_id)):
        raise ec2_error("Resource.AlreadyAssociated", f"the specified association for route table {table.id} conflicts with an existing association")
    if gateway_id:
        _check_edge(table)
    self.error_on_dryrun()
    association_id = random_subnet_association_id()
    table._associations[association_id] = target
    return Answer({"AssociationId": association_id, "AssociationState": {"State": "associated"}})


def _gateway_vpc(backend: Any, gateway_id: str) -> str | None:
    """The VPC that an internet or virtual private gateway is attached to."""
    gateway = backend.internet_gateways.get(gateway_id)
    if gateway is not None:
        return gateway.vpc.id if gateway.vpc else None
    private = backend.vpn_gateways.get(gateway_id)
    if private is None:
        raise ec2_error("InvalidGatewayID.NotFound", f"The gateway ID '{gateway_id}' does not exist")
    return next(iter(private.attachments), None)


def _check_edge(table: Any) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html: only local routes and interfaces."""
    for route in table._routes.values():
        if route.target not in ("GatewayId", "NetworkInterfaceId", "InstanceId") or (route.target == "GatewayId" and route.target_id != "local"):
            raise invalid_value(f"route table {table.id} has the route {route.destination}, which a table of a gateway cannot have")


@replaces(EC2Response)
def disassociate_route_table(self: Any) -> Answer:
    backend, association_id = self.ec2_backend, self._get_param("AssociationId") or ""
    table = _holder(backend, association_id)
    if table.main_association_id == association_id:
        raise invalid_value(f"cannot disassociate the main route table association {association_id}")
    self.error_on_dryrun()
    table._associations.pop(association_id)
    return Answer()


def _holder(backend: Any, association_id: str) -> Any:
    for table in backend.route_tables.values():
        if association_id == table.main_association_id or association_id in table._associations:
            return table
    raise ec2_error("InvalidAssociationID.NotFound", f"The association ID '{association_id}' does not exist")


@replaces(EC2Response)
def replace_route_table_association(self: Any) -> Answer:
    """The way to another main table, and to another table without a moment without one."""
    backend, association_id = self.ec2_backend, self._get_param("AssociationId") or ""
    old, new = _holder(backend, association_id), find_table(backend, self._get_param("RouteTableId"))
    if old.vpc_id != new.vpc_id:
        raise invalid_value(f"route tables {old.id} and {new.id} belong to different networks")
    self.error_on_dryrun()
    made = random_subnet_association_id()
    if old is new:
        made = association_id
    elif old.main_association_id == association_id:
        old.main_association_id, new.main_association_id = None, made
    else:
        target = old._associations.pop(association_id)
        if target.startswith("igw") or target.startswith("vgw"):
            _check_edge(new)
        new._associations[made] = target
    return Answer({"NewAssociationId": made, "AssociationState": {"State": "associated"}})


_ROUTE_FILTERS = {
    "route.destination-cidr-block": "DestinationCidrBlock",
    "route.destination-ipv6-cidr-block": "DestinationIpv6CidrBlock",
    "route.destination-prefix-list-id": "DestinationPrefixListId",
    "route.egress-only-internet-gateway-id": "EgressOnlyInternetGatewayId",
    "route.gateway-id": "GatewayId",
    "route.instance-id": "InstanceId",
    "route.nat-gateway-id": "NatGatewayId",
    "route.network-interface-id": "NetworkInterfaceId",
    "route.origin": "Origin",
    "route.state": "State",
    "route.transit-gateway-id": "TransitGatewayId",
    "route.vpc-peering-connection-id": "VpcPeeringConnectionId",
}
_ASSOCIATION_FILTERS = {
    "association.gateway-id": "GatewayId",
    "association.main": "Main",
    "association.route-table-association-id": "RouteTableAssociationId",
    "association.route-table-id": "RouteTableId",
    "association.subnet-id": "SubnetId",
}


def _values(table: Any, name: str) -> list[Any] | None:
    if name in _ASSOCIATION_FILTERS:
        return [item.get(_ASSOCIATION_FILTERS[name]) for item in table.associations]
    if name in _ROUTE_FILTERS:
        return [route_view(table.ec2_backend, route).get(_ROUTE_FILTERS[name]) for route in table._routes.values()]
    plain = {"vpc-id": table.vpc_id, "route-table-id": table.id, "owner-id": table.owner_id}
    return [plain[name]] if name in plain else None


@replaces(EC2Response)
def describe_route_tables(self: Any) -> Answer:
    self.error_on_dryrun()
    found = chosen(self.ec2_backend.route_tables, self._get_param("RouteTableIds"), NOT_FOUND, "routeTable")
    return Answer({"RouteTables": Views(filtered(found, self._filters_from_querystring(), _values), _view)})
