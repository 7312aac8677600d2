"""What AWS answers of a distribution where the call said nothing.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html
"""

from __future__ import annotations

from typing import Any

_EMPTY = {"Quantity": 0}
_CONFIG: dict[str, Any] = {
    "Aliases": _EMPTY,
    "CacheBehaviors": _EMPTY,
    "CustomErrorResponses": _EMPTY,
    "OriginGroups": _EMPTY,
    "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
    "PriceClass": "PriceClass_All",
    "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
    "DefaultRootObject": "",
    "WebACLId": "",
    "HttpVersion": "http2",
    "IsIPV6Enabled": False,
    "ContinuousDeploymentPolicyId": "",
    "Staging": False,
}
_BEHAVIOR: dict[str, Any] = {
    "TrustedSigners": {"Enabled": False, "Quantity": 0},
    "TrustedKeyGroups": {"Enabled": False, "Quantity": 0},
    "SmoothStreaming": False,
    "Compress": False,
    "LambdaFunctionAssociations": _EMPTY,
    "FunctionAssociations": _EMPTY,
    "FieldLevelEncryptionId": "",
    "GrpcConfig": {"Enabled": False},
}
_METHODS = {"Quantity": 2, "Items": ["HEAD", "GET"]}
_ORIGIN: dict[str, Any] = {
    "OriginPath": "",
    "CustomHeaders": _EMPTY,
    "ConnectionAttempts": 3,
    "ConnectionTimeout": 10,
    "OriginShield": {"Enabled": False},
    "OriginAccessControlId": "",
}
_CUSTOM: dict[str, Any] = {"OriginReadTimeout": 30, "OriginKeepaliveTimeout": 5, "OriginSslProtocols": {"Quantity": 2, "Items": ["TLSv1", "SSLv3"]}}
_DEFAULT_CERTIFICATE = {"CloudFrontDefaultCertificate": True, "SSLSupportMethod": "vip", "MinimumProtocolVersion": "TLSv1", "CertificateSource": "cloudfront"}


def filled(config: dict[str, Any]) -> dict[str, Any]:
    """The whole configuration. Empty ids are none."""
    made = {**_CONFIG, **{name: value for name, value in config.items() if value is not None}}
    made["DefaultCacheBehavior"] = _behavior(made["DefaultCacheBehavior"])
    if made["CacheBehaviors"].get("Items"):
        made["CacheBehaviors"] = {**made["CacheBehaviors"], "Items": [_behavior(each) for each in made["CacheBehaviors"]["Items"]]}
    made["Origins"] = {**made["Origins"], "Items": [_origin(each) for each in made["Origins"]["Items"]]}
    if made["CustomErrorResponses"].get("Items"):
        errors = [{"ResponsePagePath": "", "ResponseCode": "", "ErrorCachingMinTTL": 10, **each} for each in made["CustomErrorResponses"]["Items"]]
        made["CustomErrorResponses"] = {**made["CustomErrorResponses"], "Items": errors}
    made["ViewerCertificate"] = _certificate(made.get("ViewerCertificate") or {})
    return made


def _behavior(behavior: dict[str, Any]) -> dict[str, Any]:
    made = {**_BEHAVIOR, **{name: value for name, value in behavior.items() if not (name.endswith("PolicyId") and value == "")}}
    methods = {**_METHODS, **(made.get("AllowedMethods") or {})}
    made["AllowedMethods"] = {**methods, "CachedMethods": methods.get("CachedMethods") or _METHODS}
    if "ForwardedValues" in made:
        made["ForwardedValues"] = {"Headers": _EMPTY, "QueryStringCacheKeys": _EMPTY, **made["ForwardedValues"]}
        made = {"MinTTL": 0, "DefaultTTL": 86400, "MaxTTL": 31536000, **made}
    return made


def _origin(origin: dict[str, Any]) -> dict[str, Any]:
    made = {**_ORIGIN, **origin}
    if made.get("CustomOriginConfig"):
        made["CustomOriginConfig"] = {**_CUSTOM, **made["CustomOriginConfig"]}
    return made


def _certificate(given: dict[str, Any]) -> dict[str, Any]:
    if given.get("ACMCertificateArn"):
        return {"CloudFrontDefaultCertificate": False, "MinimumProtocolVersion": "TLSv1.2_2021", **given, "Certificate": given["ACMCertificateArn"], "CertificateSource": "acm"}
    if given.get("IAMCertificateId"):
        return {"CloudFrontDefaultCertificate": False, **given, "Certificate": given["IAMCertificateId"], "CertificateSource": "iam"}
    return dict(_DEFAULT_CERTIFICATE)
