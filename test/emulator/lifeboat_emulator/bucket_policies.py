"""What S3 takes as a bucket's policy. Hook: `S3Backend.put_bucket_policy`."""

from __future__ import annotations

import json
import re
from typing import Any

from moto.iam.models import iam_backends
from moto.s3.models import S3Backend

from .errors import GateError
from .patching import replaces
from .policy import many

_MOST_BYTES = 20_480
_PRINCIPAL = re.compile(r"arn:aws:iam::(\d{12}):(role|user)/(?:.*/)?([^/]+)")
# Keys whose fixed values keep a statement from being public, lowered:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
_FIXING = {
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalaccount",
    "aws:sourceip",
    "aws:sourcearn",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceowner",
    "aws:sourceaccount",
    "aws:userid",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "s3:dataaccesspointarn",
    "s3:dataaccesspointaccount",
}


@replaces(S3Backend)
def put_bucket_policy(self: Any, bucket_name: str, policy: bytes) -> None:
    bucket = self.get_bucket(bucket_name)
    statements = _statements(policy)
    for statement in statements:
        _check_principal(statement)
        _check_resource(statement, bucket_name)
    block = bucket.public_access_block
    if block is not None and str(block.block_public_policy).lower() == "true" and any(map(_is_public, statements)):
        raise GateError("AccessDenied", "Access Denied: public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.", 403)
    put_bucket_policy.original(self, bucket_name, policy)  # type: ignore[attr-defined]


def _malformed(message: str) -> GateError:
    return GateError("MalformedPolicy", message)


def _statements(policy: bytes) -> list[dict[str, Any]]:
    if len(policy) > _MOST_BYTES:
        raise _malformed("Policy exceeds the maximum allowed document size.")
    try:
        document = json.loads(policy)
    except ValueError:
        raise _malformed("This policy contains invalid Json") from None
    if not isinstance(document, dict):
        raise _malformed("Policies must be valid JSON and the first byte must be '{'")
    statements = many(document.get("Statement"))
    if not statements:
        raise _malformed("Missing required field Statement")
    for statement in statements:
        if statement.get("Effect") not in ("Allow", "Deny"):
            raise _malformed("Missing required field Effect")
        if not ("Action" in statement or "NotAction" in statement):
            raise _malformed("Missing required field Action")
        if not ("Principal" in statement or "NotPrincipal" in statement):
            raise _malformed("Missing required field Principal")
    return statements


def _check_principal(statement: dict[str, Any]) -> None:
    """A principal that is not there is refused. Of accounts, only that they are written as such can be told."""
    named = statement.get("Principal", statement.get("NotPrincipal"))
    for value in many(named.get("AWS")) if isinstance(named, dict) else []:
        found = _PRINCIPAL.fullmatch(str(value))
        if value == "*" or re.fullmatch(r"\d{12}|arn:aws:iam::\d{12}:root", str(value)):
            continue
        if found is None or not _exists(*found.groups()):
            raise _malformed("Invalid principal in policy")


def _exists(account: str, sort: str, name: str) -> bool:
    backend = iam_backends[account]["aws"]
    return name in backend.users if sort == "user" else any(role.name == name for role in backend.roles.values())


def _check_resource(statement: dict[str, Any], bucket: str) -> None:
    for value in many(statement.get("Resource", statement.get("NotResource"))):
        if not re.fullmatch(rf"arn:aws:s3:::{re.escape(bucket)}(/.*)?", str(value), re.DOTALL):
            raise _malformed("Policy has invalid resource")


def _is_public(statement: dict[str, Any]) -> bool:
    if statement["Effect"] != "Allow":
        return False
    named = statement.get("Principal")
    if "NotPrincipal" not in statement and named != "*" and not (isinstance(named, dict) and "*" in many(named.get("AWS"))):
        # A service acts for anybody who asks it to, unless it is said for whom.
        if not (isinstance(named, dict) and "Service" in named):
            return False
    conditions = [(key, value) for keys in statement.get("Condition", {}).values() for key, value in keys.items()]
    return not any(key.lower() in _FIXING and not any("*" == str(each) for each in many(value)) for key, value in conditions)
