"""The emulator's clock: the real one, plus what `POST /_emulator/advance` has added."""

from __future__ import annotations

import datetime
import sys

_offset = datetime.timedelta()


def now() -> datetime.datetime:
    """The time as the emulated AWS sees it: UTC, naive, as moto's own `utcnow` returns it."""
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) + _offset


def advance(seconds: float) -> datetime.datetime:
    """Moves the clock forward. Copies that would have ended by then have ended."""
    global _offset
    _offset += datetime.timedelta(seconds=seconds)
    return now()


def install() -> None:
    """Makes moto use this clock, in the modules already loaded and in those it loads later (it loads services lazily)."""
    import moto.core.utils as utils

    original = utils.utcnow
    utils.utcnow = now
    for name, module in list(sys.modules.items()):
        if name.startswith("moto.") and getattr(module, "utcnow", None) is original:
            setattr(module, "utcnow", now)
