"""S3 Replication: what is put into a bucket with a configuration reaches the other bucket after `replicationSeconds`, if all allow it.

A replica keeps key, version id, time, metadata and tags (https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html). moto keeps part
of a configuration and replicates nothing. Hooks: `S3Backend.put_bucket_replication`, `.put_object_tagging`, `._set_delete_marker`,
`S3Response.get_bucket_replication`, `FakeKey.response_dict`. What role, trust, both policies and both keys say is asked always.
"""

from __future__ import annotations

import copy
import datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.models import iam_backends
from moto.s3.exceptions import ReplicationConfigurationNotFoundError
from moto.s3.models import FakeDeleteMarker, FakeKey, S3Backend, s3_backends
from moto.s3.responses import S3Response

from . import authorize, clock, config, keys, policy
from .accounts import Principal
from .errors import GateError
from .patching import replaces
from .s3_copies import is_sparse

SERVICE = "s3.amazonaws.com"
# What waits to be replicated: when it is due, its bucket, and the version or marker.
_waiting: list[tuple[datetime.datetime, str, Any]] = []


@replaces(S3Backend)
def put_bucket_replication(self: Any, bucket_name: str, replication: dict[str, Any]) -> None:
    rules = policy.many(replication.get("Rule"))
    for rule in rules:
        name = str(rule["Destination"]["Bucket"]).removeprefix("arn:aws:s3:::")
        target = bucket_of(name)
        if target is None or not target.is_versioned:
            raise GateError("InvalidRequest", "Destination bucket must exist and have versioning enabled.")
        if "Filter" in rule and not all(name in rule for name in ("Priority", "DeleteMarkerReplication")):
            raise GateError("InvalidRequest", "Priority and DeleteMarkerReplication must be specified with a Filter.")
    priorities = [rule.get("Priority") for rule in rules if "Filter" in rule]
    if len(set(priorities)) != len(priorities):
        raise GateError("InvalidRequest", "Found overlapping rules with the same priority.")
    put_bucket_replication.original(self, bucket_name, replication)  # type: ignore[attr-defined]


@replaces(S3Response)
def get_bucket_replication(self: Any) -> Any:
    """The whole configuration as it was put."""
    found = self.backend.get_bucket_replication(self.bucket_name)
    if not found:
        raise ReplicationConfigurationNotFoundError(bucket_name=self.bucket_name)
    rules = [{name: value for name, value in _typed(rule).items()} for rule in found["Rule"]]
    self.data["Action"] = "GetBucketReplication"
    return self.serialized(ActionResult({"ReplicationConfiguration": {"Role": found["Role"], "Rules": rules}}))


def _typed(rule: dict[str, Any]) -> dict[str, Any]:
    typed = copy.deepcopy(rule)
    typed["Priority"] = int(typed["Priority"])
    if "Filter" in typed and typed["Filter"] is None:
        typed["Filter"] = {"Prefix": ""}
    elif typed.get("Filter", {}).get("Prefix", "") is None:
        typed["Filter"]["Prefix"] = ""
    both = typed.get("Filter", {}).get("And")
    if both:
        both["Tags"] = policy.many(both.pop("Tag", None))
    return typed


_response_dict = FakeKey.response_dict.fget


def _with_status(self: FakeKey) -> dict[str, Any]:
    status = getattr(self, "replication_status", None)
    return {**_response_dict(self), **({"x-amz-replication-status": status} if status else {})}


FakeKey.response_dict = property(_with_status)  # type: ignore[assignment]


@replaces(S3Response)
def put_object(self: Any) -> Any:
    """An object under a key of the customer's own (SSE-C) is replicated under the same."""
    answer = put_object.original(self)  # type: ignore[attr-defined]
    algorithm = self.headers.get("x-amz-server-side-encryption-customer-algorithm")
    if algorithm:
        self.backend.get_object(self.bucket_name, self.parse_key_name()).customer_algorithm = algorithm
    return answer


@replaces(S3Backend)
def put_object_tagging(self: Any, key: FakeKey, tags: Any) -> FakeKey:
    """The last step of every put, copy and completed upload: the version is whole, and its tags are there."""
    answer = put_object_tagging.original(self, key, tags)  # type: ignore[attr-defined]
    # Tags that are written later are none of this: what was there before a configuration is not replicated.
    if not hasattr(key, "replication_status"):
        key.replication_status = None  # type: ignore[attr-defined]
        _begin(key.bucket_name or "", key)
    return answer


@replaces(S3Backend)
def _set_delete_marker(self: Any, bucket_name: str, key_name: str) -> FakeDeleteMarker:
    marker = _set_delete_marker.original(self, bucket_name, key_name)  # type: ignore[attr-defined]
    _waiting.append((_due(), bucket_name, marker))
    return marker


def _due() -> datetime.datetime:
    return clock.now() + datetime.timedelta(seconds=config.get("replicationSeconds"))


def eligible(key: FakeKey) -> bool:
    """Whether a rule of its bucket's takes this version; one that is a replica itself is left where it is."""
    rule = _rule(key.bucket_name or "", key)
    if rule is None or getattr(key, "replication_status", None) == "REPLICA":
        return False
    return key.encryption != "aws:kms" or _status(rule, "SourceSelectionCriteria", "SseKmsEncryptedObjects") == "Enabled"


def replicate_now(key: FakeKey) -> bool:
    """What a job of S3 Batch Operations starts: the bucket's own rule and role do it."""
    bucket = bucket_of(key.bucket_name or "")
    done = bucket is not None and eligible(key) and _replicate(bucket, key)
    key.replication_status = "COMPLETED" if done else "FAILED"  # type: ignore[attr-defined]
    return done


def _begin(bucket_name: str, key: FakeKey) -> None:
    if not eligible(key):
        return
    key.replication_status = "PENDING"  # type: ignore[attr-defined]
    _waiting.append((_due(), bucket_name, key))


def _status(rule: dict[str, Any], *path: str) -> str:
    found: Any = rule
    for name in (*path, "Status"):
        found = (found or {}).get(name) if isinstance(found, dict) else None
    return str(found or "Disabled")


def bucket_of(name: str) -> Any:
    owner = s3_backends.bucket_accounts.get(name)
    return s3_backends[owner[1]]["aws"].buckets.get(name) if owner else None


def _rule(bucket_name: str, item: Any) -> dict[str, Any] | None:
    """The enabled rule of the highest priority that the object falls under."""
    bucket = bucket_of(bucket_name)
    rules = (getattr(bucket, "replication", None) or {}).get("Rule", [])
    tags = s3_backends[bucket.account_id]["aws"].tagger.get_tag_dict_for_resource(item.arn) if isinstance(item, FakeKey) else {}
    fitting = [rule for rule in rules if rule["Status"] == "Enabled" and _fits(rule, item.name, tags)]
    return max(fitting, key=lambda rule: int(rule["Priority"]), default=None)


def _fits(rule: dict[str, Any], name: str, tags: dict[str, str]) -> bool:
    chosen = rule.get("Filter") or {}
    both = chosen.get("And") or {}
    wanted = policy.many(chosen.get("Tag")) + policy.many(both.get("Tag"))
    prefix = chosen.get("Prefix") or both.get("Prefix") or rule.get("Prefix") or ""
    return name.startswith(prefix) and all(tags.get(tag["Key"]) == (tag["Value"] or "") for tag in wanted)


def settle() -> None:
    """Replicates all that is due by the emulator's clock."""
    instant = clock.now()
    due = [entry for entry in _waiting if entry[0] <= instant]
    if not due:
        return
    _waiting[:] = [entry for entry in _waiting if entry[0] > instant]
    for _, bucket_name, item in due:
        bucket = bucket_of(bucket_name)
        if bucket is None:
            continue
        done = _replicate(bucket, item)
        if isinstance(item, FakeKey):
            item.replication_status = "COMPLETED" if done else "FAILED"  # type: ignore[attr-defined]


def _replicate(bucket: Any, item: Any) -> bool:
    rule = _rule(bucket.name, item)
    found = getattr(bucket, "replication", None)
    role = next((r for r in iam_backends[bucket.account_id]["aws"].roles.values() if found and r.arn == found["Role"]), None)
    target = bucket_of(str(rule["Destination"]["Bucket"]).removeprefix("arn:aws:s3:::")) if rule else None
    if rule is None or role is None or target is None or not target.is_versioned:
        return False
    if not trusts(role, SERVICE, {"aws:SourceAccount": bucket.account_id, "aws:SourceArn": bucket.arn}):
        return False
    who = Principal("role", bucket.account_id, f"{role.arn}/s3-replication", role.id, role)
    there, here = f"{target.arn}/{item.name}", f"{bucket.arn}/{item.name}"
    reads = may(who, bucket, "GetReplicationConfiguration", bucket.arn) and may(who, bucket, "ListBucket", bucket.arn)
    if not reads:
        return False
    if not isinstance(item, FakeKey):
        wanted = _status(rule, "DeleteMarkerReplication") == "Enabled"
        if wanted and may(who, target, "ReplicateDelete", there):
            _insert(target, item.name, copy.copy(item))
        return wanted
    tags = s3_backends[bucket.account_id]["aws"].tagger.get_tag_dict_for_resource(item.arn)
    reading = ["GetObjectVersionForReplication", "GetObjectVersionAcl", *(["GetObjectVersionTagging"] if tags else [])]
    moved = bool((rule["Destination"].get("AccessControlTranslation") or {}).get("Owner"))
    writing = ["ReplicateObject", *(["ReplicateTags"] if tags else []), *(["ObjectOwnerOverrideToBucketOwner"] if moved else [])]
    replica_key = (rule["Destination"].get("EncryptionConfiguration") or {}).get("ReplicaKmsKeyID")
    sealed = {"ReplicateObject": _sealing(item, replica_key)}
    if not all(may(who, bucket, name, here) for name in reading):
        return False
    if not all(may(who, target, name, there, sealed.get(name)) for name in writing):
        return False
    if item.encryption == "aws:kms":
        if not (_key(who, bucket, item.kms_key_id, "kms:Decrypt") and replica_key and _key(who, target, replica_key, "kms:Encrypt")):
            return False
    _put_replica(target, item, replica_key if item.encryption == "aws:kms" else None, tags, moved)
    return True


def _sealing(item: FakeKey, replica_key: str | None) -> dict[str, Any]:
    """What a bucket policy is told of how a replica is encrypted: as its source is, under KMS by the key that the configuration names.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html, and the condition keys of s3:ReplicateObject in
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
    """
    algorithm = getattr(item, "customer_algorithm", None)
    if algorithm:
        return {"s3:x-amz-server-side-encryption-customer-algorithm": algorithm}
    if item.encryption != "aws:kms":
        return {"s3:x-amz-server-side-encryption": item.encryption} if item.encryption else {}
    key_id = {"s3:x-amz-server-side-encryption-aws-kms-key-id": replica_key} if replica_key else {}
    return {"s3:x-amz-server-side-encryption": "aws:kms", **key_id}


def _put_replica(target: Any, item: FakeKey, kms_key_id: str | None, tags: dict[str, str], moved: bool) -> None:
    replica = copy.deepcopy(item)
    replica.bucket_name, replica.region_name = target.name, target.region_name
    replica.account_id = target.account_id if moved else item.account_id
    replica.kms_key_id = kms_key_id
    replica.replication_status = "REPLICA"  # type: ignore[attr-defined]
    if is_sparse(item):
        replica.sparse, replica.contentsize = True, item.contentsize  # type: ignore[attr-defined]
    _insert(target, item.name, replica)
    tagger = s3_backends[target.account_id]["aws"].tagger
    tagger.tag_resource(replica.arn, tagger.convert_dict_to_tags_input(tags))


def _insert(target: Any, name: str, item: Any) -> None:
    """Versions of a key stand in the order of their times, a replica by its source's."""
    there = [other for other in target.keys.getlist(name, []) if other.version_id != item.version_id]
    at = next((index for index, other in enumerate(there) if other.last_modified > item.last_modified), len(there))
    target.keys.setlist(name, [*there[:at], item, *there[at:]])


def trusts(role: Any, service: str, context: dict[str, Any]) -> bool:
    """Whether a service may take on the role, for what the context says."""
    for statement in policy.many(policy.parse(role.assume_role_policy_document).get("Statement")):
        services = policy.many((statement.get("Principal") or {}).get("Service"))
        ask = policy.Ask("sts:AssumeRole", role.arn, context=context)
        opened = {"Statement": [{**statement, "Principal": "*"}]}
        if service in services and policy.evaluate(opened, ask, resource_policy=True)[0] == policy.ALLOW:
            return True
    return False


def own_word(who: Principal, ask: policy.Ask) -> bool:
    words = [policy.evaluate(document, ask)[0] for document in authorize.identity_policies(who.account, who.entity)]
    boundary = getattr(who.entity, "permissions_boundary_arn", None)
    if boundary and policy.evaluate(authorize.boundary_document(who.account, boundary), ask)[0] != policy.ALLOW:
        return False
    return policy.ALLOW in words and policy.DENY not in words


def _ask(who: Principal, action: str, resource: str, context: dict[str, Any]) -> policy.Ask:
    known = {**authorize.caller_context(who), **context}
    return policy.Ask(action, resource, (who.arn, who.entity_arn), who.account, known)


def may(who: Principal, bucket: Any, name: str, resource: str, more: dict[str, Any] | None = None) -> bool:
    """The role's own policies, and the bucket's: across accounts it must allow, and it may always forbid."""
    ask = _ask(who, f"s3:{name}", resource, {"aws:ResourceAccount": bucket.account_id, "s3:ResourceAccount": bucket.account_id, **(more or {})})
    document = bucket.policy.decode() if isinstance(bucket.policy, bytes) else bucket.policy
    word = policy.evaluate(document, ask, resource_policy=True)[0] if document else None
    foreign = bucket.account_id != who.account
    return own_word(who, ask) and word != policy.DENY and (not foreign or word == policy.ALLOW)


def _key(who: Principal, bucket: Any, identifier: str | None, action: str) -> bool:
    key = keys.find(bucket.account_id, bucket.region_name, identifier or "alias/aws/s3")
    if key is None or key.key_state != "Enabled":
        return False
    context = {**keys.condition_keys(key), "kms:ViaService": f"s3.{bucket.region_name}.amazonaws.com", "kms:CallerAccount": who.account}
    ask = _ask(who, action, key.arn, context)
    return policy.evaluate(key.policy, ask, resource_policy=True)[0] == policy.ALLOW and own_word(who, ask)
