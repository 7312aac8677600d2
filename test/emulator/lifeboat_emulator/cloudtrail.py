"""CloudTrail: what a new trail logs. Hook: `Trail.__init__`.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html
"""

from __future__ import annotations

from typing import Any

from moto.cloudtrail.models import Trail

from .patching import replaces


@replaces(Trail)
def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
    """All management events, read and write, and no data events."""
    __init__.original(self, *args, **kwargs)  # type: ignore[attr-defined]
    self.event_selectors = [
        {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": [], "ExcludeManagementEventSources": []},
    ]
