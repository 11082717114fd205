"""The viewers: what each loads and how, and those that are started here."""

from __future__ import annotations

import importlib.util
import json
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.parse import quote

from ...errors import KerasProfileError, ending
from ...launch.interpreters import pip_command
from ...recorder.protocol.channel import own_group
from .keeper import LOG

#: How long a viewer may take until it answers, in seconds. The first start after an
#: installation, which compiles modules, takes by far the longest.
PATIENCE_S = 120.0
_KEEPER = Path(__file__).with_name("keeper.py")


@dataclass(frozen=True)
class Viewer:
    """A viewer that is a server: what it needs, how it is started, what it answers.

    ``module`` is run with what it shows and a file, to which it writes the port that it listens on;
    ``program`` is the viewer's own. ``ready`` is a path that it answers once it works, ``page`` the path to
    open; ``where`` says what to look for.
    """

    name: str
    modules: tuple[str, ...]
    requirements: str
    program: str
    module: str
    ready: Callable[[Path], str]
    page: Callable[[Path], str]
    where: str


def _trace_viewer(log: Path) -> str:
    """Returns TensorBoard's page with the first round's trace, not with the overview of devices."""
    runs = sorted(run.name for run in log.glob("plugins/profile/*"))
    return f"/?run={quote(runs[0], safe='')}&tag=trace_viewer#profile" if runs else "/#profile"


VIEWERS = {
    "tensorboard": Viewer(
        "TensorBoard",
        ("tensorboard", "tensorboard_plugin_profile"),
        "tensorboard==2.21.0 tensorboard-plugin-profile==2.24.2",
        "tensorboard.main",
        f"{__package__}.serve_tensorboard",
        lambda path: "/data/plugin/profile/runs",
        _trace_viewer,
        "the trace viewer has the steps and phases above TensorFlow's events; each round is a session",
    ),
    "snakeviz": Viewer(
        "snakeviz",
        ("snakeviz",),
        "snakeviz",
        "snakeviz",
        f"{__package__}.serve_snakeviz",
        lambda path: "/snakeviz/" + quote(str(path), safe=""),
        lambda path: "/snakeviz/" + quote(str(path), safe=""),
        "functions as cProfile counted them; the tree is inferred from callers",
    ),
}

#: The last output of a viewer that cannot start, and what fixes it.
_SIGNS = (("pkg_resources", "setuptools<82"),)


class Kept:
    """A helper process that has a folder, and the viewer that it has to start.

    However this process ends, the helper then ends the viewer and removes the folder.
    """

    def __init__(self) -> None:
        # In its own session, since the terminal's signals are for this program.
        self._process = subprocess.Popen(
            [sys.executable, str(_KEEPER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            **own_group(),
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert self._process.stdout is not None
        assert self._process.stdin is not None
        self._messages, self._orders = self._process.stdout, self._process.stdin
        self._code: int | None = None
        self._ended = threading.Event()
        said = self._messages.readline()
        if not said:
            raise KerasProfileError(
                f"no viewer can be started ({ending(self._process.wait())})", "what is above says why"
            )
        #: Where the data that the viewer shows have to be written.
        self.folder = Path(json.loads(said)["folder"])
        self.log = self.folder / LOG

    def __enter__(self) -> Kept:
        return self

    def __exit__(self, *error: object) -> None:
        self._orders.close()
        self._process.wait()
        self._messages.close()

    def start(self, command: Sequence[str]) -> None:
        """Starts the viewer."""
        self._orders.write(json.dumps({"start": list(command)}) + "\n")
        self._orders.flush()
        threading.Thread(target=self._listen, daemon=True).start()

    def code(self, seconds: float | None = None) -> int | None:
        """Returns the viewer's exit code, None while it runs. Waits for so long, or until it ends."""
        self._ended.wait(seconds)
        return self._code

    def _listen(self) -> None:
        said = self._messages.readline()
        self._code = json.loads(said)["ended"] if said else self._process.wait()
        self._ended.set()


class Server:
    """A viewer that runs as long as ``kept``. Raises :class:`KerasProfileError` if it cannot.

    It is reachable only from this machine, on a port that no other program uses.
    """

    def __init__(self, viewer: Viewer, path: Path, kept: Kept) -> None:
        self._viewer = viewer
        self._kept = kept
        port_file = kept.folder / "port"
        kept.start([sys.executable, "-m", viewer.module, str(path), str(port_file)])
        end = time.monotonic() + PATIENCE_S
        base = f"http://127.0.0.1:{self._port(port_file, end)}"
        self.address = base + viewer.page(path)
        self._await(base + viewer.ready(path), end)

    def wait(self) -> None:
        """Waits forever; raises if the viewer ends by itself."""
        self._kept.code()
        raise self._ended()

    def _port(self, place: Path, end: float) -> int:
        while time.monotonic() < end:
            if place.is_file():
                return int(place.read_text(encoding="ascii"))
            if self._kept.code(0.05) is not None:
                raise self._ended()
        raise self._failure(f"was started, but did not answer within {PATIENCE_S:.0f} s")

    def _await(self, address: str, end: float) -> None:
        # No proxy: the server is on this machine.
        client = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while time.monotonic() < end:
            if self._kept.code(0) is not None:
                raise self._ended()
            try:
                with client.open(address, timeout=max(end - time.monotonic(), 1.0)):
                    return
            except urllib.error.HTTPError as error:
                raise self._failure(
                    f"was started, but answered with error {error.code} instead of its data"
                ) from error
            except OSError:  # it is not listening yet
                time.sleep(0.1)
        raise self._failure(f"was started, but did not answer within {PATIENCE_S:.0f} s")

    def _ended(self) -> KerasProfileError:
        return self._failure(f"ended by itself ({ending(self._kept.code() or 0)})")

    def _failure(self, what: str) -> KerasProfileError:
        printed = self._kept.log.read_text(encoding="utf-8", errors="replace").rstrip()
        last = printed.rpartition("\n")[2].strip()
        said = f"; its last output: {last}" if last else ""
        pins = [pin for sign, pin in _SIGNS if sign in last]
        if pins:
            advice = pip_command(sys.executable, *pins)
        else:
            command = shlex.join([sys.executable, "-m", self._viewer.program, "--help"])
            advice = f"check that it starts by itself: {command}"
        return KerasProfileError(
            f"{self._viewer.name} {what}{said}",
            advice,
            trace=printed[-3000:] if "Traceback" in printed else "",
        )


def run(viewer: Viewer, prepare: Callable[[Path], Path], started: Callable[[str, str], None]) -> None:
    """Shows in a viewer what ``prepare`` writes into a folder, until Ctrl-C or a request to end.

    ``started`` gets its address and what to look for there, once it answers. In the end the folder is
    removed. Raises :class:`KerasProfileError`.
    """
    missing = [name for name in viewer.modules if importlib.util.find_spec(name) is None]
    if missing:
        raise KerasProfileError(
            f"{viewer.name} needs {' and '.join(missing)}, which this environment lacks",
            pip_command(sys.executable, *viewer.requirements.split()),
        )

    def end(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        with Kept() as kept:
            server = Server(viewer, prepare(kept.folder), kept)
            started(server.address, viewer.where)
            server.wait()
    except KeyboardInterrupt:
        return
    finally:
        signal.signal(signal.SIGTERM, before)
