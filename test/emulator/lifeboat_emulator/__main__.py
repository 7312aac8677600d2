"""Starts the emulator: `python -m lifeboat_emulator [--port N] [--behind SECONDS] [--watch-stdin]`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading


def _prepare_environment() -> None:
    """moto reads these while it is imported."""
    os.environ.pop("MOTO_ACCOUNT_ID", None)  # it would fold both accounts into one
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"  # otherwise some 1,290 junk snapshots a region
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"


def _watch_stdin() -> None:
    """Ends with the parent, even one that was killed: its end of the pipe closes then."""
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    parser = argparse.ArgumentParser(prog="lifeboat_emulator")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--behind", type=int, default=0, help="seconds that its clock starts behind the real one")
    parser.add_argument("--watch-stdin", action="store_true", help="end when standard input ends")
    arguments = parser.parse_args()
    _prepare_environment()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(0))
    if arguments.watch_stdin:
        threading.Thread(target=_watch_stdin, daemon=True).start()

    from . import clock
    from .server import make

    clock.begin(arguments.behind)

    try:
        server = make(arguments.port)
    except (OSError, SystemExit):
        print(f"emulator: port {arguments.port} on 127.0.0.1 is taken or not allowed", file=sys.stderr)
        sys.exit(98)
    print(f"ready http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
