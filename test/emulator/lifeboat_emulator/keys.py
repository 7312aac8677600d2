"""KMS keys as EBS sees them: which key an identifier means, and whether a caller may use it for a snapshot or volume."""

from __future__ import annotations

import re

from moto.kms.models import Key, kms_backends

from . import policy
from .accounts import Principal

# What copying a snapshot or making a volume asks of a key.
# https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html#share-kms-key
EBS_ACTIONS = ("DescribeKey", "CreateGrant", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "Decrypt")
_ARN = re.compile(r"^arn:aws:kms:([^:]+):(\d{12}):(key|alias)/(.+)$")


def find(account: str, region: str, identifier: str) -> Key | None:
    """The key that an id, ARN, alias or alias ARN means in this account and region; ARNs may name another account."""
    match = _ARN.match(identifier)
    if match:
        region, account = match.group(1), match.group(2)
        identifier = match.group(4) if match.group(3) == "key" else f"alias/{match.group(4)}"
    backend = kms_backends[account][region]
    if identifier.startswith("alias/"):
        if identifier in _DEFAULTS:
            return default_key(account, region, identifier)
        return next((key for key in backend.keys.values() if identifier in key.aliases), None)
    return backend.keys.get(identifier)


def condition_keys(key: Key | None) -> dict[str, list[str]]:
    """What conditions may ask of a key. One without an alias has no such value."""
    return {"kms:ResourceAliases": sorted(key.aliases)} if key is not None and key.aliases else {}


_DEFAULTS = {
    "alias/aws/ebs": "Default key that protects my EBS volumes when no other key is defined",
    "alias/aws/s3": "Default key that protects my S3 objects when no other key is defined",
}


def default_key(account: str, region: str, alias: str = "alias/aws/ebs") -> Key:
    """An AWS managed key, made when it is first needed."""
    backend = kms_backends[account][region]
    for key in backend.keys.values():
        if alias in key.aliases:
            return key
    key = backend.create_key(None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", _DEFAULTS[alias], None)
    key.key_manager = "AWS"
    backend.create_alias(key.id, alias)
    return key


def is_default(arn: str | None) -> bool:
    """Whether this is an account's aws/ebs key, whose policy nobody can change: what it encrypts cannot be shared."""
    match = _ARN.match(arn or "")
    key = kms_backends[match.group(2)][match.group(1)].keys.get(match.group(4)) if match else None
    return key is not None and "alias/aws/ebs" in key.aliases


def usable(arn: str | None, caller: Principal | None, region: str) -> bool:
    """Whether the caller can use the key through EBS: it exists, is enabled, and policy or grant lets it."""
    match = _ARN.match(arn or "")
    key = find(match.group(2), match.group(1), arn or "") if match else None
    if key is None or caller is None or key.key_state != "Enabled":
        return False
    return all(allows(key, caller, f"kms:{name}", f"ec2.{region}.amazonaws.com") for name in EBS_ACTIONS)


def allows(key: Key, caller: Principal, action: str, via: str) -> bool:
    """Whether the key's policy, its grants and the caller's own policies let the service `via` do this for the caller."""
    from . import authorize

    context = {
        **authorize.caller_context(caller),
        **condition_keys(key),
        "kms:ViaService": via,
        "kms:CallerAccount": caller.account,
        "kms:GrantIsForAWSResource": "true",
        "aws:RequestedRegion": via.split(".")[1],
    }
    ask = policy.Ask(action, key.arn, (caller.arn, caller.entity_arn), caller.account, context)
    verdict, named = policy.evaluate(key.policy, ask, resource_policy=True)
    if verdict == policy.DENY:
        return False
    granted = any(
        action.removeprefix("kms:") in grant.operations and grant.grantee_principal in (*ask.principals, f"arn:aws:iam::{caller.account}:root")
        for grant in key.grants.values()
    )
    if granted:
        return True
    # A key policy that names the caller is enough inside one account; across accounts its own policies must agree.
    own = verdict == policy.ALLOW and named and key.account_id == caller.account
    return verdict == policy.ALLOW and authorize.identity_allows(caller, ask, resource_policy_names=own)
