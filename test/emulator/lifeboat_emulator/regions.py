"""Regions and zones of the emulated AWS."""

from __future__ import annotations

from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

_NAMES = frozenset(region.name for region in RegionsAndZonesBackend.regions)


def exists(name: str) -> bool:
    return name in _NAMES
