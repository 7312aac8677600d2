"""Puts moto, its patches and the gate together."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from . import clock

if TYPE_CHECKING:
    from .serving import Server


def make(port: int) -> Server:
    """A server on 127.0.0.1, ready to serve. Raises OSError when the port is taken."""
    clock.install()
    import moto.backends as backends
    import moto.core.responses as responses
    from moto.ec2.responses import EC2Response
    from moto.iam.responses import IamResponse
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from moto.sts.responses import TokenResponse

    from . import accounts, cloudfront, dlm, functions, patches, rbin, service_quotas  # noqa: F401 (importing them changes moto)
    from .direct import direct, s3
    from .gate import Gate
    from .serving import Server

    accounts.install()
    # moto lists its own directory anew for every call.
    modules = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: iter(modules)
    # moto lists the methods of a class anew for every call; after the patches they no longer change.
    responses.method_names_from_class = functools.cache(responses.method_names_from_class)

    own = {"cloudfront": cloudfront.handle, "dlm": dlm.handle, "lambda": functions.handle, "rbin": rbin.handle, "servicequotas": service_quotas.handle}
    at_one_path = {"ec2": direct(EC2Response), "iam": direct(IamResponse), "sts": direct(TokenResponse), "s3": s3}
    gate = Gate(DomainDispatcherApplication(create_backend_app), {**own, **at_one_path})
    return Server(port, gate.begin)
