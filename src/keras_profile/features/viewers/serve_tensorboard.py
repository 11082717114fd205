"""Serves a folder with TensorBoard, only to this machine: ``python -m ... FOLDER PORT_FILE``."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .local_service import end_with_parent, is_local, tell_port


def main(folder: str, port_file: str) -> None:
    from tensorboard import main_lib, program

    class Server(program.WerkzeugServer):  # type: ignore[misc]
        def __init__(self, app: _App, flags: Any) -> None:
            super().__init__(for_local_hosts(app), flags)

    end_with_parent()
    main_lib.global_init()
    board = program.TensorBoard(server_class=Server)
    # The fast loader is a separate program, which shows nothing from the profile plugin.
    board.configure(
        ["tensorboard", "--logdir", folder, "--host", "127.0.0.1", "--port", "0", "--load_fast", "false"]
    )
    tell_port(urlsplit(board.launch()).port or 0, Path(port_file))
    threading.Event().wait()


#: A WSGI application.
_App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def for_local_hosts(app: _App) -> _App:
    """Returns ``app`` for requests that use this machine's own names; others are refused."""

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if is_local(environ.get("HTTP_HOST", "")):
            return app(environ, start_response)
        start_response("403 Forbidden", [("Content-Type", "text/plain")])
        return [b"only this machine is served, by the name localhost or 127.0.0.1\n"]

    return guarded


if __name__ == "__main__":
    main(*sys.argv[1:])
