"""Runs a small program bare and under keras-profile in equal folders, and says what differs.

A program is a file ``programs/KIND/NAME.py``, or a folder with a ``main.py`` and what is
beside it. It prints what it sees as lines ``label: value`` and leaves files in its folder.
The lines at its top that begin with ``#:`` say how it is run:

``arguments A B``   its own arguments
``may WORDS``       what docs/noticed.md has of it may differ, and may not
``closer N``        with the closer look after the end, for N seconds; without it none is taken
``flags -X dev``    started by Python itself with these flags and our two variables
``module NAME``     started as ``-m NAME``
``only 3.12``       on this Python alone
``options A B``     more options of ``keras-profile run``
``shell COMMANDS``  what a shell does before it starts the program, such as closing a stream
``stdin TEXT``      standard input, where ``\\n`` is a line's end
``terminal``        on a terminal
``unrecorded WHY``  no call of a model is expected in the report, although one is made
``with NAME=VALUE`` an environment variable
"""

from __future__ import annotations

import os
import pty
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from support import environments

PROGRAMS = Path(__file__).parent / "programs"
#: What programs that call a model import: a model, and a program whose model changes at the end.
SHARED = (PROGRAMS / "tiny.py", PROGRAMS / "odd.py")
#: How long a run may take, in seconds: far longer than any does. What hangs is a failure.
PATIENCE = 150
#: How long processes that a program has left may take to end by themselves.
LINGER = 30
#: Recorded in a window that begins when the import of Keras is over.
WINDOWS = "windows"
#: What is measured: the options of ``keras-profile run`` beside those of every run.
MODES: Mapping[str, tuple[str, ...]] = {
    "default": (),
    "thorough": ("--thorough",),
    WINDOWS: ("--every", "1h", "--for", "30m", "--offset", "0"),
}
#: Bare once more, to see whether a program does the same twice.
AGAIN = "bare again"
#: No line of ours may have these.
NOT_OURS = re.compile(
    rb"Traceback|Exception ignored|Exception in thread|Error in sys\.excepthook|Fatal Python"
)


@dataclass(frozen=True)
class Program:
    """A program, and how it is run."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(PROGRAMS).with_suffix("").as_posix()

    @property
    def kind(self) -> str:
        return self.path.parent.name

    @property
    def main(self) -> Path:
        return self.path / "main.py" if self.path.is_dir() else self.path

    @cached_property
    def text(self) -> str:
        return self.main.read_text(encoding="utf-8")

    @cached_property
    def told(self) -> dict[str, str]:
        """The lines at its top, by their first word."""
        lines = (line[2:].strip().partition(" ") for line in self.text.splitlines() if line[:2] == "#:")
        return {word: rest for word, _, rest in lines}

    @property
    def variables(self) -> dict[str, str]:
        """Those it is run with. Several lines may name one each."""
        found = re.findall(r"^#: with (\w+)=(.*)$", self.text, re.MULTILINE)
        return dict(found)

    @cached_property
    def calls_a_model(self) -> bool:
        files = self.path.rglob("*.py") if self.path.is_dir() else [self.path]
        texts = (path.read_text(encoding="utf-8") for path in files)
        return any(re.search(r"\b(from|import) (tiny|odd)\b", text) for text in texts)

    def place(self, folder: Path) -> None:
        """Puts the program and what is beside it into a folder that is not there."""
        if self.path.is_dir():
            shutil.copytree(self.path, folder, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            folder.mkdir()
            shutil.copy2(self.path, folder)
        if self.calls_a_model:
            for path in SHARED:
                shutil.copy2(path, folder)

    @property
    def command(self) -> list[str]:
        start = ["-m", self.told["module"]] if "module" in self.told else [self.main.name]
        return [*start, *shlex.split(self.told.get("arguments", ""))]


def all_programs() -> list[Program]:
    """All of them, by kind and name."""
    found = [path for path in PROGRAMS.glob("*/*") if path.suffix == ".py" or (path / "main.py").exists()]
    return [Program(path) for path in sorted(found)]


@dataclass(frozen=True)
class Outcome:
    """What a run left to see."""

    code: int | str
    out: bytes
    err: bytes
    files: dict[str, str | bytes]
    left: list[str]
    took: float


@dataclass
class Bench:
    """A folder in which a program is run, the same for each run of it, so that paths are equal.

    ``here`` is its working folder, beside it are the folders that it has as home and for
    temporary files, and what keras-profile writes.
    """

    program: Program
    folder: Path
    python: str
    _bare: Outcome | None = field(default=None)

    @property
    def bare(self) -> Outcome:
        """Run by Python alone; made once."""
        if self._bare is None:
            flags = shlex.split(self.program.told.get("flags", ""))
            self._bare = self._run([self.python, *flags, *self.program.command])
        return self._bare

    def recorded(self, mode: str) -> Outcome:
        """Run with the recorder."""
        if mode == AGAIN:
            bare, self._bare = self.bare, None
            again, self._bare = self.bare, bare
            return again
        profile = [sys.executable, str(Path(__file__).with_name("command.py"))]
        remove(self.folder / "recorded")
        output = ["--output", str(self.folder / "recorded")]
        told = self.program.told
        if "flags" in told or mode == WINDOWS:
            printing = [*profile, "environment", *MODES[mode], *output]
            lines = subprocess.run(printing, capture_output=True, text=True, check=True).stdout
            start = [self.python, *shlex.split(told.get("flags", "")), *self.program.command]
            return self._run(["sh", "-c", f'{lines}\nexec "$@"', "sh", *start])
        closer = ["--seconds", told["closer"]] if "closer" in told else ["--no-replay", "--no-try"]
        options = [*MODES[mode], *closer, *shlex.split(told.get("options", "")), *output]
        if self.python != sys.executable:
            options += ["--quiet", "--python", self.python]
        return self._run([*profile, "run", "--no-html", *options, *self.program.command])

    def _run(self, command: Sequence[str]) -> Outcome:
        folders = {name: self.folder / name for name in ("here", "home", "temporary")}
        for path in folders.values():
            remove(path)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.program.place(folders["here"])
        folders["home"].mkdir()
        folders["temporary"].mkdir()
        variables = {
            "PATH": os.pathsep.join([str(Path(self.python).parent), os.environ.get("PATH", os.defpath)]),
            "HOME": str(folders["home"]),
            "TMPDIR": str(folders["temporary"]),
            "LANG": "C.UTF-8",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            **{
                name: value.replace("HERE", str(folders["here"]))
                for name, value in self.program.variables.items()
            },
        }
        if "OTHER_PYTHONS" in variables:
            variables["OTHER_PYTHONS"] = os.pathsep.join(other_pythons())
        prepared = self.program.told.get("shell")
        if prepared:
            command = ["sh", "-c", f'{prepared}; exec "$@"', "sh", *command]
        began = time.monotonic()
        started = Started(command, folders["here"], variables, self.program.told, self.folder)
        code = started.wait()
        left = started.left()
        out, err = started.streams()
        files = {
            f"{place} {name}": content
            for place in ("here", "home", "temporary")
            for name, content in contents(folders[place])
        }
        return Outcome(code, out, err, files, left, time.monotonic() - began)


class Started:
    """A command that runs, and all that it starts."""

    def __init__(
        self,
        command: Sequence[str],
        here: Path,
        variables: Mapping[str, str],
        told: Mapping[str, str],
        folder: Path,
    ) -> None:
        self._mark = f"TMPDIR={variables['TMPDIR']}".encode()
        self._out, self._err = folder / "standard-output", folder / "standard-error"
        self._shown: bytes | None = None
        stdin = folder / "standard-input"
        stdin.write_bytes(told.get("stdin", "").encode().replace(b"\\n", b"\n"))

        def start(**streams: object) -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                command,
                cwd=here,
                env=dict(variables),
                start_new_session=True,
                preexec_fn=heed_signals,
                **streams,  # type: ignore[call-overload]
            )

        if "terminal" in told:
            ours, theirs = pty.openpty()
            self.process = start(stdin=theirs, stdout=theirs, stderr=theirs)
            os.close(theirs)
            self._shown = b""
            self._reader = threading.Thread(target=self._read, args=(ours,), daemon=True)
            self._reader.start()
            return
        with self._out.open("wb") as out, self._err.open("wb") as err, stdin.open("rb") as given:
            self.process = start(stdin=given, stdout=out, stderr=err)

    def _read(self, terminal: int) -> None:
        assert self._shown is not None
        with suppress(OSError):
            while some := os.read(terminal, 65536):
                self._shown += some
        os.close(terminal)

    def wait(self) -> int | str:
        """The exit code, as a shell has it."""
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._kill()
            self.process.wait()
            return f"did not end within {PATIENCE} s"
        return code if code >= 0 else 128 - code

    def left(self) -> list[str]:
        """What runs on although the program has ended, after some patience. It is ended."""
        ended = time.monotonic() + LINGER
        while self._running() and time.monotonic() < ended:
            time.sleep(0.05)
        return sorted(self._kill())

    def streams(self) -> tuple[bytes, bytes]:
        if self._shown is not None:
            self._reader.join(LINGER)
            return b"", self._shown
        return self._out.read_bytes(), self._err.read_bytes()

    def _running(self) -> dict[int, str]:
        found = {}
        for process in Path("/proc").iterdir():
            if process.name.isdigit() and int(process.name) != os.getpid():
                with suppress(OSError):
                    if self._mark in (process / "environ").read_bytes().split(b"\0"):
                        words = (process / "cmdline").read_bytes().split(b"\0")
                        found[int(process.name)] = b" ".join(words).decode(errors="replace").strip()
        return found

    def _kill(self) -> Iterable[str]:
        found = self._running()
        for number in found:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        return found.values()


@cache
def other_pythons() -> list[str]:
    """Interpreters of other versions, without numpy, as far as this machine has them."""
    found = map(environments.find_python, ("2.7", "3.6", "3.8", "3.13"))
    return [path for path in found if path]


def heed_signals() -> None:
    """For a process that is started: pytest's process, or its shell, may ignore signals."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


def remove(path: Path) -> None:
    """Removes a folder, also one that the program has made hard to remove."""
    for folder, _, _ in os.walk(path):
        os.chmod(folder, 0o700)
    shutil.rmtree(path, ignore_errors=True)


def contents(folder: Path) -> Iterable[tuple[str, str | bytes]]:
    """Each file below a folder and what it is: its bytes, or in words. Random names are ``RANDOM``."""
    if not folder.is_dir():
        yield ".", "is gone"
        return
    for parent, folders, files in os.walk(os.fsencode(folder)):
        for name in [*folders, *files]:
            path = os.path.join(parent, name)
            shown = os.path.relpath(path, os.fsencode(folder)).decode(errors="backslashreplace")
            shown = re.sub(r"(tmp|__autograph_generated_file)[a-z0-9_]{8}\b", r"\1RANDOM", shown)
            if os.path.islink(path):
                yield shown, f"leads to {os.readlink(path)!r}"
            elif os.path.isdir(path):
                yield shown, f"folder {os.stat(path).st_mode:o}"
            elif not os.path.isfile(path):
                yield shown, f"special {os.stat(path).st_mode:o}"
            elif shown.endswith(".pyc"):
                # Which of its objects are shared depends on who else holds them.
                yield shown, "compiled"
            else:
                yield f"{shown} {os.stat(path).st_mode:o}", Path(os.fsdecode(path)).read_bytes()


def differences(program: Program, bare: Outcome, recorded: Outcome) -> dict[str, tuple[object, object]]:
    """What a recorded program did otherwise, each with what it is bare and recorded."""
    found: dict[str, tuple[object, object]] = {}
    if bare.code != recorded.code:
        found["exit code"] = bare.code, recorded.code
    if plain(bare.out) != plain(recorded.out):
        found.update(_lines(plain(bare.out), plain(recorded.out)))
    own, all_of_it = plain(bare.err), _OUR_NOTES.sub(b"", plain(recorded.err), count=1)
    said = all_of_it[len(own) :]
    if not all_of_it.startswith(own):
        found["standard error"] = own, all_of_it
    elif NOT_OURS.search(said) or ("flags" in program.told and said):
        found["standard error, after its own"] = b"", said
    for name in sorted(bare.files.keys() | recorded.files.keys()):
        if bare.files.get(name) != recorded.files.get(name):
            found[f"file {name}"] = bare.files.get(name), recorded.files.get(name)
    if bare.left != recorded.left:
        found["processes left"] = bare.left, recorded.left
    return found


#: What is another in each run: addresses, names made at random, processes, the moment of a native log line
#: (whatever TF_CPP_MIN_LOG_LEVEL is, a processor with AVX512_VNNI makes TensorFlow log one).
_OTHER_IN_EACH_RUN = (
    (re.compile(rb"\b0x[0-9a-f]{6,16}\b"), b"ADDRESS"),
    (re.compile(rb"(?<=tmp)[a-z0-9_]{8}\b"), b"RANDOM"),
    (re.compile(rb"(?<=\(pid=)\d+(?=\) is multi-threaded)"), b"PID"),  # a warning of Python 3.12
    (re.compile(rb"^([IWEF])\d{4} [\d:.]+ +\d+ (?=\S+\.cc:\d+\])", re.MULTILINE), rb"\1 "),
)


#: What ours says before the program starts.
_OUR_NOTES = re.compile(rb"\A(keras-profile: note: [^\n]*\n)+")


def plain(text: bytes) -> bytes:
    """What a program said, without what is another in each run."""
    for pattern, instead in _OTHER_IN_EACH_RUN:
        text = pattern.sub(instead, text)
    return text


def _lines(bare: bytes, recorded: bytes) -> dict[str, tuple[object, object]]:
    """Which lines of standard output differ, by their labels, where only values do."""
    pairs = [[line.partition(b": ") for line in text.splitlines()] for text in (bare, recorded)]
    if [one[0] for one in pairs[0]] != [one[0] for one in pairs[1]]:
        return {"standard output": (bare, recorded)}
    return {
        f"line {one[0].decode(errors='replace')}": (one[2], other[2])
        for one, other in zip(*pairs)
        if one != other
    } or {"standard output": (bare, recorded)}
