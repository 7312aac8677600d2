"""Puts moto, its patches and the gate together."""

from __future__ import annotations

import functools
import logging
from typing import Any

from werkzeug.serving import BaseWSGIServer, make_server

from . import clock


def make(port: int) -> BaseWSGIServer:
    """A server on 127.0.0.1, ready to serve. Raises OSError when the port is taken."""
    clock.install()
    import moto.backends as backends
    import moto.core.responses as responses
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app

    from . import accounts, dlm, patches, service_quotas  # noqa: F401 (importing them changes moto)
    from .gate import Gate

    accounts.install()
    # moto lists its own directory anew for every call.
    modules = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: iter(modules)
    # moto lists the methods of a class anew for every call; after the patches they no longer change.
    responses.method_names_from_class = functools.cache(responses.method_names_from_class)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)

    class Handler(MotoRequestHandler):
        """HTTP/1.1 with small answers sent at once: with Nagle's algorithm each call would wait for an acknowledgement."""

        disable_nagle_algorithm = True
        protocol_version = "HTTP/1.1"

        def log_request(self, *_: Any) -> None:
            pass

    gate = Gate(DomainDispatcherApplication(create_backend_app), {"dlm": dlm.handle, "servicequotas": service_quotas.handle})
    return make_server("127.0.0.1", port, gate, threaded=True, request_handler=Handler)
