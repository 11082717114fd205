"""Other people's viewers: what each loads and how, and those that are started here."""

from __future__ import annotations

import importlib.util
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.parse import quote

from ...errors import KerasProfileError, ending
from ...launch.interpreters import pip_command
from ...recorder.protocol.channel import own_group

#: How long a viewer may take until it answers. The first start after an installation,
#: which compiles modules, takes by far the longest.
PATIENCE_S = 120.0
#: How long it may take to end once it was asked to.
ENDING_S = 10.0


@dataclass(frozen=True)
class Viewer:
    """A viewer that is a server: what it needs, how it is started, what it answers.

    ``options`` are of the path that it shows and the port; ``ready`` is a path that it
    answers once it works, ``page`` the one to look at; ``where`` says what to look for.
    """

    name: str
    modules: tuple[str, ...]
    requirements: str
    program: str
    options: Callable[[Path, int], list[str]]
    ready: Callable[[Path], str]
    page: Callable[[Path], str]
    where: str


VIEWERS = {
    "tensorboard": Viewer(
        "TensorBoard",
        ("tensorboard", "tensorboard_plugin_profile"),
        "tensorboard==2.21.0 tensorboard-plugin-profile==2.24.2",
        "tensorboard.main",
        # The fast loader is a program of its own, which shows nothing of the profile plugin's.
        lambda path, port: [
            "--logdir",
            str(path),
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--load_fast",
            "false",
        ],
        lambda path: "/data/plugin/profile/runs",
        lambda path: "/#profile",
        "Tools: Trace Viewer has the steps and phases above TensorFlow's events; each round is a run",
    ),
    "snakeviz": Viewer(
        "snakeviz",
        ("snakeviz",),
        "snakeviz",
        "snakeviz",
        lambda path, port: ["--server", "--hostname", "127.0.0.1", "--port", str(port), str(path)],
        lambda path: "/snakeviz/" + quote(str(path), safe=""),
        lambda path: "/snakeviz/" + quote(str(path), safe=""),
        "the functions that cProfile counted; its tree is inferred from callers",
    ),
}

#: What a viewer that cannot start says last, and what mends it.
_SIGNS = (("pkg_resources", "setuptools<82"),)


class Server:
    """A viewer that runs until it is closed. Raises :class:`KerasProfileError` where it cannot.

    It listens on this machine alone. What it prints goes to a file in ``scratch``.
    """

    def __init__(self, viewer: Viewer, path: Path, scratch: Path) -> None:
        self._viewer = viewer
        missing = [name for name in viewer.modules if importlib.util.find_spec(name) is None]
        if missing:
            raise KerasProfileError(
                f"{viewer.name} needs {' and '.join(missing)}, not installed in this environment",
                pip_command(sys.executable, *viewer.requirements.split()),
            )
        self._log = scratch / "viewer.log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        base = f"http://127.0.0.1:{port}"
        with self._log.open("wb") as log:
            # A session of its own: Ctrl-C is for this program, which then ends the viewer.
            self._process = subprocess.Popen(
                [sys.executable, "-m", viewer.program, *viewer.options(path, port)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                **own_group(),
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        self.address = base + viewer.page(path)
        try:
            self._await(base + viewer.ready(path))
        except BaseException:
            self.close()
            raise

    def wait(self) -> None:
        """Returns never, unless the viewer ends by itself, which is an error."""
        self._process.wait()
        raise self._ended()

    def close(self) -> None:
        """Ends the viewer."""
        self._process.terminate()
        try:
            self._process.wait(ENDING_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _await(self, address: str) -> None:
        # No proxy: what listens is on this machine.
        client = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise self._ended()
            try:
                with client.open(address, timeout=ENDING_S):
                    return
            except urllib.error.HTTPError as error:
                raise self._failure(
                    f"was started, but answers {error.code} where its data should be"
                ) from error
            except OSError:  # it does not listen yet
                time.sleep(0.1)
        raise self._failure(f"was started, but did not answer within {PATIENCE_S:.0f} s")

    def _ended(self) -> KerasProfileError:
        return self._failure(f"ended by itself ({ending(self._process.returncode)})")

    def _failure(self, what: str) -> KerasProfileError:
        printed = self._log.read_text(encoding="utf-8", errors="replace").rstrip()
        last = printed.rpartition("\n")[2].strip()
        said = f"; it said last: {last}" if last else ""
        pins = [pin for sign, pin in _SIGNS if sign in last]
        if pins:
            advice = pip_command(sys.executable, *pins)
        else:
            command = shlex.join([sys.executable, "-m", self._viewer.program, "--help"])
            advice = f"see whether it starts by itself: {command}"
        return KerasProfileError(
            f"{self._viewer.name} {what}{said}",
            advice,
            trace=printed[-3000:] if "Traceback" in printed else "",
        )


def run(viewer: Viewer, path: Path, scratch: Path, started: Callable[[str, str], None]) -> None:
    """Shows ``path`` in a viewer until Ctrl-C or a request to end.

    ``started`` gets its address and what to look for there, once it answers.
    """

    def end(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        server = Server(viewer, path, scratch)
        try:
            started(server.address, viewer.where)
            server.wait()
        finally:
            server.close()
    except KeyboardInterrupt:
        return
    finally:
        signal.signal(signal.SIGTERM, before)
