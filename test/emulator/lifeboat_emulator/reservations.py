"""CIDR reservations of subnets. Hooks: the reservation calls of `EC2Response`.

https://docs.aws.amazon.com/vpc/latest/userguide/subnet-cidr-reservation.html
"""

from __future__ import annotations

import ipaddress
from typing import Any

from moto.ec2.models.subnets import SubnetCidrReservation
from moto.ec2.responses import EC2Response

from .answers import Answer
from .errors import ec2_error, invalid_value, missing
from .find import filtered, tag_list
from .networks import parse
from .patching import replaces
from .subnets import associations, every


def _view(reservation: Any) -> dict[str, Any]:
    return {
        "SubnetCidrReservationId": reservation.id,
        "SubnetId": reservation.subnet_id,
        "Cidr": str(reservation.cidr),
        "ReservationType": reservation.reservation_type,
        "OwnerId": reservation.owner_id,
        "Description": reservation.description,
        "Tags": tag_list(reservation),
    }


@replaces(EC2Response)
def create_subnet_cidr_reservation(self: Any) -> Answer:
    """Inside the subnet's own ranges, and no two that overlap."""
    backend = self.ec2_backend
    subnet = backend.get_subnet(self._get_param("SubnetId") or "")
    text, kind = self._get_param("Cidr"), self._get_param("ReservationType")
    if not text:
        raise missing("cidr")
    if kind not in ("explicit", "prefix"):
        raise invalid_value(f"Value ({kind}) for parameter reservationType is invalid; expected explicit or prefix.")
    cidr = parse(text, 6 if ":" in text else 4, "cidr")
    outer = [ipaddress.ip_network(item["Ipv6CidrBlock"]) for item in associations(subnet)]
    outer += [subnet.cidr] if subnet.cidr_block else []
    if not any(cidr.version == network.version and cidr.subnet_of(network) for network in outer):
        raise invalid_value(f"The CIDR {cidr} is not within the range of the subnet {subnet.id}.")
    if any(cidr.version == other.cidr.version and cidr.overlaps(other.cidr) for other in subnet._cidr_reservations):
        raise invalid_value(f"The CIDR {cidr} overlaps with an existing reservation of the subnet {subnet.id}.")
    tags = self._parse_tag_specification("subnet-cidr-reservation").get("subnet-cidr-reservation", {})
    self.error_on_dryrun()
    made = SubnetCidrReservation(backend, subnet.id, cidr, kind, backend.account_id)
    made.description = self._get_param("Description")  # type: ignore[attr-defined]
    if kind == "prefix" and cidr.version == 4:
        subnet._available_ip_addresses -= cidr.num_addresses
    subnet._cidr_reservations.append(made)
    backend.tags[made.id].update(tags)
    return Answer({"SubnetCidrReservation": _view(made)})


def _values(reservation: Any, name: str) -> list[Any] | None:
    return {"reservationType": [reservation.reservation_type], "subnet-id": [reservation.subnet_id]}.get(name)


@replaces(EC2Response)
def get_subnet_cidr_reservations(self: Any) -> Answer:
    self.error_on_dryrun()
    subnet = self.ec2_backend.get_subnet(self._get_param("SubnetId") or "")
    found = filtered(subnet._cidr_reservations, self._filters_from_querystring(), _values)
    views = {version: [_view(one) for one in found if one.cidr.version == version] for version in (4, 6)}
    return Answer({"SubnetIpv4CidrReservations": views[4], "SubnetIpv6CidrReservations": views[6]})


@replaces(EC2Response)
def delete_subnet_cidr_reservation(self: Any) -> Answer:
    backend, wanted = self.ec2_backend, self._get_param("SubnetCidrReservationId") or ""
    for subnet in every(backend).values():
        for reservation in subnet._cidr_reservations:
            if reservation.id != wanted:
                continue
            self.error_on_dryrun()
            answer = _view(reservation)
            subnet._cidr_reservations.remove(reservation)
            if reservation.reservation_type == "prefix" and reservation.cidr.version == 4:
                subnet._available_ip_addresses += reservation.cidr.num_addresses
            backend.tags.pop(wanted, None)
            return Answer({"DeletedSubnetCidrReservation": answer})
    raise ec2_error("InvalidSubnetCidrReservationID.NotFound", f"The subnet CIDR reservation ID '{wanted}' does not exist")
