"""The rules of composite alarms: their syntax, and the alarms that they name.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
"""

from __future__ import annotations

import re
from typing import Callable

_NAME = r'(?:"(?:\\.|[^"\\])*"|[^"(),]+)'
_STATE = re.compile(rf"\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*({_NAME})\s*\)")
_WORDS = {"AND": "and", "OR": "or", "NOT": "not", "TRUE": "True", "FALSE": "False"}
_MOST = 100


def name_of(alarm: str) -> str:
    """The name of an alarm that is named by its name or its ARN."""
    return re.sub(r"^arn:aws:cloudwatch:[^:]*:\d{12}:alarm:", "", alarm)


def children(rule: str, refuse: Callable[[str], Exception]) -> set[str]:
    """The names in a rule. Refuses what is no rule."""
    if not 1 <= len(rule) <= 10_240:
        raise refuse("1 validation error detected: Value at 'alarmRule' failed to satisfy constraint: Member must have length between 1 and 10240")
    found: set[str] = set()

    def state(match: re.Match[str]) -> str:
        text = match.group(1).strip()
        found.add(name_of(re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text))
        return " True "

    left = _STATE.sub(state, rule)
    words = re.findall(r"[A-Za-z_]+|\(|\)|\S", left)
    if not all(word in ("(", ")", "True") or word in _WORDS for word in words):
        raise refuse(f"AlarmRule is not valid: {rule}")
    try:
        compile(" ".join(_WORDS.get(word, word) for word in words), "rule", "eval")
    except SyntaxError:
        raise refuse(f"AlarmRule is not valid: {rule}") from None
    if len(found) > _MOST:
        raise refuse(f"AlarmRule must not name more than {_MOST} alarms")
    return found
