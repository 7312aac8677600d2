"""Availability zones: which there are, and that their letters differ between accounts while their ids do not.

Hooks: the zones of `RegionsAndZonesBackend`, `InstanceTypeOfferingBackend`, the zone and region calls of `EC2Response`.
"""

from __future__ import annotations

import copy
import functools
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend, Zone
from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS, InstanceTypeOfferingBackend
from moto.ec2.responses import EC2Response
from moto.utilities.utils import filter_resources

from .errors import ec2_error, invalid_value
from .patching import replaces

for _zone in (zone for zones in RegionsAndZonesBackend.zones.values() for zone in zones):
    _zone.opt_in_status, _zone.network_border_group = "opt-in-not-required", _zone.region_name  # type: ignore[attr-defined]
    _zone.group_name = f"{_zone.region_name}-zg-1"  # type: ignore[attr-defined]
    _zone.messages = []
_FILTERS = (("zone-id", "zone_id"), ("zone-type", "zone_type"), ("zone-name", "name"), ("region-name", "region_name"), ("state", "state"))


@functools.cache
def zones_of(account: str, region: str) -> list[Zone]:
    """The region's zones as this account calls them: letters a, b and c go round by the account's last digit."""
    zones = RegionsAndZonesBackend.zones.get(region, [])
    turning = zones[:3]
    shift = int(account[-1]) % len(turning) if turning else 0
    found = []
    for index, zone in enumerate(zones):
        named = copy.copy(zone)
        if index < len(turning):
            named.name = turning[(index + shift) % len(turning)].name
        found.append(named)
    return sorted(found, key=lambda zone: zone.name)


@replaces(RegionsAndZonesBackend, name="describe_availability_zones")
def backend_zones(self: Any, filters: Any = None, zone_names: list[str] | None = None, zone_ids: list[str] | None = None) -> list[Zone]:
    found = zones_of(self.account_id, self.region_name)
    found = [zone for zone in found if (not zone_names or zone.name in zone_names) and (not zone_ids or zone.zone_id in zone_ids)]
    return filter_resources(found, filters, _FILTERS) if filters else found


@replaces(InstanceTypeOfferingBackend)
def describe_instance_type_offerings(self: Any, location_type: str | None = None, filters: Any = None) -> list[Any]:
    """By zone letter it is the account's own letters that count."""
    if location_type != "availability-zone":
        return describe_instance_type_offerings.original(self, location_type, filters)  # type: ignore[attr-defined]
    names = {zone.zone_id: zone.name for zone in zones_of(self.account_id, self.region_name)}
    offered = INSTANCE_TYPE_OFFERINGS["availability-zone-id"].get(self.region_name, [])
    found = [{**offer, "LocationType": location_type, "Location": names.get(offer["Location"], offer["Location"])} for offer in offered]
    return [offer for offer in found if self.matches_filters(offer, filters or {}, location_type)]


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
