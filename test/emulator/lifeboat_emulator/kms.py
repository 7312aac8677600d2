"""KMS: rotation periods, keys that are disabled or dying, policies that lock their author out, and ARNs where moto takes ids only. Hooks: `KmsBackend`, `KmsResponse`."""

from __future__ import annotations

import json
from typing import Any

import moto.kms.models as kms_models
from moto.core.exceptions import JsonRESTError
from moto.kms.models import KmsBackend
from moto.kms.responses import KmsResponse

from . import accounts, authorize, keys, policy
from .patching import replaces

_private_key = kms_models.generate_private_key
# moto makes an RSA key for symmetric keys too, which takes most of CreateKey's time and is never used.
kms_models.generate_private_key = lambda spec: None if spec == "SYMMETRIC_DEFAULT" else _private_key(spec)

_STATES = {"Disabled": ("DisabledException", "is disabled."), "PendingDeletion": ("KMSInvalidStateException", "is pending deletion.")}


def _by_any_id(name: str) -> None:
    original = getattr(KmsBackend, name)

    def resolved(self: Any, key_id: str, *args: Any, **kwargs: Any) -> Any:
        return original(self, self.any_id_to_key_id(key_id), *args, **kwargs)

    setattr(KmsBackend, name, resolved)


for _name in ("enable_key", "disable_key", "cancel_key_deletion", "schedule_key_deletion", "update_key_description", "get_key_policy"):
    _by_any_id(_name)


def _check_state(backend: Any, key_id: str) -> None:
    key = backend.keys.get(backend.any_id_to_key_id(key_id))
    if key is not None and key.key_state in _STATES:
        code, text = _STATES[key.key_state]
        raise JsonRESTError(code, f"{key.arn} {text}")


@replaces(KmsBackend)
def encrypt(self: Any, key_id: str, *args: Any, **kwargs: Any) -> Any:
    """Neither a disabled key nor one that waits for its deletion encrypts. Data keys come this way too."""
    _check_state(self, key_id)
    return encrypt.original(self, key_id, *args, **kwargs)  # type: ignore[attr-defined]


@replaces(KmsBackend)
def decrypt(self: Any, *args: Any, **kwargs: Any) -> Any:
    plaintext, arn = decrypt.original(self, *args, **kwargs)  # type: ignore[attr-defined]
    _check_state(self, arn)
    return plaintext, arn


@replaces(KmsResponse)
def describe_key(self: Any) -> str:
    """Asking for alias/aws/ebs makes the key, as https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html says."""
    if str(self._get_param("KeyId") or "").endswith("alias/aws/ebs"):
        keys.default_key(self.current_account, self.region)
    return describe_key.original(self)  # type: ignore[attr-defined]


@replaces(KmsResponse)
def enable_key_rotation(self: Any) -> str:
    """RotationPeriodInDays, 90 to 2,560, is kept; 365 without it."""
    days = self._get_param("RotationPeriodInDays")
    if days is not None and not 90 <= int(days) <= 2560:
        raise JsonRESTError("ValidationException", f"Value '{days}' at 'rotationPeriodInDays' must be from 90 to 2560")
    answer = enable_key_rotation.original(self)  # type: ignore[attr-defined]
    _key(self).rotation_period = int(days) if days is not None else getattr(_key(self), "rotation_period", 365)
    return answer


@replaces(KmsResponse)
def get_key_rotation_status(self: Any) -> str:
    answer = json.loads(get_key_rotation_status.original(self))  # type: ignore[attr-defined]
    key = _key(self)
    answer["KeyId"] = key.arn
    if answer["KeyRotationEnabled"]:
        answer["RotationPeriodInDays"] = getattr(key, "rotation_period", 365)
    return json.dumps(answer)


def _key(response: Any) -> Any:
    backend = response.kms_backend
    return backend.keys[backend.any_id_to_key_id(response._get_param("KeyId"))]


def _check_policy(self: Any) -> None:
    """A document, and one that lets the caller change it again, unless that is waived.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
    """
    text = self._get_param("Policy")
    if text is None:
        return
    try:
        statements = json.loads(text)["Statement"]
    except (ValueError, KeyError, TypeError):
        statements = None
    if not statements:
        raise JsonRESTError("MalformedPolicyDocumentException", "The new key policy is not valid.")
    principal = accounts.caller.get()
    if self._get_param("BypassPolicyLockoutSafetyCheck") or principal is None:
        return
    context = {**authorize.caller_context(principal), "kms:CallerAccount": principal.account}
    arn = f"arn:aws:kms:{self.region}:{self.current_account}:key/{self._get_param('KeyId') or 'new'}"
    ask = policy.Ask("kms:PutKeyPolicy", arn, (principal.arn, principal.entity_arn), principal.account, context)
    if policy.evaluate(text, ask, resource_policy=True)[0] != policy.ALLOW:
        message = "The new key policy will not allow you to update the key policy in the future."
        raise JsonRESTError("MalformedPolicyDocumentException", message)


@replaces(KmsResponse)
def create_key(self: Any) -> str:
    _check_policy(self)
    return create_key.original(self)  # type: ignore[attr-defined]


@replaces(KmsResponse)
def put_key_policy(self: Any) -> str:
    _check_policy(self)
    return put_key_policy.original(self)  # type: ignore[attr-defined]
