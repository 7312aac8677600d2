"""Client tokens: the same call again gets the same answer; another call under the same token is refused.

https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
"""

from __future__ import annotations

import json
from typing import Any, Callable

from .errors import ec2_error


def once(response: Any, make: Callable[[], Any]) -> Any:
    """What `make` makes, or what it made when this ClientToken came before with the same parameters."""
    token = response._get_param("ClientToken")
    if not token:
        return make()
    action = response._get_action()
    seen: dict[Any, tuple[str, Any]] = response.ec2_backend.__dict__.setdefault("client_tokens", {})
    fingerprint = json.dumps(response.params, sort_keys=True, default=str)
    if (action, token) in seen:
        before, made = seen[(action, token)]
        if before != fingerprint:
            message = f"The request with client token '{token}' was made before with other parameters."
            raise ec2_error("IdempotentParameterMismatch", message)
        return made
    made = make()
    seen[(action, token)] = (fingerprint, made)
    return made
