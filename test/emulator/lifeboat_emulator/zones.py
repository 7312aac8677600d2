"""Availability zones: which there are, and that their letters differ between accounts while their ids do not.

Hooks: the zones of `RegionsAndZonesBackend`, the zone and region calls of `EC2Response`.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend, Zone
from moto.ec2.responses import EC2Response

from .errors import ec2_error, invalid_value
from .patching import replaces

for _zone in (zone for zones in RegionsAndZonesBackend.zones.values() for zone in zones):
    _zone.opt_in_status, _zone.network_border_group = "opt-in-not-required", _zone.region_name  # type: ignore[attr-defined]
    _zone.group_name = f"{_zone.region_name}-zg-1"  # type: ignore[attr-defined]
    _zone.messages = []


def find_zone(backend: Any, name: str | None, zone_id: str | None) -> Zone | None:
    zones = backend.describe_availability_zones()
    if name and zone_id:
        raise ec2_error("InvalidParameterCombination", "Specify either AvailabilityZone or AvailabilityZoneId.")
    if not name and not zone_id:
        return None
    found = next((zone for zone in zones if zone.name == name or zone.zone_id == zone_id), None)
    if found is None:
        known = ", ".join(zone.name if name else zone.zone_id for zone in zones)
        what = "availabilityZone" if name else "availabilityZoneId"
        raise invalid_value(f"Value ({name or zone_id}) for parameter {what} is invalid. Subnets can currently only be created in: {known}.")
    return found


@replaces(EC2Response)
def describe_availability_zones(self: Any) -> ActionResult:
    backend = self.ec2_backend
    zones = backend.describe_availability_zones()
    for name in self._get_param("ZoneNames") or []:
        if not any(zone.name == name for zone in zones):
            raise invalid_value(f"Invalid availability zone: [{name}]")
    for zone_id in self._get_param("ZoneIds") or []:
        if not any(zone.zone_id == zone_id for zone in zones):
            raise invalid_value(f"Invalid availability zone-id: [{zone_id}]")
    return describe_availability_zones.original(self)  # type: ignore[attr-defined]


@replaces(EC2Response)
def describe_regions(self: Any) -> ActionResult:
    for name in self._get_param("RegionNames") or []:
        if not any(region.name == name for region in RegionsAndZonesBackend.regions):
            raise invalid_value(f"Invalid region name: {name}")
    return describe_regions.original(self)  # type: ignore[attr-defined]
