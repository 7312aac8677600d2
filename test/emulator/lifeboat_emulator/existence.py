"""Whether what an id names is there, for CreateTags and DeleteTags. Hook: `EC2Backend.do_resources_exist`."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE

from . import placement
from .errors import ec2_error
from .find import not_found
from .patching import replaces
from .subnets import every

# What the tags of a resource call its type, where moto has another name or none.
EC2_PREFIX_TO_RESOURCE.update({"pl": "prefix-list", "pg": "placement-group", "eipalloc": "elastic-ip", "eigw": "egress-only-internet-gateway", "vpce": "vpc-endpoint"})

# Where objects of a prefix are kept, and the error for one that is not there.
_STORES: dict[str, tuple[Any, str]] = {
    "acl": (lambda backend: backend.network_acls, "InvalidNetworkAclID.NotFound"),
    "dopt": (lambda backend: backend.dhcp_options_sets, "InvalidDhcpOptionID.NotFound"),
    "eigw": (lambda backend: backend.egress_only_internet_gateways, "InvalidGatewayID.NotFound"),
    "eni": (lambda backend: backend.enis, "InvalidNetworkInterfaceID.NotFound"),
    "igw": (lambda backend: backend.internet_gateways, "InvalidInternetGatewayID.NotFound"),
    "key": (lambda backend: {pair.id for pair in backend.key_pairs.values()}, "InvalidKeyPair.NotFound"),
    "lt": (lambda backend: backend.launch_templates, "InvalidLaunchTemplateId.NotFound"),
    "pcx": (lambda backend: backend.vpc_pcxs, "InvalidVpcPeeringConnectionID.NotFound"),
    "pg": (lambda backend: {group.id for group in placement.groups(backend).values()}, "InvalidPlacementGroup.Unknown"),
    "pl": (lambda backend: {key for key, item in backend.managed_prefix_lists.items() if item.resource_owner_id != "AWS"}, "InvalidPrefixListID.NotFound"),
    "rtb": (lambda backend: backend.route_tables, "InvalidRouteTableID.NotFound"),
    "scr": (lambda backend: {r.id for subnet in every(backend).values() for r in subnet._cidr_reservations}, "InvalidSubnetCidrReservationID.NotFound"),
    "sg": (lambda backend: {key for groups in backend.groups.values() for key in groups}, "InvalidGroup.NotFound"),
    "subnet": (every, "InvalidSubnetID.NotFound"),
    "vpc": (lambda backend: backend.vpcs, "InvalidVpcID.NotFound"),
    "vpce": (lambda backend: backend.vpc_end_points, "InvalidVpcEndpointId.NotFound"),
}


@replaces(EC2Backend)
def do_resources_exist(self: Any, resource_ids: list[str]) -> bool:
    others = []
    for resource_id in resource_ids:
        prefix = resource_id.rpartition("-")[0]
        if prefix not in _STORES:
            others.append(resource_id)
            continue
        store, code = _STORES[prefix]
        if resource_id not in store(self):
            raise not_found(code, EC2_PREFIX_TO_RESOURCE.get(prefix, prefix), [resource_id])
    if any("-" not in resource_id for resource_id in others):
        raise ec2_error("InvalidID", f"The ID '{others[0]}' is not valid")
    return do_resources_exist.original(self, others)  # type: ignore[attr-defined]
