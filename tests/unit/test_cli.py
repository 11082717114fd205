"""The command line: errors with exit code 2, and help."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import webbrowser
from pathlib import Path

import pytest

from keras_profile import __version__, cli
from keras_profile.errors import KerasProfileError, RecordingError
from keras_profile.recorder.protocol import CAPTURES
from keras_profile.recordings.writing import encode_json
from support import contents

(_SUBPARSERS,) = (
    action for action in cli.make_parser()._actions if isinstance(action, argparse._SubParsersAction)
)
COMMANDS = list(_SUBPARSERS.choices)


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
        [sys.executable, "-m", "keras_profile", "list"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "no recordings" in done.stdout


# --- arguments ---


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
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
    ],
)
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
    of_programs = {"module", "program", *cli._OF_PROGRAMS}
    assert set(vars(run)) - of_programs == set(vars(demo))
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
def saved(empty_folder):
    """A recording on disk that has bare calls alone."""
    folder = empty_folder / "traces" / "made"
    folder.mkdir(parents=True)
    recording = contents.recording(calls=[{"wall_ns": 2_000_000}] * 5)
    (folder / "recording.json").write_bytes(encode_json(recording.content))
    return folder


def test_recordings_are_listed(capsys, saved):
    assert cli.main(["list"]) == 0
    text = capsys.readouterr().out
    assert "made" in text
    assert "2.00" in text


def test_examples_are_listed_on_request_alone(capsys, saved, empty_folder):
    shutil.copytree(saved, empty_folder / "traces" / "came-along")
    (empty_folder / "traces" / "examples.txt").write_text("came-along\ngone\n")
    assert cli.main(["list"]) == 0
    text = capsys.readouterr().out
    assert saved.name in text
    assert "came-along" not in text
    assert "1 example came with this folder: keras-profile list --examples" in text
    assert cli.main(["list", "--examples"]) == 0
    text = capsys.readouterr().out
    assert "came-along" in text
    assert "came with this folder" not in text


def test_where_there_are_only_examples_it_is_told_how_to_make_a_recording(capsys, saved, empty_folder):
    (empty_folder / "traces" / "examples.txt").write_text(f"{saved.name}\n")
    assert cli.main(["list"]) == 0
    assert "make one with: keras-profile run TARGET" in capsys.readouterr().out


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
    assert sorted(path.name for path in written.iterdir()) == ["report.html", "report.json", "report.md"]
    assert cli.main(["report", "made"]) == 0
    assert (empty_folder / "reports" / "made-2" / "report.json").read_bytes() == (
        written / "report.json"
    ).read_bytes()


def test_no_page_is_written_where_none_is_wanted(saved, empty_folder):
    assert cli.main(["report", "made", "--no-html"]) == 0
    assert sorted(path.name for path in (empty_folder / "reports" / "made").iterdir()) == [
        "report.json",
        "report.md",
    ]


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

        monkeypatch.setattr("keras_profile.recordings.finding.find_recording", raises)

    return failing


def test_an_error_is_message_advice_and_the_users_own_trace(capsys, failing):
    failing(KerasProfileError("what was found", "what to do", trace="their trace\n"))
    assert error_of(capsys, "report", "x") == ("their trace\nkeras-profile: what was found\n  what to do\n")


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


# --- open ---


@pytest.fixture
def opened(monkeypatch):
    """The addresses that a browser was asked to open; it starts unless ``opened.starts`` is False."""

    class Opened(list):
        starts = True

    found = Opened()
    monkeypatch.setattr(webbrowser, "open", lambda address: found.append(address) or found.starts)
    return found


def open_page(capsys, *arguments):
    assert cli.main(["open", *arguments]) == 0
    return capsys.readouterr()


def test_open_makes_the_page_of_a_recording_once(capsys, saved, empty_folder, opened):
    page = Path("reports/made/report.html")
    for what in ("made", "traces/made"):
        assert open_page(capsys, what).out == f"{page}\n"
    assert opened == [(empty_folder / page).as_uri()] * 2
    assert [folder.name for folder in (empty_folder / "reports").iterdir()] == ["made"]


def test_open_takes_a_report_by_folder_file_or_name(capsys, saved, empty_folder, opened):
    assert cli.main(["report", "made"]) == 0
    capsys.readouterr()
    for what in ("reports/made", *(f"reports/made/report.{kind}" for kind in ("html", "json", "md"))):
        assert open_page(capsys, what).out == "reports/made/report.html\n"


def test_open_takes_the_newest_of_several_reports(capsys, saved, empty_folder, opened):
    for _ in range(2):
        assert cli.main(["report", "made"]) == 0
    capsys.readouterr()
    os.utime("reports/made/report.html", (1, 1))
    assert open_page(capsys, "traces/made").out == "reports/made-2/report.html\n"


def test_a_report_without_a_page_gets_one_from_its_recording(capsys, saved, empty_folder, opened):
    assert cli.main(["report", "made", "--no-html"]) == 0
    capsys.readouterr()
    assert open_page(capsys, "reports/made").out == "reports/made/report.html\n"
    shutil.rmtree(saved)
    Path("reports/made/report.html").unlink()
    assert "made from is not in traces" in error_of(capsys, "open", "reports/made")


def test_where_no_browser_starts_the_path_is_told(capsys, saved, opened):
    opened.starts = False
    captured = open_page(capsys, "made")
    assert captured.out == "reports/made/report.html\n"
    assert "no browser could be started" in captured.err


def test_open_of_nothing_says_what_there_is(capsys, saved, opened):
    assert "recordings here: made" in error_of(capsys, "open", "nonsense")
    assert opened == []


def test_a_session_that_pyinstrument_cannot_show_costs_its_page_alone(capsys, saved, empty_folder):
    (saved / "pyinstrument.pyisession").write_text('{"frame_records": 7}')
    assert cli.main(["report", "made"]) == 0
    captured = capsys.readouterr()
    assert "no pyinstrument.html" in captured.err
    assert "report.html" in captured.out
    assert not (empty_folder / "reports" / "made" / "pyinstrument.html").exists()
