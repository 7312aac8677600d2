"""HTTP/1.1 on 127.0.0.1: one loop, connections that stay open, and waiting that holds up nobody.

werkzeug's own server closes the connection after each answer, so that every call pays for a connection and a thread, here and in
the client; that was three quarters of a small call. AWS keeps connections open too. Bodies are read whole before a call begins.
"""

from __future__ import annotations

import asyncio
import io
import socket
import sys
import time
import traceback
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, Callable, Generator, Iterator
from urllib.parse import unquote, urlsplit

from moto.core.request import PRESERVED_HEADER_NAMES_ENVIRON_KEY, environ_key_for_header, should_preserve_original_header_name

from .errors import Response

# What a request waits, in seconds, and what is done and answered then; None closes the connection without an answer.
Begun = tuple[float, Callable[[], "Response | None"]]
Application = Callable[[dict[str, Any]], Begun]

_REASONS = {status.value: status.phrase for status in HTTPStatus}
# A head that grows past this is none.
_LARGEST_HEAD = 1 << 20


class Server:
    """Bound to its port from the start; `serve_forever` answers."""

    def __init__(self, port: int, application: Application) -> None:
        self._application = application
        # A burst of a hundred clients must not wait for the second try of a refused connection.
        self._socket = socket.create_server(("127.0.0.1", port), backlog=1024)
        self.server_port: int = self._socket.getsockname()[1]

    def serve_forever(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Connection(self._application, self.server_port), sock=self._socket)
        await server.serve_forever()


class Connection(asyncio.Protocol):
    """One client's connection: its requests are answered one after the other."""

    def __init__(self, application: Application, port: int) -> None:
        self._application, self._port = application, port
        self._received = bytearray()
        self._request: Iterator[dict[str, Any] | None] = iter(())
        self._busy = False

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = self._read()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._busy:
            self._advance()

    def _advance(self) -> None:
        try:
            environ = next(self._request)
            if environ is None:
                return
            self._busy = True
            delay, work = self._application(environ)
        except Exception:
            self._fail()
            return
        if delay:
            asyncio.get_running_loop().call_later(delay, self._answer, environ, work)
        else:
            self._answer(environ, work)

    def _answer(self, environ: dict[str, Any], work: Callable[[], Response | None]) -> None:
        # The work is done for a client that has gone away, too: AWS would not know.
        try:
            response = work()
        except Exception:
            self._fail()
            return
        if response is None:
            self._transport.abort()
        if self._transport.is_closing():
            return
        self._transport.write(_bytes(environ["REQUEST_METHOD"], response))
        if environ["SERVER_PROTOCOL"] == "HTTP/1.0" or environ.get("HTTP_CONNECTION", "").lower() == "close":
            self._transport.close()
            return
        self._busy = False
        self._request = self._read()
        if self._received:
            self._advance()

    def _fail(self) -> None:
        print(f"emulator: a connection is closed\n{traceback.format_exc()}", file=sys.stderr, flush=True)
        self._transport.abort()

    def _read(self) -> Iterator[dict[str, Any] | None]:
        """None for as long as the request is not whole, then its WSGI environment."""
        received = self._received
        while (end := received.find(b"\r\n\r\n")) < 0:
            if len(received) > _LARGEST_HEAD:
                raise ValueError("this is no HTTP")
            yield None
        first, *lines = received[:end].decode("latin-1").split("\r\n")
        del received[: end + 4]
        environ = _environ(first, lines, self._port)
        if environ.get("HTTP_EXPECT", "").lower() == "100-continue":
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if "chunked" in environ.pop("HTTP_TRANSFER_ENCODING", "").lower():
            body = b""
            while (size := int((yield from self._line()).split(b";")[0], 16)) > 0:
                body += yield from self._bytes(size)
                yield from self._line()
            while (yield from self._line()):
                pass
            environ["CONTENT_LENGTH"] = str(len(body))
        else:
            body = yield from self._bytes(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        yield environ

    def _bytes(self, size: int) -> Generator[None, None, bytes]:
        while len(self._received) < size:
            yield None
        taken = bytes(self._received[:size])
        del self._received[:size]
        return taken

    def _line(self) -> Generator[None, None, bytes]:
        while (end := self._received.find(b"\r\n")) < 0:
            yield None
        line = bytes(self._received[:end])
        del self._received[: end + 2]
        return line


def _environ(first: str, lines: list[str], port: int) -> dict[str, Any]:
    method, target, protocol = first.split(" ")
    # A proxied request names the whole address.
    url = None if target.startswith("/") else urlsplit(target)
    path, _, query = target.partition("?") if url is None else (url.path, "", url.query)
    environ: dict[str, Any] = {
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        # WSGI's texts are bytes, one a character.
        "PATH_INFO": unquote(path).encode().decode("latin-1"),
        "QUERY_STRING": query,
        # What came, before it was decoded: S3's keys need it.
        "REQUEST_URI": target,
        "RAW_URI": target,
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": protocol,
    }
    preserved: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        if "_" in name:
            # WSGI cannot tell these from names with dashes; S3's own metadata may have them.
            if not should_preserve_original_header_name(name):
                continue
            preserved[environ_key_for_header(name)] = name
        key, value = environ_key_for_header(name), value.strip(" \t")
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    environ[PRESERVED_HEADER_NAMES_ENVIRON_KEY] = preserved
    if url is not None:
        environ["HTTP_HOST"] = url.netloc
    return environ


def _bytes(method: str, response: Response) -> bytes:
    status, headers, body = response
    head = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}", f"Date: {_date(int(time.time()))}"]
    # HEAD says how long the body would be that it does not send.
    own = ("connection", "date", "transfer-encoding", *(() if method == "HEAD" else ("content-length",)))
    for name, value in headers.items():
        if name.lower() not in own:
            head.append(f"{name}: {value}")
    if method == "HEAD":
        body = b""
    else:
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*head, "\r\n"]).encode("latin-1") + body


_dates: dict[int, str] = {}


def _date(second: int) -> str:
    if second not in _dates:
        _dates.clear()
        _dates[second] = formatdate(second, usegmt=True)
    return _dates[second]
