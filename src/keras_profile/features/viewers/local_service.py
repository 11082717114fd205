"""What our own starts of other people's servers have in common: who may ask, and when they end."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from ...recordings.writing import write_files

#: By these names this machine is asked by itself. A page of another host that has its name lead here
#: asks by that name, which a browser does not let it change.
LOCAL_HOSTS = ("127.0.0.1", "localhost")


def is_local(host: str) -> bool:
    """Whether a ``Host`` header names this machine.

    >>> is_local("127.0.0.1:8080"), is_local("evil.example:8080"), is_local("")
    (True, False, False)
    """
    return host.rpartition(":")[0] in LOCAL_HOSTS if ":" in host else host in LOCAL_HOSTS


def end_with_parent() -> None:
    """Ends this process when its standard input is closed, which is when the process that started it ends."""

    def watch() -> None:
        sys.stdin.read()
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def tell_port(port: int, place: Path) -> None:
    """Writes the port that is listened on to the file ``place``, of which a reader sees all or nothing."""
    write_files(place.parent, [(place.name, str(port).encode())])
