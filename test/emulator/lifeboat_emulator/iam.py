"""IAM: users' permissions boundaries, which moto drops, and the boundary's existence. Hooks: `IamResponse`."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.iam.models import User, iam_backends
from moto.iam.responses import IamResponse

from .accounts import ROOT_KEY
from .errors import GateError
from .patching import replaces

User.permissions_boundary_arn = None  # type: ignore[attr-defined]
User.permissions_boundary = property(  # type: ignore[attr-defined]
    lambda self: (
        {"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": self.permissions_boundary_arn}
        if self.permissions_boundary_arn
        else None
    )
)


def _check(account: str, arn: str | None) -> None:
    if arn and arn not in iam_backends[account]["aws"].managed_policies:
        raise GateError("NoSuchEntity", f"Scope ARN: {arn} does not exist or is not attachable.", 404)


@replaces(IamResponse)
def get_user(self: Any) -> ActionResult:
    """Without a name: the caller, which for an account's own key is its administrator."""
    if self._get_param("UserName") or not ROOT_KEY.match(self.get_access_key()):
        return get_user.original(self)  # type: ignore[attr-defined]
    return ActionResult({"User": User(self.current_account, self.region, "administrator")})


@replaces(IamResponse)
def create_user(self: Any) -> ActionResult:
    boundary = self._get_param("PermissionsBoundary")
    _check(self.current_account, boundary)
    result = create_user.original(self)  # type: ignore[attr-defined]
    self.backend.get_user(self._get_param("UserName")).permissions_boundary_arn = boundary
    return result


@replaces(IamResponse)
def create_role(self: Any) -> ActionResult:
    _check(self.current_account, self._get_param("PermissionsBoundary"))
    return create_role.original(self)  # type: ignore[attr-defined]


@replaces(IamResponse)
def put_role_permissions_boundary(self: Any) -> ActionResult:
    _check(self.current_account, self._get_param("PermissionsBoundary"))
    return put_role_permissions_boundary.original(self)  # type: ignore[attr-defined]


@replaces(IamResponse)
def put_user_permissions_boundary(self: Any) -> ActionResult:
    user = self.backend.get_user(self._get_param("UserName"))
    boundary = self._get_param("PermissionsBoundary")
    _check(self.current_account, boundary)
    user.permissions_boundary_arn = boundary
    return EmptyResult()


@replaces(IamResponse)
def delete_user_permissions_boundary(self: Any) -> ActionResult:
    self.backend.get_user(self._get_param("UserName")).permissions_boundary_arn = None
    return EmptyResult()
