"""Serves one profile with snakeviz, only to this machine: ``python -m ... PROFILE PORT_FILE``.

snakeviz by itself shows any folder, and loads any file as a profile, which is marshal.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from urllib.parse import quote

from .local_service import LOCAL_HOSTS, end_with_parent, tell_port


def main(profile: str, port_file: str) -> None:
    from snakeviz.main import app
    from tornado.httpserver import HTTPServer
    from tornado.ioloop import IOLoop
    from tornado.netutil import bind_sockets
    from tornado.routing import HostMatches, PathMatches, Rule, RuleRouter

    end_with_parent()
    hosts = "|".join(map(re.escape, LOCAL_HOSTS))
    page = re.escape("/snakeviz/" + quote(profile, safe=""))
    shown = RuleRouter([Rule(PathMatches(page), app), Rule(PathMatches("/static/.*"), app)])
    server = HTTPServer(RuleRouter([Rule(HostMatches(f"({hosts})$"), shown)]))
    sockets = bind_sockets(0, "127.0.0.1")
    server.add_sockets(sockets)
    tell_port(sockets[0].getsockname()[1], Path(port_file))
    IOLoop.current().start()


if __name__ == "__main__":
    main(*sys.argv[1:])
