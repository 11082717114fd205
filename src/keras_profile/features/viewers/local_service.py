"""What the viewers' servers that we start have in common: who may send requests, and when they end."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from ...recordings.writing import write_files

#: The names by which this machine sends requests to itself. If another host makes its name point here, its
#: page uses that name in requests, and a browser does not let it change the name.
LOCAL_HOSTS = ("127.0.0.1", "localhost")


def is_local(host: str) -> bool:
    """Whether a ``Host`` header names this machine.

    >>> is_local("127.0.0.1:8080"), is_local("evil.example:8080"), is_local("")
    (True, False, False)
    """
    return host.rpartition(":")[0] in LOCAL_HOSTS if ":" in host else host in LOCAL_HOSTS


def end_with_parent() -> None:
    """Ends this process when its standard input is closed: that is when its parent process ends."""

    def watch() -> None:
        sys.stdin.read()
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def tell_port(port: int, place: Path) -> None:
    """Writes the port of the server to the file ``place``. A reader sees all of it or nothing."""
    write_files(place.parent, [(place.name, str(port).encode())])
