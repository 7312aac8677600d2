"""Runs the code of a function by the real Node.js, with a network that is emulated: `node:net` knows `connect` alone, and reach.py says how it ends.

Code that asks for any other of Node's modules fails. A connection that times out does so at once, as if its time were over: the emulator does
one thing at a time.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import zipfile
from typing import Any, Iterator

from . import reach

_MOST_BYTES = 50 * 1024 * 1024
_SECONDS = 30

# Reads {files, handler, event, reach} and writes {error, answer}.
_HOST = r"""
const { EventEmitter } = require('node:events');
const input = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const net = {
  connect(options) {
    const socket = new EventEmitter();
    let timer;
    const soon = (name, ...given) => setImmediate(() => { if (!socket.destroyed) socket.emit(name, ...given); });
    socket.setTimeout = (ms, listener) => { timer = ms; if (listener) socket.once('timeout', listener); return socket; };
    socket.destroy = () => { socket.destroyed = true; return socket; };
    socket.end = socket.destroy;
    const how = input.reach[`${options.host} ${options.port}`];
    setImmediate(() => {
      if (how === 'open') return soon('connect');
      if (how === 'refused') return soon('error', Object.assign(new Error(`connect ECONNREFUSED ${options.host}:${options.port}`), { code: 'ECONNREFUSED' }));
      if ((timer ?? options.timeout) > 0) return soon('timeout');
      soon('error', Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT' }));
    });
    return socket;
  },
};
const [file, name] = input.handler.split('.');
const load = (id) => { if (id === 'node:net' || id === 'net') return net; throw new Error(`Cannot find module '${id}'`); };
(async () => {
  const module = { exports: {} };
  const source = input.files[`${file}.js`];
  if (source === undefined) throw new Error(`Cannot find module '${file}'`);
  new Function('require', 'module', 'exports', source)(load, module, module.exports);
  return module.exports[name](input.event, {});
})().then(
  (answer) => ({ error: false, answer: answer === undefined ? null : answer }),
  (error) => ({ error: true, answer: { errorType: error.name, errorMessage: error.message } }),
).then((result) => process.stdout.write(JSON.stringify(result)));
"""


def unzip(data: bytes) -> dict[str, str]:
    """The files of a function's code, by their names. Raises ValueError for what is no archive of text."""
    if len(data) > _MOST_BYTES:
        raise ValueError("too large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if archive.testzip() is not None:
                raise ValueError("damaged")
            return {name: archive.read(name).decode() for name in archive.namelist()}
    except zipfile.BadZipFile as error:
        raise ValueError(str(error)) from None


def run(files: dict[str, str], handler: str, event: Any, nic: Any, seconds: int) -> tuple[bool, Any]:
    """Whether the code failed, and its answer."""
    asked = {(address, port) for address, port in _pairs(event)}
    known = {f"{address} {port}": reach.connect(nic.ec2_backend, nic, address, port) for address, port in asked}
    node = os.environ.get("LIFEBOAT_NODE") or shutil.which("node")
    if node is None:
        raise NotImplementedError("functions where there is no Node.js")
    data = json.dumps({"files": files, "handler": handler, "event": event, "reach": known})
    try:
        # Nothing of this process's environment, but what finds its libraries, is the function's.
        done = subprocess.run([node, "-e", _HOST], input=data, capture_output=True, text=True, timeout=min(seconds, _SECONDS), env={"PATH": os.environ.get("PATH", "")})
        result = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return True, {"errorType": "Sandbox.Timedout", "errorMessage": f"Task timed out after {seconds}.00 seconds"}
    except ValueError:
        return True, {"errorType": "Runtime.ExitError", "errorMessage": "Runtime exited"}
    return bool(result["error"]), result["answer"]


def _pairs(event: Any) -> Iterator[tuple[str, int]]:
    """Every address and port that an event names together, wherever it does."""
    if isinstance(event, dict):
        if isinstance(event.get("address"), str) and isinstance(event.get("port"), int):
            yield event["address"], event["port"]
        for value in event.values():
            yield from _pairs(value)
    elif isinstance(event, list):
        for value in event:
            yield from _pairs(value)
