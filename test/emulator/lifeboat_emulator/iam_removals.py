"""What IAM keeps from being deleted, what a deletion leaves behind, and the parts of providers that moto has not. Hooks: `IAMBackend`, `IamResponse`.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html and its neighbours.
"""

from __future__ import annotations

import re
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.iam.models import IAMBackend, SAMLProvider, iam_backends
from moto.iam.responses import IamResponse

from .errors import GateError
from .patching import replaces


def _conflict(message: str) -> GateError:
    return GateError("DeleteConflict", message, 409)


@replaces(IAMBackend)
def delete_role(self: Any, role_name: str) -> None:
    role = self.get_role(role_name)
    delete_role.original(self, role_name)  # type: ignore[attr-defined]
    _forget(role)


@replaces(IAMBackend)
def delete_user(self: Any, user_name: str) -> None:
    user = self.get_user(user_name)
    if user.access_keys:
        raise _conflict("Cannot delete entity, must delete access keys first.")
    if user.password:
        raise _conflict("Cannot delete entity, must delete login profile first.")
    if self.get_groups_for_user(user_name):
        raise _conflict("Cannot delete entity, must remove users from group first.")
    delete_user.original(self, user_name)  # type: ignore[attr-defined]
    _forget(user)


def _forget(principal: Any) -> None:
    """A trust names whom it was given by a unique id, and shows that once nobody has the ARN any more."""
    for partitions in list(iam_backends.values()):
        for role in partitions["aws"].roles.values():
            document = role.assume_role_policy_document
            if f'"{principal.arn}"' in document:
                role.assume_role_policy_document = document.replace(f'"{principal.arn}"', f'"{_unique_id(principal)}"')


def _unique_id(principal: Any) -> str:
    prefix = "AROA" if ":role/" in principal.arn else "AIDA"
    bare = re.sub(r"[^A-Z0-9]", "", principal.id.upper())
    return bare if bare.startswith(prefix) else prefix + bare


@replaces(IAMBackend)
def delete_group(self: Any, group_name: str) -> None:
    group = self.get_group(group_name)
    if group.users:
        raise _conflict("Cannot delete entity, must remove users from group first.")
    if group.managed_policies:
        raise _conflict("Cannot delete entity, must detach all policies first.")
    if group.policies:
        raise _conflict("Cannot delete entity, must delete policies first.")
    delete_group.original(self, group_name)  # type: ignore[attr-defined]


@replaces(IAMBackend)
def delete_policy(self: Any, policy_arn: str) -> None:
    found = self.get_policy(policy_arn)
    if len(found.versions) > 1:
        raise _conflict("This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.")
    holders = [*self.roles.values(), *self.users.values(), *self.groups.values()]
    bounds = any(getattr(holder, "permissions_boundary_arn", None) == policy_arn for holder in holders)
    if bounds or any(policy_arn in holder.managed_policies for holder in holders):
        raise _conflict("Cannot delete a policy attached to entities.")
    delete_policy.original(self, policy_arn)  # type: ignore[attr-defined]


# SAML providers' tags, which moto does not know


SAMLProvider.tags = None  # type: ignore[attr-defined]


def _saml(self: Any) -> Any:
    return self.backend.get_saml_provider(self._get_param("SAMLProviderArn"))


@replaces(IamResponse)
def create_saml_provider(self: Any) -> ActionResult:
    name = self._get_param("Name")
    if name in self.backend.saml_providers:
        raise GateError("EntityAlreadyExists", f"Provider with name {name} already exists.", 409)
    result = create_saml_provider.original(self)  # type: ignore[attr-defined]
    self.backend.saml_providers[name].tags = list(self._get_param("Tags", []))
    return result


@replaces(IamResponse)
def tag_saml_provider(self: Any) -> ActionResult:
    provider = _saml(self)
    given = {tag["Key"]: tag for tag in [*(provider.tags or []), *self._get_param("Tags", [])]}
    provider.tags = list(given.values())
    return EmptyResult()


@replaces(IamResponse)
def untag_saml_provider(self: Any) -> ActionResult:
    provider, keys = _saml(self), self._get_param("TagKeys", [])
    provider.tags = [tag for tag in provider.tags or [] if tag["Key"] not in keys]
    return EmptyResult()


@replaces(IamResponse)
def list_saml_provider_tags(self: Any) -> ActionResult:
    return ActionResult({"Tags": _saml(self).tags or [], "IsTruncated": False})


# A provider's audiences, likewise


@replaces(IamResponse)
def add_client_id_to_open_id_connect_provider(self: Any) -> ActionResult:
    provider = self.backend.get_open_id_connect_provider(self._get_param("OpenIDConnectProviderArn"))
    client = self._get_param("ClientID")
    if client not in provider.client_id_list:
        provider.client_id_list = [*provider.client_id_list, client]
    return EmptyResult()


@replaces(IamResponse)
def remove_client_id_from_open_id_connect_provider(self: Any) -> ActionResult:
    provider = self.backend.get_open_id_connect_provider(self._get_param("OpenIDConnectProviderArn"))
    provider.client_id_list = [each for each in provider.client_id_list if each != self._get_param("ClientID")]
    return EmptyResult()


@replaces(IAMBackend)
def update_user(self: Any, user_name: str, new_path: str | None = None, new_user_name: str | None = None) -> None:
    """moto keeps tags by an ARN that holds the path."""
    user = self.get_user(user_name)
    tags = user.tags or []
    self.tagger.delete_all_tags_for_resource(user.arn)
    update_user.original(self, user_name, new_path, new_user_name)  # type: ignore[attr-defined]
    self.tagger.tag_resource(user.arn, tags)
