"""Tags of services beside EC2: the limits that all of them share, each refused with the service's own error.

https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html#id_tags_naming_best_practices
"""

from __future__ import annotations

import re
from typing import Any, Callable

from moto.core.exceptions import ServiceException

MOST = 50
# Letters and digits of any script, spaces, and what AWS lists beside them.
_ALLOWED = re.compile(r"^[\w\s.:/=+\-@]*$")


def check(tags: list[dict[str, Any]] | None, refuse: Callable[[str], ServiceException], *, plain: bool = True) -> dict[str, str]:
    """The tags of one request. `plain` refuses characters outside of AWS's common set."""
    checked: dict[str, str] = {}
    for tag in tags or []:
        key, value = str(tag.get("Key") or ""), str(tag.get("Value") or "")
        if not 1 <= len(key) <= 128:
            raise refuse(f"Tag key '{key}' must have 1 to 128 characters")
        if len(value) > 256:
            raise refuse(f"The value of the tag '{key}' must have at most 256 characters")
        if key.lower().startswith("aws:"):
            raise refuse("Tag keys starting with 'aws:' are reserved for internal use")
        if plain and not (_ALLOWED.match(key) and _ALLOWED.match(value)):
            raise refuse(f"The tag '{key}' has characters that AWS does not allow")
        if key in checked:
            raise refuse(f"Duplicate tag key '{key}' specified")
        checked[key] = value
    if len(checked) > MOST:
        raise refuse("The maximum number of tags for this resource has been reached")
    return checked


def merged(existing: dict[str, str], more: dict[str, str], refuse: Callable[[str], ServiceException]) -> dict[str, str]:
    """An object's tags after more were put on it."""
    together = {**existing, **more}
    if len([key for key in together if not key.startswith("aws:")]) > MOST:
        raise refuse("The maximum number of tags for this resource has been reached")
    return together
