"""The doors of standard output and error: names move nothing, and no stream's state is a traceback."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from keras_profile import cli
from keras_profile.analysis.reports import make_report
from keras_profile.api import notebook
from keras_profile.api.results import Program
from keras_profile.errors import KerasProfileError
from keras_profile.output.progress import ProgressDisplay
from keras_profile.output.reports import report_text
from keras_profile.output.streams import ReaderGoneError, Stream, UnwritableError, doors
from keras_profile.recorder.protocol import events
from keras_profile.recordings.opened import OpenedProgram
from support import contents, hostile
from support.terminal import seen

ROOT = Path(__file__).parents[2]
NAME = hostile.ALL_CONTROLS
#: The same as an argument or a file's name may be.
ARGUMENT = NAME.replace(" ", "").replace("\ud800", "")
#: A program that no recorder has to wait for.
SCRIPT = "import sys\nprint('of the program')\nsys.exit(3)\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def said(capsys):
    """Runs a command line; its exit code, and what a terminal shows of all that it says."""

    def run(*arguments):
        try:
            code = cli.main(arguments)
        except SystemExit as end:
            code = end.code
        captured = capsys.readouterr()
        both = captured.out + captured.err
        assert seen(both) == "\n".join(line.rstrip() for line in both.split("\n"))
        return code, both

    return run


# --- names, on a terminal ---


def made(folder, name=NAME):
    """A recording of a workload in which all names are ``name``."""
    folder.mkdir(parents=True)
    content = contents.recording(calls=[{}] * 9, internals=[contents.internal(name, name, name)])
    text = json.dumps(
        {
            "schema": {"name": "keras_profile.recording", "version": 1},
            "created": name,
            "complete": True,
            "interrupted": False,
            "environment": contents.ENVIRONMENT | {"keras": name, "settings": {name: name}},
            "workload": contents.workload(name) | {"announcements": [name]},
            "captures": [{"name": "bare", "status": "failed", "reason": name}],
            "calls": {
                column: list(getattr(content.content.calls, column))
                for column in ("capture", "round", "cold", "begin_ns", "wall_ns", "cpu_ns", "rss_bytes")
            },
            "internals": [],
        }
    )
    # As anybody may write it: what is no whole character has no place in JSON.
    (folder / "recording.json").write_text(re.sub(r"(?<!\\)\\ud[89a-f]..", "x", text))
    return folder


@pytest.mark.parametrize(
    "command", [["report"], ["report", "--json"], ["list"], ["export", "--format", "pprof"]]
)
def test_names_of_a_recording_move_no_terminal(said, folder, command):
    made(folder / "traces" / "one")
    name = ["--output", "."] if command == ["list"] else ["one"]
    code, text = said(command[0], *name, *command[1:])
    assert code == (2 if command[0] == "export" else 0)
    if command != ["export", "--format", "pprof"]:
        assert "owned" in text


def test_names_of_a_program_move_no_terminal(said, folder):
    hostile.program(folder / "traces" / "app", hostile.CONTROLS.values())
    code, text = said("report", "app", "--no-html")
    assert code == 0
    assert "\\x1b]0;owned\\x07" in text
    for path in (folder / "reports" / "app").rglob("report.*"):
        shown = path.read_text(encoding="utf-8")
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown), path
    assert said("list")[0] == 0


OTHER = {"schema": {"name": NAME, "version": 1}}


@pytest.mark.parametrize(
    ("file", "content", "command"),
    [
        ("traces/x/recording.json", OTHER, ["report", "x"]),
        ("traces/x/program.json", OTHER, ["report", "x"]),
        (
            "traces/x/recording.json",
            OTHER,
            ["export", "x", "--format", "pprof"],
        ),
        ("reports/x/report.json", OTHER, ["open", "x", "--no-browser"]),
        ("traces/x/recording.json", [NAME], ["list"]),
    ],
)
def test_what_a_file_is_instead_moves_no_terminal(said, folder, file, content, command):
    (folder / file).parent.mkdir(parents=True)
    (folder / file).write_text(json.dumps(content))
    said(*command)


@pytest.mark.parametrize(
    "arguments",
    [
        ["report", ARGUMENT],
        ["report", "x", ARGUMENT],
        [ARGUMENT],
        ["run", ARGUMENT],
        ["run", ARGUMENT + ".py"],
        ["run", "--nonsense" + ARGUMENT, "a.py"],
        ["run", "--python", ARGUMENT, "a.py"],
        ["profile", ARGUMENT + ".keras", "--recipes", ARGUMENT],
        ["rules", ARGUMENT],
        ["trace", ARGUMENT],
        ["open", ARGUMENT, "--no-browser"],
        ["export", "x", "--format", ARGUMENT],
    ],
)
def test_arguments_move_no_terminal(said, folder, arguments):
    (folder / "a.py").write_text("")
    code, text = said(*arguments)
    assert code == 2
    assert "owned" in text


def test_names_of_folders_move_no_terminal(said, folder):
    for name in hostile.CONTROLS.values():
        made(folder / "traces" / name.replace("\ud800", ""))
    assert said("report", "nothing")[0] == 2
    assert said("list")[0] == 0


@pytest.mark.parametrize("error", [KerasProfileError(NAME, NAME, NAME), ZeroDivisionError(NAME)])
def test_tracebacks_move_no_terminal(said, monkeypatch, capsys, error):
    def raises(*_):
        raise error

    monkeypatch.setattr("keras_profile.api.load.report_recorded", raises)
    monkeypatch.setattr(sys, "argv", ["keras-profile", "report", "x", "--debug"])
    assert cli.program() == 2
    text = capsys.readouterr().err
    assert "Traceback" in text
    assert "owned" in text
    assert seen(text) == "\n".join(line.rstrip() for line in text.split("\n"))


def test_progress_moves_no_terminal(capsys):
    with ProgressDisplay() as display:
        for event in (
            events.Stage(NAME),
            events.Announce(f"[bold]{NAME}[/nonsense]"),
            events.CaptureFailed(NAME, NAME),
            events.Progress(NAME, 0, 1, 1),
            events.Trying(NAME, NAME, 1.0, 1, 2),
        ):
            event.of = NAME
            display(event)
    text = capsys.readouterr().err
    assert "[/nonsense]" in text
    assert seen(text) == "\n".join(line.rstrip() for line in text.split("\n"))


def test_a_bar_on_a_terminal_has_no_control_of_a_name(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    for name in ("COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with ProgressDisplay() as display:
        display(events.Stage(NAME))
        display(events.Announce(NAME))
    written = terminal.getvalue()
    assert "\x1b[" in written  # the bar's own
    for control in (
        "\x1b]0",
        "\x07",
        "\x1b[2J",
        "\x1b[1;1H",
        "\x08",
        "\x9b",
        "\x0e",
        "\x1b[?1049h",
        "\u202e",
    ):
        assert control not in written


def test_a_report_in_python_and_a_notebook_moves_no_terminal(folder, capsys):
    content = make_report(OpenedProgram(hostile.program(folder / "app", hostile.CONTROLS.values())))
    for text in (report_text(content), repr(Program(content)), Program(content)._repr_html_()):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    notebook._tell(KerasProfileError(NAME, NAME))
    text = capsys.readouterr().err
    assert seen(text) == "\n".join(line.rstrip() for line in text.split("\n"))


def test_styles_of_ours_stay(monkeypatch):
    content = make_report(OpenedProgram(hostile.program(Path("app"), ["plain"])))
    from keras_profile.output.reports import print_report
    from keras_profile.output.terminal import console

    buffer = io.StringIO()
    print_report(content, console(buffer, force_terminal=True, color_system="standard", width=80))
    assert "\x1b[1m" in buffer.getvalue()


# --- encodings ---


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437", "shift_jis", "utf-16"])
def test_any_encoding_has_the_whole_report(folder, encoding):
    hostile.program(folder / "traces" / "app", ["plain 日本 é", "caf\udce9"])
    raw = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")
    out, sys.stdout = sys.stdout, raw
    try:
        assert cli.main(["report", "app", "--no-html"]) == 0
        assert cli.main(["report", "app", "--no-html", "--full"]) == 0
        assert cli.main(["list"]) == 0
    finally:
        sys.stdout = out
    raw.flush()
    text = raw.buffer.getvalue().decode(encoding)
    assert "caf\\xe9" in text
    assert ("████" if encoding in ("utf-8", "utf-16", "cp437") else "####") in text
    assert "日本" in text or "\\u65e5\\u672c" in text


def test_json_is_json_in_any_encoding(folder):
    hostile.program(folder / "traces" / "app", ["日本 é \U0001f600"])
    read = []
    for encoding in ("ascii", "latin-1", "utf-8"):
        raw = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        out, sys.stdout = sys.stdout, raw
        try:
            assert cli.main(["report", "app", "--json", "--no-html"]) == 0
        finally:
            sys.stdout = out
        raw.flush()
        read.append(json.loads(raw.buffer.getvalue().decode(encoding)))
    assert read[0] == read[1] == read[2]
    assert "日本 é \U0001f600" in read[0]["program"]["command"]


# --- streams that are full, closed, or have no reader ---


class Full(io.StringIO):
    def write(self, text):
        raise OSError(28, "No space left on device")


class Gone(io.StringIO):
    def write(self, text):
        raise BrokenPipeError


def test_a_stream_that_matters_fails_with_one_line():
    with pytest.raises(UnwritableError, match="standard output cannot be written to: No space left"):
        Stream(Full(), 1, "standard output").write("x")
    with pytest.raises(UnwritableError, match="it is closed"):
        Stream(None, 1, "standard output").write("x")
    with pytest.raises(ReaderGoneError):
        Stream(Gone(), 1, "standard output").write("x")


@pytest.mark.parametrize("raw", [Full(), Gone(), None])
def test_standard_error_that_fails_is_nobodys_error(raw):
    stream = Stream(raw, 2)
    stream.write("x")
    stream.write("y")
    stream.flush()


def test_the_doors_are_shut_again_and_made_once(capsys):
    before = sys.stdout, sys.stderr
    with doors():
        inner = sys.stdout
        with doors():
            assert sys.stdout is inner
    assert (sys.stdout, sys.stderr) == before
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with doors():
            print("shown")
    assert capsys.readouterr().out == "shown\n"


def shell(folder, line):
    """Runs a line of a shell with ``$KP``; its exit code, output and errors."""
    command = shlex.join([sys.executable, "-m", "keras_profile"])
    done = subprocess.run(
        ["bash", "-c", f"KP='{command}'; {line}"], cwd=folder, capture_output=True, timeout=100, check=False
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    ("line", "code", "lines", "error"),
    [
        ("$KP rules > /dev/full", 2, 0, "standard output cannot be written to: No space left on device"),
        ("$KP run --help >&-", 2, 0, "standard output cannot be written to: it is closed"),
        ("set -o pipefail; $KP rules | head -1", 0, 1, ""),
        ("$KP report nothing 2> /dev/full", 2, 0, ""),
        ("$KP run script.py 2> /dev/full", 3, 1, ""),
        ("$KP run script.py 2>&-", 3, 1, ""),
        ("($KP run script.py; echo $? > code) 2>&1 > out | true; cat out; exit $(cat code)", 3, 1, ""),
    ],
)
def test_streams_that_fail_are_one_error_or_none(folder, line, code, lines, error):
    (folder / "script.py").write_text(SCRIPT)
    found, out, err = shell(folder, line)
    assert (found, len(out.splitlines())) == (code, lines)
    assert error in err
    assert len(err.splitlines()) == (2 if error else 0)


def test_the_program_has_the_streams_that_we_have(folder):
    """A closed stream is closed for the program too, and no file of ours takes its number."""
    (folder / "script.py").write_text(
        "import os, sys\n"
        "def state(number):\n"
        "    try:\n"
        "        os.fstat(number)\n"
        "    except OSError:\n"
        "        return 'closed'\n"
        "    return 'open'\n"
        "open('states', 'w').write(' '.join(map(state, range(3))))\n"
        "sys.exit(3)\n"
    )
    for where in ("2>&-", "<&- >&-", "</dev/null"):
        states = []
        for command in (f"{shlex.quote(sys.executable)}", "$KP run --quiet"):
            assert shell(folder, f"{command} script.py {where}")[0] == 3
            states.append((folder / "states").read_text())
        assert states[0] == states[1], where


@pytest.mark.parametrize(("when", "coloured"), [("always", True), ("never", False), ("auto", False)])
def test_colours_are_as_asked_for(folder, capsys, monkeypatch, when, coloured):
    monkeypatch.setattr("keras_profile.output.terminal._chosen", {"colours": "auto"})
    hostile.program(folder / "traces" / "app", ["plain"])
    assert cli.main(["report", "app", "--no-html", "--color", when]) == 0
    out = capsys.readouterr().out
    assert ("\x1b[1m" in out) == coloured
    assert "in Keras inference" in out
