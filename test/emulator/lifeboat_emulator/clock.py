"""The emulator's clock: the real one, plus what `POST /_emulator/advance` has added, or from `--behind` it; or one that stands until it is moved."""

from __future__ import annotations

import datetime
import sys

_offset = datetime.timedelta()
# What a clock that stands shows; none while it runs.
_standing: datetime.datetime | None = None


def now() -> datetime.datetime:
    """The time as the emulated AWS sees it: UTC, naive, as moto's own `utcnow` returns it."""
    return _standing if _standing is not None else _real() + _offset


def begin(behind: int) -> None:
    """What this world has been through lies in the past of whoever calls it: so many seconds until it has caught up."""
    global _offset
    _offset = -datetime.timedelta(seconds=behind)


def advance(seconds: float) -> datetime.datetime:
    """Moves the clock forward. Copies that would have ended by then have ended."""
    global _offset, _standing
    step = datetime.timedelta(seconds=seconds)
    if _standing is not None:
        _standing += step
    else:
        _offset += step
    return now()


def run(goes: bool) -> None:
    """Lets the clock go with the real one, or stand; it never goes back."""
    global _offset, _standing
    if not goes:
        _standing = now()
    elif _standing is not None:
        _offset, _standing = _standing - _real(), None


def _real() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)


def install() -> None:
    """Makes moto use this clock, in the modules already loaded and in those it loads later (it loads services lazily)."""
    import moto.core.utils as utils

    original = utils.utcnow
    utils.utcnow = now
    for name, module in list(sys.modules.items()):
        if name.startswith("moto.") and getattr(module, "utcnow", None) is original:
            setattr(module, "utcnow", now)
