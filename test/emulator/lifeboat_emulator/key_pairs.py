"""Key pairs: fingerprints as AWS makes them, and the public key only for who asks for it. Hooks: their calls of `EC2Response`.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/verify-keys.html
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from moto.ec2.models.key_pairs import KeyPair
from moto.ec2.responses import EC2Response
from moto.ec2.utils import public_key_parse

from .answers import Answer
from .errors import ec2_error, invalid_value, missing
from .find import filtered, tag_list
from .patching import replaces

_OPENSSH = {"encoding": serialization.Encoding.OpenSSH, "format": serialization.PublicFormat.OpenSSH}


def _colons(digest: str) -> str:
    return ":".join(digest[index : index + 2] for index in range(0, len(digest), 2))


def _fingerprint(public: Any, private: Any = None) -> str:
    """ED25519: as OpenSSH. RSA: MD5 of an imported public key, SHA-1 of the private key of one that AWS made."""
    if isinstance(public, ed25519.Ed25519PublicKey):
        blob = base64.b64decode(public.public_bytes(**_OPENSSH).split()[1])  # type: ignore[arg-type]
        return base64.b64encode(hashlib.sha256(blob).digest()).decode()
    if private is not None:
        der = private.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return _colons(hashlib.sha1(der, usedforsecurity=False).hexdigest())
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return _colons(hashlib.md5(der, usedforsecurity=False).hexdigest())


def _view(pair: Any, with_key: bool = False) -> dict[str, Any]:
    return {
        "KeyPairId": pair.id,
        "KeyName": pair.key_name,
        "KeyType": pair.key_type,
        "KeyFingerprint": pair.key_fingerprint,
        "CreateTime": pair.create_time,
        "PublicKey": pair.public_key if with_key else None,
        "Tags": tag_list(pair),
    }


def _made(pair: Any, **more: Any) -> Answer:
    """CreateKeyPair and ImportKeyPair say less of it than DescribeKeyPairs."""
    names = ("KeyPairId", "KeyName", "KeyFingerprint", "Tags")
    return Answer({**{name: value for name, value in _view(pair).items() if name in names}, **more})


def _checked_name(self: Any) -> str:
    name = self._get_param("KeyName")
    if not name:
        raise missing("KeyName")
    if len(name) > 255 or not name.isascii():
        raise invalid_value(f"Value ({name}) for parameter KeyName is invalid. Up to 255 ASCII characters.")
    if name in self.ec2_backend.key_pairs:
        raise ec2_error("InvalidKeyPair.Duplicate", f"The keypair already exists: {name}")
    return name


def _keep(self: Any, name: str, public: Any, tags: dict[str, str], private: Any = None, comment: str = "") -> Any:
    kind = "ed25519" if isinstance(public, ed25519.Ed25519PublicKey) else "rsa"
    text = public.public_bytes(**_OPENSSH).decode() + f" {comment or name}"
    pair = KeyPair(name, kind, _fingerprint(public, private), b"", text.encode(), {}, self.ec2_backend)
    self.ec2_backend.key_pairs[name] = pair
    self.ec2_backend.tags[pair.id].update(tags)
    return pair


@replaces(EC2Response)
def create_key_pair(self: Any) -> Answer:
    name, kind = _checked_name(self), self._get_param("KeyType") or "rsa"
    if kind not in ("rsa", "ed25519"):
        raise invalid_value(f"Value ({kind}) for parameter keyType is invalid; expected rsa or ed25519.")
    tags = self._parse_tag_specification("key-pair").get("key-pair", {})
    self.error_on_dryrun()
    private: Any = ed25519.Ed25519PrivateKey.generate() if kind == "ed25519" else rsa.generate_private_key(65537, 2048)
    pem = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption())
    return _made(_keep(self, name, private.public_key(), tags, private), KeyMaterial=pem.decode())


@replaces(EC2Response)
def import_key_pair(self: Any) -> Answer:
    name, material = _checked_name(self), self._get_param("PublicKeyMaterial")
    if not material:
        raise missing("PublicKeyMaterial")
    data = material if isinstance(material, bytes) else str(material).encode()
    try:
        public = public_key_parse(data)
    except (ValueError, TypeError):
        raise ec2_error("InvalidKey.Format", "Key is not in valid OpenSSH public key format") from None
    tags = self._parse_tag_specification("key-pair").get("key-pair", {})
    self.error_on_dryrun()
    parts = data.decode().strip().split(None, 2)
    return _made(_keep(self, name, public, tags, comment=parts[2] if len(parts) == 3 and parts[0].startswith("ssh-") else ""))


@replaces(EC2Response)
def delete_key_pair(self: Any) -> Answer:
    """By name or id. A name that does not exist is no error; an id is."""
    pairs, name, key_id = self.ec2_backend.key_pairs, self._get_param("KeyName"), self._get_param("KeyPairId")
    if not name and not key_id:
        raise missing("KeyName or KeyPairId")
    pair = pairs.get(name) if name else next((pair for pair in pairs.values() if pair.id == key_id), None)
    if pair is None and key_id:
        raise ec2_error("InvalidKeyPair.NotFound", f"The key pair '{key_id}' does not exist")
    self.error_on_dryrun()
    if pair is None:
        return Answer({"Return": True})
    pairs.pop(pair.key_name)
    self.ec2_backend.tags.pop(pair.id, None)
    return Answer({"Return": True, "KeyPairId": pair.id})


def _values(pair: Any, name: str) -> list[Any] | None:
    return {"key-name": [pair.key_name], "key-pair-id": [pair.id], "fingerprint": [pair.key_fingerprint]}.get(name)


@replaces(EC2Response)
def describe_key_pairs(self: Any) -> Answer:
    self.error_on_dryrun()
    pairs, names, ids = list(self.ec2_backend.key_pairs.values()), self._get_param("KeyNames") or [], self._get_param("KeyPairIds") or []
    for wanted, have, what in ((names, {pair.key_name for pair in pairs}, "pair"), (ids, {pair.id for pair in pairs}, "pair ID")):
        absent = [one for one in wanted if one not in have]
        if absent:
            raise ec2_error("InvalidKeyPair.NotFound", f"The key {what} '{absent[0]}' does not exist")
    if names or ids:
        pairs = [pair for pair in pairs if pair.key_name in names or pair.id in ids]
    found = filtered(pairs, self._filters_from_querystring(), _values)
    with_key = bool(self._get_param("IncludePublicKey"))
    return Answer({"KeyPairs": [_view(pair, with_key) for pair in found]})
