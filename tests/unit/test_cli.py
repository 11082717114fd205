"""The command line: errors with exit code 2, and help."""
from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import msgspec
import pytest

from keras_profile import __version__, cli
from keras_profile.errors import KerasProfileError, RecordingError
from keras_profile.recorder.protocol import CAPTURES

COMMANDS = ["run", "demo", "reproduce", "history", "report", "list"]


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(capsys, *arguments):
    """What is said of arguments that argparse refuses."""
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


# --- help ---

def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(["--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    for command in COMMANDS:
        assert re.search(rf"\n    {command}\s", text)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_debug(capsys, command):
    with pytest.raises(SystemExit) as caught:
        cli.main([command, "--help"])
    assert caught.value.code == 0
    assert "--debug" in capsys.readouterr().out


def test_without_a_command_help_is_shown_and_it_is_an_error(capsys):
    assert cli.main([]) == 2
    assert "commands" in capsys.readouterr().out


def test_the_version_is_told(capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"keras-profile {__version__}\n"


def test_the_module_runs_as_a_program():
    done = subprocess.run(
        [sys.executable, "-m", "keras_profile", "list"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "no recordings" in done.stdout


# --- arguments ---

@pytest.mark.parametrize(("arguments", "words"), [
    (["nonsense"], ["nonsense", "run"]),
    (["run"], ["TARGET"]),
    (["run", "a.keras", "--nonsense"], ["--nonsense"]),
    (["run", "a.keras", "--rows", "0"], ["--rows", "'0'"]),
    (["run", "a.keras", "--rows", "-3"], ["--rows"]),
    (["run", "a.keras", "--batch-size", "many"], ["--batch-size", "'many'"]),
    (["run", "a.keras", "--steps", "1.5"], ["--steps", "'1.5'"]),
    (["run", "a.keras", "--rows", "²"], ["--rows"]),
    (["run", "a.keras", "--seconds", "0"], ["--seconds", "'0'"]),
    (["run", "a.keras", "--seconds", "soon"], ["--seconds", "'soon'"]),
    (["run", "a.keras", "--seconds", "nan"], ["--seconds"]),
    (["run", "a.keras", "--seconds", "inf"], ["--seconds"]),
    (["run", "a.keras", "--seconds", "-1"], ["--seconds"]),
    (["run", "a.keras", "--entry", "fit"], ["fit", "predict_on_batch"]),
    (["run", "a.keras", "--captures", "bare,magic"], ["'magic'", *CAPTURES]),
    (["run", "a.keras", "--captures", ""], ["--captures"]),
    (["history", "--python"], ["--python"]),
    (["history", "--seconds", "0"], ["--seconds", "'0'"]),
    (["history", "old/python"], ["old/python"]),
    (["report"], ["RECORDING"]),
])
def test_bad_arguments_are_told(capsys, empty_folder, arguments, words):
    text = refused(capsys, *arguments)
    assert "usage: keras-profile" in text
    for word in words:
        assert word in text
    assert list(empty_folder.iterdir()) == []


def test_captures_are_in_the_order_of_a_report_and_once():
    options = cli.make_parser().parse_args(["run", "a.keras", "--captures", "spans,bare,spans"])
    assert options.captures == ["bare", "spans"]


def test_defaults_of_run_and_demo():
    run = cli.make_parser().parse_args(["run", "a.keras"])
    demo = cli.make_parser().parse_args(["demo"])
    assert run.captures == demo.captures == list(CAPTURES)
    assert set(vars(run)) == set(vars(demo))
    assert run.compiled is None
    assert demo.target.endswith("tiny.py:build")


@pytest.mark.parametrize(("flag", "value"), [("--compile", True), ("--no-compile", False)])
def test_compile_is_yes_no_or_as_it_is(flag, value):
    assert cli.make_parser().parse_args(["run", "a.keras", flag]).compiled is value


# --- list and report ---

def test_an_empty_folder_has_no_recordings(capsys):
    assert cli.main(["list"]) == 0
    text = capsys.readouterr().out
    assert "no recordings in traces" in text
    assert "keras-profile run" in text


@pytest.fixture
def saved(empty_folder, contents):
    """A recording on disk that has bare calls alone."""
    folder = empty_folder / "traces" / "made"
    folder.mkdir(parents=True)
    recording = contents.recording(calls=[{"wall_ns": 2_000_000}] * 5)
    (folder / "recording.json").write_bytes(msgspec.json.encode(recording.content))
    return folder


def test_recordings_are_listed(capsys, saved):
    assert cli.main(["list"]) == 0
    text = capsys.readouterr().out
    assert "made" in text
    assert "2.00" in text


def test_recordings_of_another_folder_are_listed(capsys, saved, empty_folder, monkeypatch):
    (empty_folder / "elsewhere").mkdir()
    monkeypatch.chdir(empty_folder / "elsewhere")
    assert cli.main(["list", "--output", str(empty_folder)]) == 0
    assert "made" in capsys.readouterr().out


def test_recordings_made_together_are_listed_and_reported_by_their_names(capsys, saved, empty_folder):
    shutil.copytree(saved, empty_folder / "traces" / "many" / "one")
    assert cli.main(["list"]) == 0
    assert "many/\n  one" in re.sub(r" *\n", "\n", capsys.readouterr().out)
    for number in ("", "-2"):
        assert cli.main(["report", "many/one"]) == 0
        assert (empty_folder / "reports" / "many" / f"one{number}" / "report.json").exists()


def error_of(capsys, *arguments):
    assert cli.main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    return captured.err


def test_a_report_of_no_such_recording_says_so(capsys):
    text = error_of(capsys, "report", "nonsense")
    assert text.startswith("keras-profile: there is no recording nonsense")
    assert "keras-profile run" in text


def test_a_report_of_a_folder_without_recording_says_so(capsys, empty_folder):
    (empty_folder / "other").mkdir()
    assert "found a folder without recording.json" in error_of(capsys, "report", "other")
    assert sorted(path.name for path in empty_folder.iterdir()) == ["other"]


def test_a_broken_recording_is_told_and_writes_no_report(capsys, saved, empty_folder):
    (saved / "recording.json").write_text("{")
    for arguments in (["report", "made"], ["list"]):
        assert "expected keras_profile.recording" in error_of(capsys, *arguments)
    assert not (empty_folder / "reports").exists()


def test_a_report_is_printed_and_written(capsys, saved, empty_folder):
    assert cli.main(["report", "made"]) == 0
    captured = capsys.readouterr()
    assert "2.00 ms a call" in captured.out
    assert captured.err == ""
    written = empty_folder / "reports" / "made"
    assert sorted(path.name for path in written.iterdir()) == [
        "report.html", "report.json", "report.md"]
    assert cli.main(["report", "made"]) == 0
    assert (empty_folder / "reports" / "made-2" / "report.json").read_bytes() == (
        written / "report.json").read_bytes()


def test_no_page_is_written_where_none_is_wanted(saved, empty_folder):
    assert cli.main(["report", "made", "--no-html"]) == 0
    assert sorted(path.name for path in (empty_folder / "reports" / "made").iterdir()) == [
        "report.json", "report.md"]


def test_json_is_all_that_is_printed(capsys, saved):
    assert cli.main(["report", str(saved), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["calls"]["warm"]["median_ns"] == 2_000_000
    assert found["recording"] == "made"


def test_reporting_changes_nothing_in_the_recording(capsys, saved):
    before = {path.name: path.read_bytes() for path in saved.iterdir()}
    cli.main(["report", "made"])
    assert {path.name: path.read_bytes() for path in saved.iterdir()} == before


# --- errors ---

@pytest.fixture
def failing(monkeypatch):
    """Makes ``report`` raise an error."""
    def failing(error):
        def raises(*_):
            raise error
        monkeypatch.setattr("keras_profile.store.find_recording", raises)
    return failing


def test_an_error_is_message_advice_and_the_users_own_trace(capsys, failing):
    failing(KerasProfileError("what was found", "what to do", trace="their trace\n"))
    assert error_of(capsys, "report", "x") == (
        "their trace\nkeras-profile: what was found\n  what to do\n")


def test_an_error_without_advice_is_one_line(capsys, failing):
    failing(RecordingError("what was found"))
    assert error_of(capsys, "report", "x") == "keras-profile: what was found\n"


def test_with_debug_an_error_is_raised(failing):
    failing(RecordingError("what was found"))
    with pytest.raises(RecordingError, match="what was found"):
        cli.main(["report", "x", "--debug"])


def test_a_bug_is_not_hidden(failing):
    failing(ZeroDivisionError("ours"))
    with pytest.raises(ZeroDivisionError):
        cli.main(["report", "x"])


def test_an_interrupt_is_130(capsys, failing):
    failing(KeyboardInterrupt())
    assert cli.main(["report", "x"]) == 130
    assert "interrupted" in capsys.readouterr().err


def test_a_reader_that_went_away_is_no_error(failing):
    failing(BrokenPipeError())
    assert cli.main(["report", "x"]) == 0
