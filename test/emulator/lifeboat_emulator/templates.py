"""Launch templates: versions with data that comes back as it was given. Hooks: their calls of `EC2Response`, and `LaunchTemplate`.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-launch-template-versions.html
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateVersion
from moto.ec2.responses import EC2Response

from . import quotas, tags
from .accounts import caller
from .answers import Answer, Views
from .errors import ec2_error, invalid_value, missing
from .find import chosen, filtered, one, tag_list
from .idempotency import once
from .patching import replaces

_NAME = re.compile(r"^[a-zA-Z0-9().\-/_]{3,128}$")
_NO_ID, _NO_NAME, _NO_VERSION = "InvalidLaunchTemplateId.NotFound", "InvalidLaunchTemplateName.NotFoundException", "InvalidLaunchTemplateId.VersionNotFound"


@replaces(LaunchTemplate)
def create_version(self: Any, data: dict[str, Any], description: str | None) -> Any:
    """Numbers are never used again."""
    self.numbers = getattr(self, "numbers", 0) + 1
    version = LaunchTemplateVersion(self, self.numbers, data, description or "")
    principal = caller.get()
    version.created_by = principal.arn if principal else ""  # type: ignore[attr-defined]
    self.versions.append(version)
    return version


@replaces(LaunchTemplate)
def get_version(self: Any, num: Any) -> Any:
    if str(num) == "$Latest":
        return self.versions[-1]
    wanted = self.default_version_number if str(num) == "$Default" else num
    for version in self.versions:
        if str(version.number) == str(wanted):
            return version
    raise ec2_error(_NO_VERSION, f"Could not find launch template version {num} for the launch template {self.id}.")


@replaces(LaunchTemplate)
def default_version(self: Any) -> Any:
    return self.get_version("$Default")


def _bare(value: Any) -> Any:
    """What was given and nothing else: members without a value are left out."""
    if isinstance(value, dict):
        return {key: _bare(item) for key, item in value.items() if item is not None}
    return [_bare(item) for item in value] if isinstance(value, list) else value


def _data(self: Any) -> dict[str, Any]:
    data = _bare(self._get_param("LaunchTemplateData") or {})
    if not data:
        raise missing("LaunchTemplateData")
    for specification in data.get("TagSpecifications") or []:
        tags.check(specification.get("Tags") or [])
    text = data.get("UserData")
    if text is not None:
        try:
            size = len(base64.b64decode(str(text), validate=True))
        except binascii.Error:
            raise ec2_error("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.") from None
        if size > 16384:
            raise ec2_error("InvalidUserData.Malformed", "User data is limited to 16384 bytes.")
        data["UserData"] = str(text)
    return data


def _view(template: Any) -> dict[str, Any]:
    return {
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "CreateTime": template.create_time,
        "CreatedBy": template.versions[0].created_by,
        "DefaultVersionNumber": template.default_version_number,
        "LatestVersionNumber": template.versions[-1].number,
        "Tags": tag_list(template),
    }


def _version_view(version: Any) -> dict[str, Any]:
    template = version.template
    return {
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "VersionNumber": version.number,
        "VersionDescription": version.description or None,
        "CreateTime": version.create_time,
        "CreatedBy": version.created_by,
        "DefaultVersion": version.number == template.default_version_number,
        "LaunchTemplateData": version.data,
    }


def _find(self: Any) -> Any:
    return find(self.ec2_backend, self._get_param("LaunchTemplateId"), self._get_param("LaunchTemplateName"))


def find(backend: Any, template_id: str | None, name: str | None) -> Any:
    """By id or by name, and by exactly one of them."""
    if bool(template_id) == bool(name):
        raise missing("exactly one of: launchTemplateId, launchTemplateName")
    if template_id:
        return one(backend.launch_templates, template_id, _NO_ID, "launch template")
    for template in backend.launch_templates.values():
        if template.name == name:
            return template
    raise ec2_error(_NO_NAME, f"The specified launch template, with template name {name}, does not exist.")


@replaces(EC2Response)
def create_launch_template(self: Any) -> Answer:
    return Answer({"LaunchTemplate": _view(once(self, lambda: _create(self)))})


def _create(self: Any) -> Any:
    backend, name = self.ec2_backend, self._get_param("LaunchTemplateName")
    if not name:
        raise missing("LaunchTemplateName")
    if not _NAME.match(name):
        raise ec2_error("InvalidLaunchTemplateName.MalformedException", "A launch template name must be between 3 and 128 characters, and may contain letters, numbers, and the characters ( ) . - / _")
    if any(template.name == name for template in backend.launch_templates.values()):
        raise ec2_error("InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.")
    data = _data(self)
    own = self._parse_tag_specification("launch-template").get("launch-template", {})
    quotas.check(backend, quotas.LAUNCH_TEMPLATES, len(backend.launch_templates) + 1, "LaunchTemplateLimitExceeded")
    self.error_on_dryrun()
    template = LaunchTemplate(backend, name, data, self._get_param("VersionDescription"), {})
    backend.launch_templates[template.id] = template
    backend.launch_template_name_to_ids[name] = template.id
    backend.tags[template.id].update(own)
    return template


@replaces(EC2Response)
def create_launch_template_version(self: Any) -> Answer:
    return Answer({"LaunchTemplateVersion": _version_view(once(self, lambda: _create_version(self)))})


def _create_version(self: Any) -> Any:
    """On top of a source version, if one is named."""
    template, data = _find(self), _data(self)
    source = self._get_param("SourceVersion")
    if source:
        data = {**template.get_version(source).data, **data}
    self.error_on_dryrun()
    return template.create_version(data, self._get_param("VersionDescription"))


@replaces(EC2Response)
def modify_launch_template(self: Any) -> Answer:
    template = _find(self)
    wanted = self._get_param("DefaultVersion") or self._get_param("SetDefaultVersion")
    if not wanted:
        raise missing("DefaultVersion")
    version = template.get_version(wanted)
    self.error_on_dryrun()
    template.default_version_number = version.number
    return Answer({"LaunchTemplate": _view(template)})


@replaces(EC2Response)
def delete_launch_template(self: Any) -> Answer:
    template, backend = _find(self), self.ec2_backend
    self.error_on_dryrun()
    answer = _view(template)
    backend.launch_templates.pop(template.id)
    backend.launch_template_name_to_ids.pop(template.name, None)
    backend.tags.pop(template.id, None)
    return Answer({"LaunchTemplate": answer})


@replaces(EC2Response)
def delete_launch_template_versions(self: Any) -> Answer:
    """Each by itself; the default version stays."""
    template = _find(self)
    done: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for number in self._get_param("Versions") or []:
        entry = {"LaunchTemplateId": template.id, "LaunchTemplateName": template.name, "VersionNumber": int(number)}
        version = next((version for version in template.versions if str(version.number) == str(number)), None)
        if version is None or version.number == template.default_version_number:
            code = "launchTemplateVersionDoesNotExist" if version is None else "unexpectedError"
            failed.append({**entry, "ResponseError": {"Code": code, "Message": f"The version {number} cannot be deleted."}})
            continue
        template.versions.remove(version)
        done.append(entry)
    return Answer({"SuccessfullyDeletedLaunchTemplateVersions": done, "UnsuccessfullyDeletedLaunchTemplateVersions": failed})


def _values(template: Any, name: str) -> list[Any] | None:
    return [template.name] if name == "launch-template-name" else None


@replaces(EC2Response)
def describe_launch_templates(self: Any) -> Answer:
    self.error_on_dryrun()
    backend, names = self.ec2_backend, self._get_param("LaunchTemplateNames") or []
    found = chosen(backend.launch_templates, self._get_param("LaunchTemplateIds"), _NO_ID, "launch template")
    if names:
        named = [find(backend, None, name) for name in names]
        found = [template for template in found if template in named]
    return Answer({"LaunchTemplates": Views(filtered(found, self._filters_from_querystring(), _values), _view)})


@replaces(EC2Response)
def describe_launch_template_versions(self: Any) -> Answer:
    """Of one template: all, or those named. Of every template: only `$Latest` and `$Default`, which must be asked for."""
    self.error_on_dryrun()
    backend, wanted = self.ec2_backend, self._get_param("Versions") or []
    if self._get_param("LaunchTemplateId") or self._get_param("LaunchTemplateName"):
        found = _of_one(self, _find(self), wanted)
    else:
        if not wanted:
            raise ec2_error("MissingParameter", "To describe the data of all your launch templates, specify $Latest, $Default, or both, and omit the template.")
        if any(text not in ("$Latest", "$Default") for text in wanted) or self._get_param("MinVersion") or self._get_param("MaxVersion"):
            raise invalid_value("Without a launch template, only the versions $Latest and $Default can be described.")
        found = [version for template in backend.launch_templates.values() for version in _named(template, wanted)]
    return Answer({"LaunchTemplateVersions": Views(filtered(found, self._filters_from_querystring(), _version_values), _version_view)})


def _named(template: Any, wanted: list[str]) -> list[Any]:
    found = {id(version): version for version in (template.get_version(text) for text in wanted)}
    return sorted(found.values(), key=lambda version: -version.number)


def _of_one(self: Any, template: Any, wanted: list[str]) -> list[Any]:
    low, high = self._get_param("MinVersion"), self._get_param("MaxVersion")
    if wanted:
        if low or high:
            raise ec2_error("InvalidParameterCombination", "Versions cannot be named beside MinVersion or MaxVersion.")
        return _named(template, wanted)
    # The newest first.
    return [v for v in reversed(template.versions) if int(low or 1) <= v.number <= int(high or template.versions[-1].number)]


def _version_values(version: Any, name: str) -> list[Any] | None:
    member = {"image-id": "ImageId", "instance-type": "InstanceType", "ebs-optimized": "EbsOptimized", "kernel-id": "KernelId", "ram-disk-id": "RamDiskId"}.get(name)
    if name == "is-default-version":
        return [version.number == version.template.default_version_number]
    return [version.data.get(member)] if member else None
