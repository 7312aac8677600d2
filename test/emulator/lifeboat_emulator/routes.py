"""Routes: destination, target, and whether the target still leads anywhere (`blackhole` when it does not).

Hooks: the route calls of `EC2Response`, and the backend's `create_route` and `delete_route`, which moto's other models use.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Any, Callable

from moto.ec2.models.route_tables import RouteBackend
from moto.ec2.responses import EC2Response

from . import quotas
from .answers import Answer
from .errors import ec2_error, invalid_value, missing
from .find import one
from .networks import ipv4, ipv6
from .patching import replaces

DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
TARGETS = (
    "CarrierGatewayId",
    "CoreNetworkArn",
    "EgressOnlyInternetGatewayId",
    "GatewayId",
    "InstanceId",
    "LocalGatewayId",
    "NatGatewayId",
    "NetworkInterfaceId",
    "TransitGatewayId",
    "VpcEndpointId",
    "VpcPeeringConnectionId",
)


@dataclass
class Route:
    """One route. `kind` and `target` are the names of the request's members; a local route's target is `local`."""

    destination: str
    kind: str
    target: str
    target_id: str
    origin: str = "CreateRoute"

    @staticmethod
    def local(cidr: str) -> Route:
        return Route(cidr, DESTINATIONS[1] if ":" in cidr else DESTINATIONS[0], "GatewayId", "local", "CreateRouteTable")


def route_view(backend: Any, route: Route) -> dict[str, Any]:
    seen = {route.kind: route.destination, "Origin": route.origin, "State": "active"}
    name = "GatewayId" if route.target == "VpcEndpointId" else route.target
    seen[name] = route.target_id
    if route.target_id == "local":
        return seen
    if not _ALIVE.get(name, lambda *_: True)(backend, route.target_id):
        seen["State"] = "blackhole"
    if name in ("NetworkInterfaceId", "InstanceId"):
        seen |= _interface(backend, route)
    return seen


def _interface(backend: Any, route: Route) -> dict[str, Any]:
    """A route to an instance is one to its first interface; AWS says both."""
    if route.target == "InstanceId":
        instance = _instance(backend, route.target_id)
        nic = instance.nics.get(0) if instance is not None else None
    else:
        nic = backend.enis.get(route.target_id)
        instance = nic.instance if nic is not None else None
    owner = {"InstanceId": instance.id, "InstanceOwnerId": backend.account_id} if instance is not None else {}
    return {**owner, **({"NetworkInterfaceId": nic.id} if nic is not None else {})}


def _instance(backend: Any, instance_id: str) -> Any:
    return next((i for r in backend.reservations.values() for i in r.instances if i.id == instance_id), None)


def _gateway_alive(backend: Any, gateway_id: str) -> bool:
    if gateway_id.startswith("igw-"):
        gateway = backend.internet_gateways.get(gateway_id)
        return gateway is not None and gateway.vpc is not None
    if gateway_id.startswith("vpce-"):
        endpoint = backend.vpc_end_points.get(gateway_id)
        return endpoint is not None and endpoint.state == "available"
    gateway = backend.vpn_gateways.get(gateway_id)
    return gateway is not None and bool(gateway.attachments)


def _peering_alive(backend: Any, peering_id: str) -> bool:
    peering = backend.vpc_pcxs.get(peering_id)
    return peering is not None and peering._status.code == "active"


def _instance_alive(backend: Any, instance_id: str) -> bool:
    instance = _instance(backend, instance_id)
    return instance is not None and instance.state == "running"


def _interface_alive(backend: Any, nic_id: str) -> bool:
    nic = backend.enis.get(nic_id)
    return nic is not None and nic.instance is not None and nic.instance.state == "running"


def _nat_alive(backend: Any, nat_id: str) -> bool:
    nat = backend.nat_gateways.get(nat_id)
    return nat is not None and nat.state == "available"


_ALIVE: dict[str, Callable[[Any, str], bool]] = {
    "GatewayId": _gateway_alive,
    "EgressOnlyInternetGatewayId": lambda backend, one_id: one_id in backend.egress_only_internet_gateways,
    "InstanceId": _instance_alive,
    "NatGatewayId": _nat_alive,
    "NetworkInterfaceId": _interface_alive,
    "TransitGatewayId": lambda backend, one_id: one_id in backend.transit_gateways,
    "VpcPeeringConnectionId": _peering_alive,
}


def _one_of(params: Any, names: tuple[str, ...], what: str) -> tuple[str, str]:
    given = [(name, str(params(name))) for name in names if params(name)]
    if not given:
        raise missing(what)
    if len(given) > 1:
        raise ec2_error("InvalidParameterCombination", f"Exactly one {what} can be given; got {', '.join(name for name, _ in given)}.")
    return given[0]


def _destination(self: Any) -> tuple[str, str]:
    kind, text = _one_of(self._get_param, DESTINATIONS, "destinationCidrBlock")
    if kind == "DestinationCidrBlock":
        return kind, str(ipv4(text, "destinationCidrBlock"))
    if kind == "DestinationIpv6CidrBlock":
        return kind, str(ipv6(text, "destinationIpv6CidrBlock"))
    one(self.ec2_backend.managed_prefix_lists, text, "InvalidPrefixListID.NotFound", "prefixList")
    return kind, text


def _target(self: Any, table: Any, kind: str, destination: str) -> tuple[str, str]:
    """A target that exists and is of the table's own VPC."""
    backend = self.ec2_backend
    name, target_id = _one_of(self._get_param, TARGETS, "target")
    vpcs: list[Any]
    what = "network gateway"
    if name == "GatewayId" and target_id.startswith("igw-"):
        gateway = one(backend.internet_gateways, target_id, "InvalidInternetGatewayID.NotFound", "internetGateway")
        vpcs = [gateway.vpc.id] if gateway.vpc else []
    elif name == "GatewayId" and target_id.startswith("vgw-"):
        vpcs = list(one(backend.vpn_gateways, target_id, "InvalidVpnGatewayID.NotFound", "vpnGateway").attachments)
    elif name == "GatewayId" and target_id.startswith("vpce-"):
        # The endpoint itself puts these routes into its tables.
        raise ec2_error("RouteNotSupported", f"Route table contains unsupported route target: {target_id}. VPC Endpoints of this type cannot be used as route targets.")
    elif name == "GatewayId":
        raise ec2_error("InvalidGatewayID.NotFound", f"The gateway ID '{target_id}' does not exist")
    elif name == "EgressOnlyInternetGatewayId":
        if kind == "DestinationCidrBlock":
            raise invalid_value(f"The egress-only internet gateway {target_id} is for IPv6 destinations only.")
        vpcs = [one(backend.egress_only_internet_gateways, target_id, "InvalidGatewayID.NotFound", "eigw").vpc_id]
    elif name == "VpcPeeringConnectionId":
        peering = one(backend.vpc_pcxs, target_id, "InvalidVpcPeeringConnectionID.NotFound", "vpcPeeringConnection")
        if peering._status.code != "active":
            raise ec2_error("InvalidStateTransition", f"VpcPeeringConnectionID {target_id} is not in the active state: {peering._status.code}.")
        vpcs, what = [peering.vpc.id, peering.peer_vpc.id], "vpc peering connection"
    elif name == "NatGatewayId":
        nat = one(backend.nat_gateways, target_id, "NatGatewayNotFound", "natGateway")
        vpcs = [nat.vpc_id]
    elif name == "NetworkInterfaceId":
        vpcs, what = [one(backend.enis, target_id, "InvalidNetworkInterfaceID.NotFound", "networkInterface").vpc_id], "interface"
    elif name == "InstanceId":
        instance = _instance(backend, target_id)
        if instance is None or instance.state == "terminated":
            raise ec2_error("InvalidInstanceID.NotFound", f"The instance ID '{target_id}' does not exist")
        if len(instance.nics) != 1:
            raise ec2_error("InvalidInstanceID", f"There are multiple interfaces attached to instance '{target_id}'. Please specify an interface ID for the operation instead.")
        vpcs, what = [instance.vpc_id], "instance"
    elif name == "TransitGatewayId":
        one(backend.transit_gateways, target_id, "InvalidTransitGatewayID.NotFound", "transitGateway")
        vpcs = [table.vpc_id]
    else:
        raise ec2_error("UnsupportedOperation", f"Routes to {name} are not known to this emulator.")
    if table.vpc_id not in vpcs:
        raise invalid_value(f"route table {table.id} and {what} {target_id} belong to different networks")
    _check_specific(table, kind, destination, name)
    return name, target_id


def _check_specific(table: Any, kind: str, destination: str, target: str) -> None:
    """Inside the VPC's own ranges only interfaces, instances and NAT gateways can be targets."""
    if kind == "DestinationPrefixListId" or target in ("NetworkInterfaceId", "InstanceId", "NatGatewayId", "TransitGatewayId"):
        return
    network = ipaddress.ip_network(destination)
    for route in table._routes.values():
        if route.target_id == "local" and route.kind == kind and network.subnet_of(ipaddress.ip_network(route.destination)):
            raise invalid_value(
                f"The destination CIDR block {destination} is equal to or more specific than one of this VPC's CIDR blocks. "
                "This route can target only an interface or an instance."
            )


def weight(backend: Any, route: Route) -> int:
    """A prefix list counts with its maximum of entries; local routes do not count."""
    if route.origin == "CreateRouteTable":
        return 0
    prefix_list = backend.managed_prefix_lists.get(route.destination) if route.kind == "DestinationPrefixListId" else None
    return 1 if prefix_list is None else int(prefix_list.max_entries or 1)


def check_quota(backend: Any, table: Any, more: int = 0) -> None:
    count = sum(weight(backend, route) for route in table._routes.values()) + more
    quotas.check(backend, quotas.ROUTES, count, "RouteLimitExceeded", "The maximum number of routes has been reached.")


@replaces(EC2Response)
def create_route(self: Any) -> Answer:
    from .route_tables import find_table

    backend = self.ec2_backend
    table = find_table(backend, self._get_param("RouteTableId"))
    kind, destination = _destination(self)
    target, target_id = _target(self, table, kind, destination)
    if destination in table._routes:
        raise ec2_error("RouteAlreadyExists", f"The route identified by {destination} already exists.")
    route = Route(destination, kind, target, target_id)
    check_quota(backend, table, weight(backend, route))
    self.error_on_dryrun()
    table._routes[destination] = route
    return Answer({"Return": True})


@replaces(EC2Response)
def replace_route(self: Any) -> Answer:
    from .route_tables import find_table

    table = find_table(self.ec2_backend, self._get_param("RouteTableId"))
    kind, destination = _destination(self)
    route = table._routes.get(destination)
    if route is None:
        raise invalid_value(f"There is no route defined for '{destination}' in the route table. Use CreateRoute instead.")
    if self._get_param("LocalTarget"):
        if route.origin != "CreateRouteTable":
            raise invalid_value(f"The route {destination} is no local route.")
        route.target, route.target_id = "GatewayId", "local"
        return Answer()
    target, target_id = _target(self, table, kind, destination)
    if route.target_id.startswith("vpce-"):
        raise invalid_value(f"cannot replace the route of VPC endpoint {route.target_id}")
    self.error_on_dryrun()
    route.target, route.target_id = target, target_id
    return Answer()


@replaces(EC2Response)
def delete_route(self: Any) -> Answer:
    from .route_tables import find_table

    table = find_table(self.ec2_backend, self._get_param("RouteTableId"))
    kind, text = _one_of(self._get_param, DESTINATIONS, "destinationCidrBlock")
    destination = text if kind == "DestinationPrefixListId" else str((ipv4 if kind == "DestinationCidrBlock" else ipv6)(text))
    route = table._routes.get(destination)
    if route is None:
        raise ec2_error("InvalidRoute.NotFound", f"no route with destination-cidr-block {destination} in route table {table.id}")
    if route.origin == "CreateRouteTable":
        raise invalid_value(f"cannot remove local route {destination} in route table {table.id}")
    if route.target_id.startswith("vpce-"):
        raise invalid_value(f"cannot remove VPC endpoint route {destination} in route table {table.id}")
    self.error_on_dryrun()
    table._routes.pop(destination)
    return Answer()


def _refused(self: Any, *_: Any, **__: Any) -> Any:
    raise NotImplementedError("routes are made by routes.py only")


RouteBackend.create_route = _refused  # type: ignore[method-assign]
RouteBackend.delete_route = _refused  # type: ignore[method-assign]
RouteBackend.replace_route = _refused  # type: ignore[method-assign]
