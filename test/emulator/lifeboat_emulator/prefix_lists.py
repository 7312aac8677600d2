"""Managed prefix lists: versions, entries, sizes, references, and AWS's own lists.

Hooks: the prefix list calls of `EC2Response`; AWS's lists of the backend get ids that differ between regions.
https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html
"""

from __future__ import annotations

import hashlib
from typing import Any

from moto.ec2.models.managed_prefixes import ManagedPrefixList, ManagedPrefixListBackend
from moto.ec2.responses import EC2Response

from . import quotas
from .answers import Answer, Views
from .errors import ec2_error, invalid_value, missing
from .find import chosen, filtered, one, tag_list
from .idempotency import once
from .networks import parse
from .patching import replaces

_NOT_FOUND = "InvalidPrefixListID.NotFound"
_MOST_ENTRIES, _MOST_AT_ONCE, _MOST_VERSIONS = 1000, 100, 1000
# What a rule or route that names one of AWS's lists weighs, where that is not its number of entries.
# https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
_AWS_WEIGHTS = {"s3": 1, "dynamodb": 1, "origin-facing": 55, "groundstation": 5, "vpc-lattice": 10}


@replaces(ManagedPrefixListBackend)
def create_default_pls(self: Any) -> None:
    create_default_pls.original(self)  # type: ignore[attr-defined]
    made = list(self.managed_prefix_lists.values())
    self.managed_prefix_lists.clear()
    for item in made:
        # The same in every account of the region, another in every region.
        item.id = f"pl-{hashlib.sha256(f'{self.region_name} {item.prefix_list_name}'.encode()).hexdigest()[:8]}"
        item.prefix_list_arn = f"arn:aws:ec2:{self.region_name}:aws:prefix-list/{item.id}"
        item.max_entries = _AWS_WEIGHTS.get(item.prefix_list_name.rsplit(".", 1)[-1], 1)
        self.managed_prefix_lists[item.id] = item


def _is_aws(prefix_list: Any) -> bool:
    return prefix_list.resource_owner_id == "AWS"


def entries_of(prefix_list: Any, version: int | None = None) -> list[dict[str, Any]]:
    if _is_aws(prefix_list):
        return next(iter(prefix_list.entries.values()))
    return prefix_list.entries[prefix_list.version if version is None else version]


def view(prefix_list: Any) -> dict[str, Any]:
    own = {} if _is_aws(prefix_list) else {"MaxEntries": prefix_list.max_entries, "Version": prefix_list.version}
    return {
        "PrefixListId": prefix_list.id,
        "PrefixListArn": prefix_list.prefix_list_arn,
        "PrefixListName": prefix_list.prefix_list_name,
        "AddressFamily": prefix_list.address_family,
        "OwnerId": prefix_list.owner_id,
        "State": prefix_list.state,
        **own,
        "Tags": tag_list(prefix_list),
    }


def _family(text: str) -> int:
    if text not in ("IPv4", "IPv6"):
        raise invalid_value(f"Value ({text}) for parameter addressFamily is invalid; expected IPv4 or IPv6.")
    return 6 if text == "IPv6" else 4


def _added(given: list[dict[str, Any]], version: int) -> dict[str, dict[str, Any]]:
    if len(given) > _MOST_AT_ONCE:
        raise ec2_error("InvalidParameterValue", f"A request can have up to {_MOST_AT_ONCE} entries; got {len(given)}.")
    found: dict[str, dict[str, Any]] = {}
    for item in given:
        cidr, text = str(parse(item.get("Cidr"), version, "cidr")), item.get("Description")
        if cidr in found:
            raise invalid_value(f"The CIDR {cidr} is given twice.")
        if text is not None and len(text) > 255:
            raise invalid_value("The description of an entry has up to 255 characters.")
        found[cidr] = {"Cidr": cidr, "Description": text} if text else {"Cidr": cidr}
    return found


def _check_name(name: str | None) -> str:
    if not name:
        raise missing("prefixListName")
    if len(name) > 255 or name.startswith("com.amazonaws"):
        raise invalid_value(f"Value ({name}) for parameter prefixListName is invalid. Up to 255 characters, not starting with com.amazonaws.")
    return name


def _check_size(value: Any) -> int:
    if value is None:
        raise missing("maxEntries")
    if not 1 <= int(value) <= _MOST_ENTRIES:
        raise invalid_value(f"Value ({value}) for parameter maxEntries is invalid. Expecting a value from 1 to {_MOST_ENTRIES}.")
    return int(value)


def _too_many(count: int, most: int) -> Exception:
    return ec2_error("PrefixListMaxEntriesExceeded", f"You have reached the maximum number of entries for the prefix list: {count} of {most}.")


@replaces(EC2Response)
def create_managed_prefix_list(self: Any) -> Answer:
    return Answer({"PrefixList": {**view(once(self, lambda: _create(self))), "State": "create-in-progress"}})


def _create(self: Any) -> Any:
    backend = self.ec2_backend
    name, most = _check_name(self._get_param("PrefixListName")), _check_size(self._get_param("MaxEntries"))
    family = self._get_param("AddressFamily") or ""
    entries = list(_added(self._get_param("Entries") or [], _family(family)).values())
    if len(entries) > most:
        raise _too_many(len(entries), most)
    tags = self._parse_tag_specification("prefix-list").get("prefix-list", {})
    mine = sum(1 for item in backend.managed_prefix_lists.values() if not _is_aws(item))
    quotas.check(backend, quotas.PREFIX_LISTS, mine + 1, "PrefixListLimitExceeded")
    self.error_on_dryrun()
    made = ManagedPrefixList(backend, backend.region_name, family, None, str(most), name)
    made.max_entries, made.entries = most, {1: entries}  # type: ignore[assignment]
    backend.managed_prefix_lists[made.id] = made
    backend.tags[made.id].update(tags)
    return made


def _mine(self: Any) -> Any:
    found = one(self.ec2_backend.managed_prefix_lists, self._get_param("PrefixListId"), _NOT_FOUND, "prefixList")
    if _is_aws(found):
        raise ec2_error("OperationNotPermitted", f"The prefix list {found.id} is managed by AWS.")
    return found


@replaces(EC2Response)
def modify_managed_prefix_list(self: Any) -> Answer:
    """Name, size, or entries; new entries make a new version, and only from the version that the request names."""
    prefix_list, backend = _mine(self), self.ec2_backend
    name, size, current = self._get_param("PrefixListName"), self._get_param("MaxEntries"), self._get_param("CurrentVersion")
    version = _family(prefix_list.address_family)
    added = _added(self._get_param("AddEntries") or [], version)
    removed = _added(self._get_param("RemoveEntries") or [], version)
    if not (name or size or added or removed):
        raise ec2_error("InvalidRequest", "The request received was invalid.")
    if size is not None and (added or removed):
        raise ec2_error("InvalidParameterCombination", "The entries and the size of a prefix list cannot be modified at the same time.")
    if both := set(added) & set(removed):
        raise invalid_value(f"Request cannot contain Cidr {sorted(both)[0]} in both AddPrefixListEntries and RemovePrefixListEntries")
    if (added or removed) and current is None:
        raise missing("currentVersion")
    if current is not None and int(current) != prefix_list.version:
        raise ec2_error("PrefixListVersionMismatch", f"The prefix list {prefix_list.id} has the version {prefix_list.version}, not {current}.")
    entries = {item["Cidr"]: item for item in entries_of(prefix_list)}
    for cidr in removed:
        if cidr not in entries:
            raise invalid_value(f"The CIDR {cidr} is no entry of the prefix list {prefix_list.id}.")
        entries.pop(cidr)
    entries |= added
    most = _check_size(size) if size is not None else prefix_list.max_entries
    if len(entries) > most:
        raise _too_many(len(entries), most)
    if name:
        _check_name(name)
    if most > prefix_list.max_entries:
        _check_room(backend, prefix_list, most)
    self.error_on_dryrun()
    prefix_list.prefix_list_name = name or prefix_list.prefix_list_name
    prefix_list.max_entries = most
    if added or removed:
        prefix_list.version += 1
        prefix_list.entries[prefix_list.version] = list(entries.values())
        prefix_list.entries.pop(prefix_list.version - _MOST_VERSIONS, None)
    prefix_list.state = "modify-complete"
    return Answer({"PrefixList": {**view(prefix_list), "State": "modify-in-progress"}})


def _check_room(backend: Any, prefix_list: Any, most: int) -> None:
    """Whatever names the list must have room for its new size."""
    from .routes import check_quota
    from .security_group_rules import check_quota as check_group

    more = most - prefix_list.max_entries
    for table in backend.route_tables.values():
        if prefix_list.id in table._routes:
            check_quota(backend, table, more)
    for group in _groups_with(backend, prefix_list.id):
        for rules in (group.ingress_rules, group.egress_rules):
            check_group(backend, rules, more * sum(1 for rule in rules if rule.prefix_list_id == prefix_list.id))


def _groups_with(backend: Any, prefix_list_id: str) -> list[Any]:
    groups = (group for groups in backend.groups.values() for group in groups.values())
    return [g for g in groups if any(rule.prefix_list_id == prefix_list_id for rule in (*g.ingress_rules, *g.egress_rules))]


@replaces(EC2Response)
def restore_managed_prefix_list_version(self: Any) -> Answer:
    prefix_list, wanted = _mine(self), int(self._get_param("PreviousVersion") or 0)
    if int(self._get_param("CurrentVersion") or 0) != prefix_list.version:
        raise ec2_error("PrefixListVersionMismatch", f"The prefix list {prefix_list.id} has the version {prefix_list.version}.")
    if wanted not in prefix_list.entries:
        raise invalid_value(f"The prefix list {prefix_list.id} has no version {wanted}.")
    entries = list(prefix_list.entries[wanted])
    prefix_list.version += 1
    prefix_list.entries[prefix_list.version], prefix_list.state = entries, "restore-complete"
    return Answer({"PrefixList": {**view(prefix_list), "State": "restore-in-progress"}})


def references(backend: Any, prefix_list_id: str) -> list[tuple[str, str]]:
    """Kind and id of everything that names the list."""
    tables = [("route-table", table.id) for table in backend.route_tables.values() if prefix_list_id in table._routes]
    return tables + [("security-group", group.id) for group in _groups_with(backend, prefix_list_id)]


@replaces(EC2Response)
def delete_managed_prefix_list(self: Any) -> Answer:
    """Not while a rule or a route names it."""
    prefix_list, backend = _mine(self), self.ec2_backend
    if references(backend, prefix_list.id):
        raise ec2_error("DependencyViolation", f"The prefix list '{prefix_list.id}' has dependencies and cannot be deleted.")
    self.error_on_dryrun()
    answer = {**view(prefix_list), "State": "delete-in-progress"}
    backend.managed_prefix_lists.pop(prefix_list.id)
    backend.tags.pop(prefix_list.id, None)
    return Answer({"PrefixList": answer})


@replaces(EC2Response)
def get_managed_prefix_list_associations(self: Any) -> Answer:
    found = one(self.ec2_backend.managed_prefix_lists, self._get_param("PrefixListId"), _NOT_FOUND, "prefixList")
    owner = self.ec2_backend.account_id
    named = [{"ResourceId": item, "ResourceOwner": owner} for _, item in references(self.ec2_backend, found.id)]
    return Answer({"PrefixListAssociations": named})


@replaces(EC2Response)
def get_managed_prefix_list_entries(self: Any) -> Answer:
    self.error_on_dryrun()
    found = one(self.ec2_backend.managed_prefix_lists, self._get_param("PrefixListId"), _NOT_FOUND, "prefixList")
    version = self._get_param("TargetVersion")
    if version is not None and int(version) not in found.entries:
        raise invalid_value(f"The prefix list {found.id} has no version {version}.")
    return Answer({"Entries": entries_of(found, None if version is None else int(version))})


def _values(prefix_list: Any, name: str) -> list[Any] | None:
    plain = {"owner-id": prefix_list.owner_id, "prefix-list-id": prefix_list.id, "prefix-list-name": prefix_list.prefix_list_name}
    return [plain[name]] if name in plain else None


@replaces(EC2Response)
def describe_managed_prefix_lists(self: Any) -> Answer:
    self.error_on_dryrun()
    found = chosen(self.ec2_backend.managed_prefix_lists, self._get_param("PrefixListIds"), _NOT_FOUND, "prefixList")
    return Answer({"PrefixLists": Views(filtered(found, self._filters_from_querystring(), _values), view)})


def _service_view(prefix_list: Any) -> dict[str, Any]:
    cidrs = [item["Cidr"] for item in entries_of(prefix_list)]
    return {"PrefixListId": prefix_list.id, "PrefixListName": prefix_list.prefix_list_name, "Cidrs": cidrs}


@replaces(EC2Response)
def describe_prefix_lists(self: Any) -> Answer:
    """Only those of services that have gateway endpoints."""
    self.error_on_dryrun()
    known = {key: item for key, item in self.ec2_backend.managed_prefix_lists.items() if _is_aws(item) and item.prefix_list_name.endswith((".s3", ".dynamodb"))}
    found = chosen(known, self._get_param("PrefixListIds"), "InvalidPrefixListId.NotFound", "prefixList")
    return Answer({"PrefixLists": Views(filtered(found, self._filters_from_querystring(), _values), _service_view)})
