"""Answers of EC2 written straight to XML, by botocore's model: moto's serializer takes a second for a thousand rules.

An `Answer` holds plain dictionaries with AWS's own member names; a value of None is left out. Objects are described
through view functions, so that what a call answers can be read in one place.
"""

from __future__ import annotations

import base64
import datetime
import functools
import uuid
from typing import Any, Callable, Iterator
from xml.sax.saxutils import escape

from moto.core.responses import ActionResult
from moto.core.utils import get_service_model

Writer = Callable[[Any], str]
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"'


class Answer(ActionResult):
    """What an EC2 call answers, as plain dictionaries. An Answer without content is EC2's `return: true`."""

    def __init__(self, content: dict[str, Any] | None = None) -> None:
        super().__init__(content or {})


class Views:
    """Objects to be described, each only when its page is asked for."""

    def __init__(self, objects: list[Any], view: Callable[[Any], dict[str, Any]]) -> None:
        self.objects, self.view = objects, view

    def __len__(self) -> int:
        return len(self.objects)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return map(self.view, self.objects)

    def __getitem__(self, part: slice) -> list[dict[str, Any]]:
        return [self.view(item) for item in self.objects[part]]


def render(action: str, content: dict[str, Any]) -> str:
    """The body of an answer."""
    request = f"<requestId>{uuid.uuid4()}</requestId>"
    write = _operation(action)
    inner = write(content) if write is not None else "<return>true</return>"
    return f"{_HEAD}<{action}Response {_SPACE}>{request}{inner}</{action}Response>"


@functools.cache
def _operation(action: str) -> Writer | None:
    shape = get_service_model("ec2").operation_model(action).output_shape
    return _structure(shape) if shape is not None else None


def _writer(shape: Any) -> Writer:
    kind = shape.type_name
    if kind == "structure":
        return _structure(shape)
    if kind == "list":
        return _list(shape)
    if kind == "boolean":
        return lambda value: "true" if value is True or str(value).lower() == "true" else "false"
    if kind == "timestamp":
        return lambda value: value if isinstance(value, str) else _timestamp(value)
    if kind == "blob":
        return lambda value: base64.b64encode(value if isinstance(value, bytes) else str(value).encode()).decode()
    return str if kind in ("integer", "long", "float", "double") else _text


def _text(value: Any) -> str:
    text = str(value)
    return escape(text) if "&" in text or "<" in text or ">" in text else text


def _timestamp(value: datetime.datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _structure(shape: Any) -> Writer:
    # Members are resolved on first use: shapes can hold themselves.
    members = {name: (member.serialization.get("name", name), member) for name, member in shape.members.items()}
    writers: dict[str, tuple[str, str, Writer]] = {}

    def write(value: Any) -> str:
        parts: list[str] = []
        for name, item in value.items():
            if item is None:
                continue
            known = writers.get(name)
            if known is None:
                if name not in members:
                    raise KeyError(f"{shape.name} has no member {name}")
                tag, member = members[name]
                known = writers[name] = (f"<{tag}>", f"</{tag}>", _writer(member))
            parts.append(known[0])
            parts.append(known[2](item))
            parts.append(known[1])
        return "".join(parts)

    return write


def _list(shape: Any) -> Writer:
    tag = shape.member.serialization.get("name", "item")
    inner = _writer(shape.member)
    return lambda items: "".join(f"<{tag}>{inner(item)}</{tag}>" for item in items)
