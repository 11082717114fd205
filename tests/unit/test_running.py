"""A program is run as it is, watched by its files, and stopped only where that is asked for."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from keras_profile import cli
from keras_profile.analysis import program_report
from keras_profile.api import programs
from keras_profile.api.options import ProgramOptions
from keras_profile.api.programs import RanProgram
from keras_profile.errors import KerasProfileError
from keras_profile.launch import program_process, shells
from keras_profile.model.program import ProgramFile
from keras_profile.model.recording import Schema
from keras_profile.recorder.protocol import events
from keras_profile.recorder.protocol.requests import RecorderOptions, TrialOptions
from keras_profile.recordings.json_files import read_program_file
from support import streams

OPTIONS = RecorderOptions(share=0.03, grace_ns=0)

#: What a program here does as its recorder would: it appends events to its own process's file.
RECORDER = """
import json, os, signal, sys, time
folder = os.path.join(os.environ["KERAS_PROFILE"], "process-%d" % os.getpid())
os.makedirs(folder, exist_ok=True)
def event(event, **fields):
    with open(os.path.join(folder, "process.jsonl"), "a") as file:
        file.write(json.dumps(dict(fields, event=event)) + "\\n")
event("process", pid=os.getpid(), parent=os.getppid(), argv=sys.argv, executable=sys.executable,
      python="3", folder=os.getcwd(), forked=False, time=time.time(), began_ns=time.perf_counter_ns())
"""


@pytest.fixture(autouse=True)
def _no_recorder(monkeypatch, tmp_path):
    """The programs here need no TensorFlow: nothing starts in them by itself."""
    monkeypatch.setattr(program_process, "STARTUP", tmp_path / "startup")
    monkeypatch.setattr(program_process, "_PATIENCE_SECONDS", 0.5)


def run(tmp_path, code, *arguments, told=None, **options):
    script = tmp_path / "app.py"
    script.write_text(RECORDER + code)
    folder = tmp_path / "traces"
    folder.mkdir(exist_ok=True)
    content = ProgramFile(
        Schema("keras_profile.program", 1), "now", ["app.py"], sys.executable, None, False, False
    )
    return program_process.run_program(
        content,
        [str(script), *arguments],
        folder,
        OPTIONS,
        (told if told is not None else []).append,
        **options,
    )


def test_the_program_is_pythons_own(tmp_path):
    ended = run(
        tmp_path,
        """
assert __name__ == "__main__" and sys.argv[1:] == ["--rows", "3"], sys.argv
assert os.environ["PYTHONPATH"].split(os.pathsep)[0].endswith("startup")
assert json.load(open(os.path.join(os.environ["KERAS_PROFILE"], "options.json")))["share"] == 0.03
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
assert os.getpgid(0) == os.getpgid(os.getppid())
sys.exit(7)
""",
        "--rows",
        "3",
    )
    assert (ended.exit_code, ended.complete, ended.interrupted) == (7, True, False)
    assert read_program_file(tmp_path / "traces") == ended


def test_a_signal_is_told_as_shells_tell_it(tmp_path):
    assert run(tmp_path, "os.kill(os.getpid(), signal.SIGSEGV)").exit_code == 139


def test_an_interpreter_that_is_none_is_told(tmp_path):
    nothing = str(tmp_path / "no")
    content = ProgramFile(Schema("keras_profile.program", 1), "now", [], nothing, None, False, False)
    with pytest.raises(KerasProfileError, match="cannot be started"):
        program_process.run_program(content, ["x.py"], tmp_path, OPTIONS, print)


def test_what_the_recorder_says_waits_for_the_end_of_the_program(tmp_path):
    told = []
    run(
        tmp_path,
        """
event("announce", text="first")
event("capture", group=0, name="spans", status="ok", reason="")
open("marker", "w").write("x") if False else time.sleep(0.5)
event("ended", at_ns=1, raised=None)
event("stage", text="trying", group=0)
""",
        told=told,
    )
    assert [one.text for one in told] == ["first", "trying"]


def test_a_program_whose_time_is_over_is_interrupted(tmp_path):
    ended = run(
        tmp_path,
        """
try:
    time.sleep(60)
except KeyboardInterrupt:
    sys.exit(3)
""",
        seconds=0.5,
    )
    assert (ended.exit_code, ended.interrupted) == (3, True)


@pytest.mark.parametrize(("ignored", "code"), [("SIGINT", 143), ("SIGINT SIGTERM", 137)])
def test_who_does_not_listen_is_told_more_firmly(tmp_path, ignored, code):
    ended = run(
        tmp_path,
        f"""
for name in {ignored!r}.split():
    signal.signal(getattr(signal, name), signal.SIG_IGN)
until = time.monotonic() + 60
while time.monotonic() < until:
    time.sleep(0.1)
""",
        seconds=0.5,
    )
    assert ended.exit_code == code


def test_recipes_are_not_cut_off_by_the_time_of_the_program(tmp_path):
    ended = run(tmp_path, 'event("ended", at_ns=1, raised=None)\ntime.sleep(3)\nsys.exit(5)', seconds=2)
    assert (ended.exit_code, ended.interrupted) == (5, False)


@pytest.mark.parametrize(("end", "code"), [("raised=None", 0), ("raised='ValueError'", 1)])
def test_a_recipe_that_hangs_is_given_up_with_the_program_s_own_exit_code(tmp_path, end, code):
    told = []
    ended = run(
        tmp_path,
        f"""
event("ended", at_ns=1, {end})
event("trying", key="a:0", text="XLA", seconds=0.3, number=1, of_all=2, group=4)
time.sleep(60)
""",
        told=told,
    )
    assert ended.exit_code == code
    assert [(one.group, one.text) for one in ended.given_up] == [(4, "XLA")]
    assert "XLA was stopped" in told[-1].text


def test_a_recipe_that_comes_back_is_not_given_up(tmp_path):
    ended = run(
        tmp_path,
        """
event("ended", at_ns=1, raised=None)
event("trying", key="a:0", text="XLA", seconds=1.0, number=1, of_all=2, group=4)
event("tried")
time.sleep(1.5)
event("done", calls=0)
""",
    )
    assert ended.given_up == []


def test_a_termination_goes_on_to_the_program_and_ctrl_c_does_not(tmp_path):
    timers = [
        threading.Timer(wait, os.kill, (os.getpid(), number))
        for wait, number in ((0.7, signal.SIGINT), (1.2, signal.SIGTERM))
    ]
    for timer in timers:
        timer.start()
    ended = run(
        tmp_path,
        """
def note(*_):
    sys.exit(4)
signal.signal(signal.SIGTERM, note)
signal.signal(signal.SIGINT, lambda *_: os._exit(9))
time.sleep(60)
""",
    )
    assert (ended.exit_code, ended.interrupted) == (4, True)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


#: A process that has ended, as the copy does that is no longer needed.
GONE = """
gone = os.fork()
if gone == 0:
    os._exit(0)
os.waitpid(gone, 0)
event("ended", at_ns=1, raised=None)
event("end_kept", pid=gone)
event("looking", text="", seconds=60)
"""


def test_a_program_whose_recording_is_removed_after_its_end_has_its_exit_code(tmp_path):
    told = []
    ended = run(
        tmp_path, f"{GONE}time.sleep(1); import shutil; shutil.rmtree(folder); sys.exit(3)", told=told
    )
    assert ended.exit_code == 3
    assert not any("ended early" in event.text for event in told if isinstance(event, events.Announce))


def test_a_program_that_a_signal_ends_after_its_end_has_the_exit_code_of_that(tmp_path):
    told = []
    ended = run(tmp_path, f"{GONE}os.kill(os.getpid(), signal.SIGKILL)", told=told)
    assert ended.exit_code == 0
    assert any("ended early" in event.text for event in told if isinstance(event, events.Announce))


def test_a_report_can_be_asked_for_while_it_runs(tmp_path):
    asked = []

    def report():
        asked.append(True)
        (tmp_path / "asked").touch()

    # The program asks its driver, and goes on until it was heard.
    ended = run(
        tmp_path,
        f"""
os.kill(os.getppid(), signal.SIGUSR1)
while not os.path.exists({str(tmp_path / "asked")!r}):
    time.sleep(0.01)
""",
        report=report,
    )
    assert asked == [True]
    assert ended.exit_code == 0


@pytest.mark.parametrize("launched", [True, False])
def test_what_an_environments_launcher_starts_is_the_program(tmp_path, launched):
    """The interpreter of an environment may be a launcher, which starts the real one and waits."""
    launcher = tmp_path / "python"
    launcher.write_text(f'#!/bin/sh\n{shlex.quote(sys.executable)} "$@"\nexit $?\n')
    launcher.chmod(0o755)
    script = tmp_path / "app.py"
    # What is told of the parent looks through the launcher.
    recorder = RECORDER.replace("os.getppid()", "int(sys.argv[1])")
    ending = 'event("ended", at_ns=1, raised=None); event("looking", text="", seconds=60); os._exit(9)'
    script.write_text(recorder + ending)
    python = str(launcher) if launched else sys.executable
    content = ProgramFile(Schema("keras_profile.program", 1), "now", [], python, None, False, False)
    ended = program_process.run_program(content, [str(script), str(os.getpid())], tmp_path, OPTIONS, print)
    # It had come to its end before it died, which is known of the program alone.
    assert ended.exit_code == 0


def test_export_lines_are_for_a_shell(tmp_path):
    place = tmp_path / "it's here"
    place.mkdir()
    lines = program_process.export_lines(place, replace(OPTIONS, extra_path='a "b" $c'), shells.SHELLS["sh"])
    show = 'printf "%s\\n" "$KERAS_PROFILE" "$PYTHONPATH"'
    shown = subprocess.run(
        ["sh", "-c", "\n".join([*lines, show])],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": "/own"},
    )
    folder, path = shown.stdout.splitlines()
    assert folder == str(place.resolve())
    assert json.loads((place / "options.json").read_text())["extra_path"] == 'a "b" $c'
    assert path == f"{program_process.STARTUP}:/own"


# The command line.

WITH_CALLS = (
    RECORDER
    + """
import shutil
shutil.copytree(sys.argv[1], folder, dirs_exist_ok=True)
print("the program's own text")
sys.exit(6)
"""
)


@pytest.fixture
def app(tmp_path, monkeypatch):
    """A working folder with a program that has a recording made by hand, and its arguments."""
    made = streams.usual(tmp_path / "made")
    (tmp_path / "app.py").write_text(WITH_CALLS)
    monkeypatch.chdir(tmp_path)
    return [str(made / "process-100")]


def test_run_of_a_program(app, capfd):
    assert cli.main(["run", "--no-try", "app.py", *app]) == 6
    out, err = capfd.readouterr()
    assert out == "the program's own text\n"
    assert re.search(r"app\.py: .* of it in Keras inference", err)
    assert "in full    keras-profile report --full" in err
    assert cli.main(["list"]) == 0
    assert "program, 41 calls, complete" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "ours"),
    [
        (["--no-try", "--seconds", "3"], "--no-try, --seconds go"),
        (["--seconds=3"], "--seconds goes"),
        (["--mine"], ""),
    ],
)
def test_options_of_ours_behind_the_program_are_its_own_and_said_to_be(
    tmp_path, capsys, monkeypatch, arguments, ours
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text("import sys; print(sys.argv[1:])")
    assert cli.main(["run", "app.py", *arguments]) == 0
    err = capsys.readouterr().err
    note = f"note: {ours} to the program; options of keras-profile go before app.py"
    assert (note in err.splitlines()[0]) == bool(ours)  # in time to interrupt the program
    assert ("to the program" in err) == bool(ours)


def test_a_program_that_failed_before_its_first_call_is_said_to_have(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text("import sys; sys.exit(7)")
    assert cli.main(["run", "app.py"]) == 7
    err = capsys.readouterr().err
    assert "the program ended with exit code 7 before a call of a Keras model returned" in err
    assert "check that the program calls a Keras model" not in err
    (tmp_path / "app.py").write_text("")
    assert cli.main(["run", "app.py"]) == 0
    assert "check that the program calls a Keras model" in capsys.readouterr().err


def test_json_of_a_program_is_alone_on_standard_output(app, capfd):
    assert cli.main(["run", "--json", "--no-html", "app.py", *app]) == 6
    out, err = capfd.readouterr()
    assert json.loads(out)["program"]["exit_code"] == 6
    assert "the program's own text" in err


def test_report_open_and_errors_about_a_program(app, capfd):
    assert cli.main(["run", "--quiet", "--no-html", "app.py", *app]) == 6
    [name] = os.listdir("traces")
    assert cli.main(["report", name]) == 0
    assert "of it in Keras inference" in capfd.readouterr().out
    assert cli.main(["open", name, "--no-browser"]) == 0
    assert "report.html" in capfd.readouterr().out
    # The first report has no page: it is made of the recording.
    assert cli.main(["open", f"reports/{name}", "--no-browser"]) == 0
    assert os.path.exists(f"reports/{name}/group-1/report.html")
    capfd.readouterr()
    # Of a program the line with most time is exported.
    assert cli.main(["export", name, "--format", "speedscope"]) == 0
    said = capfd.readouterr().err.splitlines()[0]
    assert "taken: the line of the program with the most time" in said
    group = said.split()[-1]
    assert re.fullmatch(rf"{name}/process-\d+/groups/0", group)
    assert cli.main(["export", group, "--format", "speedscope"]) == 0
    assert cli.main(["report", group, "--no-html"]) == 0
    capfd.readouterr()
    assert cli.main(["open", f"reports/{name}/group-1", "--in", "speedscope", "--no-browser"]) == 0


def test_a_program_without_calls_is_told_once(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text("")
    assert cli.main(["run", "app.py"]) == 0
    err = capfd.readouterr().err
    assert "no call of a Keras model was recorded" in err
    assert program_report.WITHOUT_CALLS in err
    assert os.listdir("traces") == []


def test_a_module_is_run(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "app.py").write_text("import sys; print(__package__, sys.argv[1:])")
    assert cli.main(["run", "--seconds", "3", "-m", "own.app", "--seconds", "9"]) == 0
    assert capfd.readouterr().out == "own ['--seconds', '9']\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing.py"], "missing.py: expected a Python program, but there is no such file"),
        (["--rows", "3", "app.py"], "--rows is for a model, and app.py is a program"),
        (["--entry", "call", "-m", "app"], "--entry is for a model"),
        (["--no-compile", "app.py"], "--no-compile is for a model, and app.py is a program"),
        (["--isolate", "-m", "app"], "--isolate is for a model, and app is a program"),
        (["--isolate", "--for", "5m", "net.keras"], "--for is for a program"),
        (["--for", "5m", "net.py:build"], "--for is for a program, and net.py:build is a model"),
        (["--no-keep-inputs", "model.keras"], "--no-keep-inputs is for a program"),
        (["--thorough", "model.keras"], "--thorough is for a program"),
    ],
)
def test_what_does_not_fit_is_one_error(tmp_path, monkeypatch, capfd, arguments, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text("raise SystemExit('it ran')")
    assert cli.main(["run", *arguments]) == 2
    err = capfd.readouterr().err
    assert words in err
    assert len(err.splitlines()) == 2


@pytest.fixture
def ran(monkeypatch, tmp_path):
    """What was run of programs, in place of running it: (command, options, further)."""
    calls = []

    def run_program(command, options, **further):
        calls.append((command, options, further))
        return RanProgram(5, None, tmp_path, [], [])

    monkeypatch.setattr("keras_profile.api.programs.run_program", run_program)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    for name in ("app.py", "sub/app.py"):
        (tmp_path / name).write_text("")
    return calls


@pytest.mark.parametrize(("text", "seconds"), [("60", 60), ("60s", 60), ("5m", 300), ("0.5h", 1800)])
def test_times(ran, text, seconds):
    assert cli.main(["run", "--for", text, "app.py"]) == 5
    assert ran[0][2]["time_limit"] == seconds


@pytest.mark.parametrize("text", ["", "m", "-3", "5x", "nan"])
def test_what_is_no_time_is_refused(ran, text):
    with pytest.raises(SystemExit):
        cli.main(["run", f"--for={text}", "app.py"])
    assert ran == []


def test_an_unknown_recipe_is_told_and_nothing_is_run(ran):
    with pytest.raises(SystemExit):
        cli.main(["run", "--recipes=xla", "app.py", "--json"])
    assert ran == []


@pytest.mark.parametrize(
    ("arguments", "program"),
    [
        (["--quiet", "app.py", "--json", "-m", "x"], ["app.py", "--json", "-m", "x"]),
        (["--select", "retraced", "--output=here", "-m", "pkg.app", "-v"], ["-m", "pkg.app", "-v"]),
        (["-mpkg", "x"], ["-m", "pkg", "x"]),
        (["-m", "pkg", "--", "-m", "--no"], ["-m", "pkg", "--", "-m", "--no"]),
        (["--", "app.py", "--", "x"], ["app.py", "--", "x"]),
        (["--no-try", "sub/app.py"], ["sub/app.py"]),
        # What would be short for several of our options, and what is one of a model.
        (["app.py", "--no", "--se", "--rows", "3"], ["app.py", "--no", "--se", "--rows", "3"]),
        (["app.py", "-5", "", "-", "--help", "--version"], ["app.py", "-5", "", "-", "--help", "--version"]),
    ],
)
def test_options_before_the_script_are_ours(ran, arguments, program):
    assert cli.main(["run", *arguments]) == 5
    assert ran[0][0] == program


def test_a_program_is_recorded_as_it_is_asked_for(ran):
    cli.main(
        ["run", "--thorough", "--no-keep-inputs", "--seconds", "10", "--captures", "bare", "app.py", "--json"]
    )
    cli.main(["run", "--no-try", "--no-replay", "--json", "-m", "app", "--quiet"])
    (_, first, as_text), (_, second, as_json) = ran
    assert first == ProgramOptions(captures=["bare"], thorough=True, keep_inputs=False, seconds=10.0)
    assert second == ProgramOptions(recipes=(), replay=False)
    assert as_text["stdout"] is None
    assert as_json["stdout"].fileno() == sys.stderr.fileno()
    assert (as_text["name"], as_json["name"]) == ("app.py", "app")


@pytest.mark.parametrize(
    ("options", "replay", "trials", "seconds"),
    [
        (ProgramOptions(recipes=()), True, None, None),
        (ProgramOptions(recipes=["threads"], seconds=4.0), True, TrialOptions(0.0, ["threads"]), 4.0),
        (ProgramOptions(approximate=True), True, TrialOptions(0.0, None, approximate=True), None),
        (ProgramOptions(recipes=(), replay=False), False, None, None),
    ],
)
def test_a_recorder_looks_closer_after_the_end(monkeypatch, tmp_path, options, replay, trials, seconds):
    told = []
    monkeypatch.setattr(
        program_process,
        "run_program",
        lambda content, command, folder, recorder, *further: told.append(recorder) or content,
    )
    programs.run_program(
        ["app.py"],
        options,
        python=sys.executable,
        extra_path=None,
        name="app.py",
        output=tmp_path,
        display=nullcontext(print),
    )
    assert [(one.replay, one.trials, one.seconds) for one in told] == [(replay, trials, seconds)]


def test_environment_prints_lines_to_evaluate(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["environment", "--thorough"]) == 0
    out, err = capfd.readouterr()
    assert [line.partition("=")[0] for line in out.splitlines()] == [
        "export KERAS_PROFILE",
        "export PYTHONPATH",
    ]
    folder = shlex.split(out.splitlines()[0])[1].partition("=")[2]
    options = json.loads((Path(folder) / "options.json").read_text())
    assert options["share"] == program_process.THOROUGH_SHARE
    assert options["trials"] is None
    assert options["internals"]
    [name] = os.listdir("traces")
    assert f"keras-profile report traces/{name}" in err
    assert cli.main(["report", name]) == 2
    assert "no call of a Keras model" in capfd.readouterr().err


def test_a_list_tells_how_programs_ended(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    for name, end in (("ended", True), ("running", False)):
        made = streams.program(tmp_path / "traces" / name, command=[], exit_code=None, complete=False)
        process = streams.Process(made)
        process.site()
        process.group()
        process.call()
        if end:
            process.end()
    assert cli.main(["list"]) == 0
    lines = {line.split()[0]: line for line in capfd.readouterr().out.splitlines() if "program" in line}
    assert lines["ended"].rstrip().endswith("program, 1 call, complete")
    assert lines["running"].rstrip().endswith("program, 1 call, not ended")


def test_progress_waits_for_its_first_event(monkeypatch):
    from keras_profile.output.progress import ProgressDisplay

    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with ProgressDisplay(from_the_start=False) as display:
        assert stream.getvalue() == ""
        display(events.Announce("said"))
    assert "note: said" in stream.getvalue()


#: A program that Ctrl-C ends while its driver is busy: both get the signal, the driver looks later.
ENDED_BY_CTRL_C = """
try:
    os.kill(os.getppid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)
except KeyboardInterrupt:
    event("ended", at_ns=time.perf_counter_ns(), raised="KeyboardInterrupt: ")
"""


def test_a_ctrl_c_that_ended_the_program_does_not_stop_what_follows(tmp_path):
    told = []
    ended = run(tmp_path, ENDED_BY_CTRL_C + "time.sleep(0.5)\nos._exit(130)", told=told)
    assert (ended.exit_code, ended.interrupted) == (130, True)
    assert told == []


@pytest.mark.parametrize(("raised", "code"), [("KeyboardInterrupt: ", 130), ("ValueError: no", 1), (None, 0)])
def test_who_is_stopped_at_once_after_its_end_keeps_its_exit_code(tmp_path, raised, code):
    told = []
    ended = run(
        tmp_path,
        f"""
event("ended", at_ns=time.perf_counter_ns(), raised={raised!r})
signal.signal(signal.SIGINT, signal.SIG_IGN)
for _ in range(2):
    time.sleep(0.5)
    os.kill(os.getppid(), signal.SIGINT)
time.sleep(60)
""",
        told=told,
    )
    assert ended.exit_code == code
    assert any("press Ctrl-C again" in one.text for one in told if hasattr(one, "text"))
