"""What CloudFront refuses of a distribution's configuration.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateDistribution.html#API_UpdateDistribution_Errors
"""

from __future__ import annotations

import re
from typing import Any

from moto.s3.models import s3_backends

from .cloudfront_certificates import covers, issued
from .cloudfront_store import Entry, everywhere, of, refuse
from .cloudfront_uses import behaviors

_S3 = re.compile(r"^[a-z0-9.-]+\.s3([.-](dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com$")


def check(account: str, config: dict[str, Any], own: Entry | None) -> None:
    """Raises for what AWS would not take. `own` is the distribution that is changed."""
    _check_names(account, config, own)
    ids = [origin["Id"] for origin in config["Origins"]["Items"]]
    if len(set(ids)) < len(ids):
        raise refuse("InvalidArgument", "The parameter Origin Id must be unique.")
    for origin in config["Origins"]["Items"]:
        _check_origin(account, origin)
    groups = config["OriginGroups"].get("Items") or []
    for group in groups:
        for member in group["Members"]["Items"]:
            if member["OriginId"] not in ids:
                raise refuse("NoSuchOrigin", "One or more of your origins or origin groups do not exist.")
    for behavior in behaviors(config):
        _check_behavior(account, behavior, {*ids, *(group["Id"] for group in groups)})
    bucket = config["Logging"].get("Bucket", "")
    if config["Logging"].get("Enabled") and bucket.split(".s3")[0] not in s3_backends.bucket_accounts:
        raise refuse("InvalidArgument", f"The S3 bucket that you specified for CloudFront logs doesn't exist: {bucket}")
    acl = config["WebACLId"]
    if acl and not acl.startswith(f"arn:aws:wafv2:us-east-1:{account}:global/webacl/"):
        raise refuse("InvalidWebACLId", f"Web ACL is not accessible by the requester: {acl}")


def _check_names(account: str, config: dict[str, Any], own: Entry | None) -> None:
    names = config["Aliases"].get("Items") or []
    certificate = config["ViewerCertificate"].get("ACMCertificateArn")
    if certificate and not issued(account, certificate):
        raise refuse("InvalidViewerCertificate", "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.")
    for name in names:
        if name != name.lower():
            raise refuse("InvalidArgument", f"The parameter CNAME contains one or more parameters that are not valid: {name}")
        if not config["ViewerCertificate"].get("IAMCertificateId") and not (certificate and covers(account, certificate, name)):
            raise refuse("InvalidViewerCertificate", "To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted certificate that validates your authorization to use the domain name.")
    for _, other in everywhere("Distribution"):
        if other is not own and set(names) & set(other.config["Aliases"].get("Items") or []):
            raise refuse("CNAMEAlreadyExists", "One or more of the CNAMEs you provided are already associated with a different resource.")


def _check_origin(account: str, origin: dict[str, Any]) -> None:
    control, identity = origin["OriginAccessControlId"], (origin.get("S3OriginConfig") or {}).get("OriginAccessIdentity")
    if "VpcOriginConfig" in origin:
        raise refuse("EntityNotFound", "The VPC origin does not exist.")
    if ("S3OriginConfig" in origin) == ("CustomOriginConfig" in origin):
        raise refuse("InvalidArgument", "An origin is either an S3 origin or a custom origin.")
    if "S3OriginConfig" in origin and not _S3.match(origin["DomainName"]):
        raise refuse("InvalidArgument", "The parameter Origin DomainName does not refer to a valid S3 bucket.")
    if control and identity:
        raise refuse("IllegalOriginAccessConfiguration", "An origin cannot contain both an origin access control (OAC) and an origin access identity (OAI).")
    if control:
        known = of(account, "OriginAccessControl").get(control)
        if known is None:
            raise refuse("InvalidOriginAccessControl", "The specified origin access control does not exist.")
        if known.config["OriginAccessControlOriginType"] == "s3" and not _S3.match(origin["DomainName"]):
            raise refuse("InvalidDomainNameForOriginAccessControl", "An origin access control of the type s3 needs the domain name of a bucket.")
    if identity and identity.rpartition("/")[2] not in of(account, "CloudFrontOriginAccessIdentity"):
        raise refuse("InvalidOriginAccessIdentity", "The specified origin access identity does not exist or is not valid.")


def _check_behavior(account: str, behavior: dict[str, Any], targets: set[str]) -> None:
    from .cloudfront_objects import SORTS, objects

    if behavior["TargetOriginId"] not in targets:
        raise refuse("NoSuchOrigin", "One or more of your origins or origin groups do not exist.")
    if ("CachePolicyId" in behavior) == ("ForwardedValues" in behavior):
        raise refuse("InvalidArgument", "A cache behavior needs either a cache policy or ForwardedValues, and not both.")
    for sort in SORTS:
        key = behavior.get(f"{sort.name}Id")
        if sort.name.endswith("Policy") and key and key not in objects(account, sort):
            raise refuse(f"NoSuch{sort.name}", f"The {sort.name} does not exist: {key}.")
    for group in behavior["TrustedKeyGroups"].get("Items") or []:
        if group not in of(account, "KeyGroup"):
            raise refuse("TrustedKeyGroupDoesNotExist", "The specified key group does not exist.")
    live = of(account, "Function LIVE")
    for function in behavior["FunctionAssociations"].get("Items") or []:
        head, _, name = function["FunctionARN"].rpartition("/")
        if head != f"arn:aws:cloudfront::{account}:function" or name not in live:
            raise refuse("InvalidFunctionAssociation", "A CloudFront function association is invalid.")
    for function in behavior["LambdaFunctionAssociations"].get("Items") or []:
        if not function["LambdaFunctionARN"].startswith(f"arn:aws:lambda:us-east-1:{account}:function:"):
            raise refuse("InvalidLambdaFunctionAssociation", "The specified Lambda@Edge function association is invalid.")
