"""What an image bills by: platform details, usage operation and product codes, and which of it an image of a snapshot has.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-info-fields.html. AWS documents that Marketplace codes come along with a
snapshot; whether the codes of Windows, RHEL and SUSE do has changed over time, so it is a setting, `imagesKeepBilling`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import config
from .errors import ec2_error


@dataclass(frozen=True)
class Billing:
    """As DescribeImages and DescribeInstances tell it; codes with their types."""

    platform: str = "Linux/UNIX"
    usage: str = "RunInstances"
    codes: tuple[tuple[str, str], ...] = ()


PLAIN = Billing()
# Products that the accounts of AWS itself may give to an image; the names are this emulator's own.
_PRODUCTS = {
    "bp-windows": ("Windows", "RunInstances:0002"),
    "bp-rhel": ("Red Hat Enterprise Linux", "RunInstances:0010"),
    "bp-suse": ("SUSE Linux", "RunInstances:000g"),
    "bp-windows-sql": ("Windows with SQL Server Standard", "RunInstances:0006"),
}
_MARKETPLACE = "marketplace:"
# By the id of the volume that an instance booted from, in whatever account and region: a copy knows whose bytes it has.
_of_volumes: dict[str, Billing] = {}


def given(products: list[str], is_amazon: bool) -> Billing | None:
    """What RegisterImage is told, which nobody but AWS may."""
    if not products:
        return None
    if not is_amazon:
        raise ec2_error("OperationNotPermitted", "Your account is not authorized to specify billing product codes.")
    codes = tuple((name[len(_MARKETPLACE):], "marketplace") for name in products if name.startswith(_MARKETPLACE))
    known = [_PRODUCTS[name] for name in products if name in _PRODUCTS]
    platform, usage = known[0] if known else (PLAIN.platform, PLAIN.usage)
    return Billing(platform, usage, codes)


def booted(volume_id: str, billing: Billing) -> None:
    _of_volumes[volume_id] = billing


def of_snapshot(snapshot: Any) -> Billing:
    """What an image has that is registered of a root snapshot."""
    whole = _of_volumes.get(snapshot.lineage["volume"], PLAIN)
    return whole if config.get("imagesKeepBilling") else Billing(codes=whole.codes)


def put(target: Any, billing: Billing) -> None:
    """On an image or an instance."""
    target.billing = billing
    target.platform_details, target.usage_operation = billing.platform, billing.usage
    target.platform = "windows" if billing.platform.startswith("Windows") else None
    target.product_codes = [{"ProductCodeId": code, "ProductCodeType": kind} for code, kind in billing.codes]
