"""Certificates as ACM has them: pending until DNS proves the names, given up after 72 hours, with the algorithm that was asked for.

Hooks: `CertBundle.check` and `.describe`, and the calls of `AWSCertificateManagerResponse`. A name is proved by the record in any hosted
zone of any account: https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html. The record of one name is the same for every
request of one account, and another in another account.
"""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

from moto.acm.exceptions import AWSError
from moto.acm.models import CertBundle
from moto.acm.responses import AWSCertificateManagerResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, EmptyResult
from moto.route53.models import route53_backends

from . import clock, quotas, service_paging, service_tags
from .patching import replaces

_ALGORITHMS = ("RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1")
# What is listed unless others are asked for: https://docs.aws.amazon.com/acm/latest/APIReference/API_Filters.html
_LISTED = ("RSA_1024", "RSA_2048")
_TIME_OUT = datetime.timedelta(hours=72)
# Of a certificate that there is not yet.
_OF_ISSUED = ("IssuedAt", "NotAfter", "NotBefore", "Serial", "Issuer", "SignatureAlgorithm", "ExtendedKeyUsages")


def _refuse(message: str) -> JsonRESTError:
    return JsonRESTError("ValidationException", message)


def _record(account: str, name: str) -> tuple[str, str]:
    """A wildcard is proved by the record of what it stands before."""
    base = name.removeprefix("*.")
    token = hashlib.sha256(f"{account} {base}".encode()).hexdigest()
    return f"_{token[:32]}.{base}.", f"_{token[32:64]}.acm-validations.aws."


def _is_proved(name: str, value: str) -> bool:
    for backends in list(route53_backends.values()):
        for backend in list(backends.values()):
            for zone in backend.zones.values():
                for record in zone.rrsets:
                    if record.type == "CNAME" and record.name.rstrip(".") == name.rstrip(".") and any(str(each).rstrip(".") == value.rstrip(".") for each in record.records):
                        return True
    return False


def _names(bundle: Any) -> list[str]:
    return list(dict.fromkeys([bundle.common_name, *getattr(bundle, "requested", sorted(bundle.sans))]))


def _account(bundle: Any) -> str:
    return str(bundle.arn.split(":")[4])


@replaces(CertBundle)
def check(self: Any) -> None:
    if self.type != "AMAZON_ISSUED" or self.status != "PENDING_VALIDATION":
        return
    by_dns = getattr(self, "method", "DNS") == "DNS"
    if by_dns and all(_is_proved(*_record(_account(self), name)) for name in _names(self)):
        self.status = "ISSUED"
    elif clock.now() - self.created_at > _TIME_OUT:
        self.status = "VALIDATION_TIMED_OUT"


@replaces(CertBundle)
def describe(self: Any) -> dict[str, Any]:
    result = describe.original(self)  # type: ignore[attr-defined]
    view = result["Certificate"]
    if self.type != "AMAZON_ISSUED":
        return result
    view["SubjectAlternativeNames"] = _names(self)
    view["KeyAlgorithm"] = getattr(self, "algorithm", "RSA_2048").replace("_", "-", 1) if getattr(self, "algorithm", "RSA_2048").startswith("RSA") else self.algorithm
    method, options = getattr(self, "method", "DNS"), []
    status = {"ISSUED": "SUCCESS", "PENDING_VALIDATION": "PENDING_VALIDATION"}.get(self.status, "FAILED")
    for name in _names(self):
        option: dict[str, Any] = {"DomainName": name, "ValidationDomain": name, "ValidationStatus": status, "ValidationMethod": method}
        if method == "DNS":
            record, value = _record(_account(self), name)
            option["ResourceRecord"] = {"Name": record, "Type": "CNAME", "Value": value}
        else:
            option["ValidationEmails"] = [f"admin@{name}"]
        options.append(option)
    view["DomainValidationOptions"] = options
    if self.status != "ISSUED":
        for field in _OF_ISSUED:
            view.pop(field, None)
    return result


@replaces(AWSCertificateManagerResponse)
def request_certificate(self: Any) -> ActionResult:
    algorithm, method = self._get_param("KeyAlgorithm") or "RSA_2048", self._get_param("ValidationMethod")
    if algorithm not in _ALGORITHMS:
        raise _refuse(f"The key algorithm {algorithm} is not known")
    names = [self._get_param("DomainName"), *(self._get_param("SubjectAlternativeNames") or [])]
    if any(not name or len(name) > 253 or name.endswith(".") for name in names):
        raise _refuse(f"One of the names {', '.join(map(str, names))} is no domain name")
    service_tags.check(self._get_param("Tags"), _refuse)
    if len(self.acm_backend._certificates) >= quotas.limit(self.current_account, quotas.CERTIFICATES):
        raise AWSError("You have exceeded the limit of certificates.", exception_type="LimitExceededException")
    result = request_certificate.original(self)  # type: ignore[attr-defined]
    bundle = self.acm_backend._certificates[result.result["CertificateArn"]]
    bundle.algorithm, bundle.method, bundle.requested = algorithm, method or "EMAIL", list(dict.fromkeys(names))
    bundle.cert_options = {"CertificateTransparencyLoggingPreference": "ENABLED", "Export": "DISABLED", **(self._get_param("Options") or {})}
    return result


@replaces(AWSCertificateManagerResponse)
def update_certificate_options(self: Any) -> ActionResult:
    bundle = self.acm_backend.get_certificate(self._get_param("CertificateArn"))
    given = self._get_param("Options") or {}
    if given.get("Export", bundle.cert_options.get("Export")) != bundle.cert_options.get("Export"):
        raise _refuse("Whether a certificate can be exported is said when it is requested")
    bundle.cert_options = {**bundle.cert_options, **given}
    return EmptyResult()


@replaces(AWSCertificateManagerResponse)
def list_certificates(self: Any) -> ActionResult:
    includes = self._get_param("Includes") or {}
    wanted, statuses, whole = includes.get("keyTypes") or _LISTED, self._get_param("CertificateStatuses"), []
    for bundle in self.acm_backend.list_certificates(statuses, {}):
        if getattr(bundle, "algorithm", "RSA_2048") in wanted:
            view = bundle.describe()["Certificate"]
            whole.append({"CertificateArn": bundle.arn, "DomainName": view["DomainName"], "Status": bundle.status, "Type": bundle.type, "KeyAlgorithm": view["KeyAlgorithm"]})
    return ActionResult(service_paging.page(self, "acm", "ListCertificates", whole, _refuse))
