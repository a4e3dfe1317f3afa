"""`python -m tests.replica --port 0 --seed 1 --articles 300`: prints its port and serves until told
to end."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from pathlib import Path

from .server import Replica
from .themes import THEMES


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.replica", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--articles", type=int, help="for every office (default: 30 to 3000, by office)"
    )
    parser.add_argument(
        "--theme", choices=sorted(THEMES), help="for every office (default: by office)"
    )
    parser.add_argument("--page-bytes", type=int, help="about how large an article page is")
    parser.add_argument("--validators", action="store_true", help="ETag, Last-Modified and 304")
    parser.add_argument("--gzip", action="store_true")
    parser.add_argument(
        "--port-file", type=Path, help="the port is written here once the replica serves"
    )
    parser.add_argument(
        "--fault", action="append", default=[], metavar="HOST,KIND[,NAME=VALUE...]",
        help="may be repeated, as in '*,slow,seconds=0.2,path=/blog/read/,times=3'",
    )  # fmt: skip
    return parser.parse_args()


def set_fault(replica: Replica, text: str) -> None:
    host, kind, *details = text.split(",")
    pairs = dict(detail.split("=", 1) for detail in details)
    kinds = {"times": int, "after": int, "status": int, "seconds": float}
    replica.set_fault(
        host, kind, **{name: kinds.get(name, str)(value) for name, value in pairs.items()}
    )


def main() -> None:
    wanted = parse_arguments()
    replica = Replica(
        wanted.seed, wanted.articles, port=wanted.port, theme=wanted.theme, page_bytes=wanted.page_bytes,
        validators=wanted.validators, gzip=wanted.gzip,
    )  # fmt: skip
    replica.on_crash = lambda: os._exit(1)
    for text in wanted.fault:
        set_fault(replica, text)
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    replica.start()
    print(replica.port, flush=True)
    if wanted.port_file:
        wanted.port_file.write_text(f"{replica.port}\n")
    told.wait()
    replica.stop()


if __name__ == "__main__":
    main()
