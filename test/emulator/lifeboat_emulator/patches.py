"""Every module that changes moto, in an order in which each finds what it needs."""

from . import (  # noqa: F401
    tags,
    paging,
    snapshots,
    sharing,
    copies,
    locks,
    volumes,
    images,
    instances,
    launch,
    security_group_rules,
    security_group_changes,
    security_groups,
    network,
    sts,
    iam,
    kms,
    s3,
)
