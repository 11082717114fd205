"""The command line: errors with exit code 2, and help."""

from __future__ import annotations

import inspect
import json
import os
import re
import shutil
import subprocess
import sys
import webbrowser
from argparse import SUPPRESS
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace

import pytest

import keras_profile
from keras_profile import __version__, cli
from keras_profile.analysis.rules.catalogue import RULES
from keras_profile.api.options import ProfileOptions, ProgramOptions
from keras_profile.api.profiling import InInterpreter
from keras_profile.cli.commands import COMMANDS as MODULES
from keras_profile.cli.options import given
from keras_profile.cli.parser import make_parser
from keras_profile.errors import KerasProfileError, RecordingError
from keras_profile.recorder.protocol import CAPTURES
from keras_profile.recorder.protocol.requests import RecordRequest, TrialOptions
from keras_profile.recordings.writing import encode_json
from support import contents
from support.option_tables import command_parsers, option_table

COMMANDS = list(command_parsers())


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
        (["run"], ["PROGRAM"]),
        (["run", "-m"], ["PROGRAM", "MODULE"]),
        (["run", "--nonsense", "app.py"], ["--nonsense"]),
        (["run", "--quie", "app.py"], ["--quie"]),
        (["profile"], ["TARGET"]),
        (["profile", "a.keras", "--for", "5m"], ["--for"]),
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
    ],
)
def test_bad_arguments_are_told(capsys, empty_folder, arguments, words):
    text = refused(capsys, *arguments)
    said, advice = text.splitlines()
    assert said.startswith("keras-profile: ")
    assert re.match(r"  did you mean \S+\?$|  see keras-profile.* --help$", advice)
    for word in words:
        assert word in text
    assert list(empty_folder.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (["proflie", "model.keras"], "profile"),
        (["profile", "model.keras", "--inptu", "x.npy"], "--input"),
        (["profile", "model.keras", "--no-html", "--batchsize=3"], "--batch-size"),
        (["export", "--format", "speedscop"], "speedscope"),
        (["open", "--in", "tensorbord"], "tensorboard"),
        (["app.py"], "keras-profile run app.py"),
    ],
)
def test_a_word_that_is_nearly_one_is_asked_about(capsys, empty_folder, arguments, meant):
    assert refused(capsys, *arguments).endswith(f"  did you mean {meant}?\n")


@pytest.mark.parametrize("arguments", [["list", "--full"], ["report", "x", "--wrong"], ["--full", "list"]])
def test_a_word_of_another_command_is_not_asked_about(capsys, empty_folder, arguments):
    assert "did you mean" not in refused(capsys, *arguments)


def parse(*arguments):
    return make_parser().parse_args(arguments)


def test_captures_are_in_the_order_of_a_report_and_once():
    assert parse("profile", "a.keras", "--captures", "spans,bare,spans").captures == ["bare", "spans"]


@pytest.mark.parametrize("command", [["profile", "a.keras"], ["demo"]])
def test_what_is_not_given_is_as_the_options_have_it(command):
    assert given(parse(*command), ProfileOptions()) == ProfileOptions()


def test_what_is_given_is_put_in_its_place():
    options = parse("profile", "a.keras", "--rows", "3", "--eager", "--allow-approximate", "--seconds", "5")
    assert given(options, ProfileOptions()) == ProfileOptions(
        rows=3, eager=True, approximate=True, seconds=5.0
    )


OF_A_COMMAND = {"isolate", "module", "code", "time_limit"}


@pytest.mark.parametrize(
    ("command", "kinds", "without_option"),
    [
        ("profile", [ProfileOptions], {"recording_share", "processes"}),
        ("run", [ProgramOptions, ProfileOptions], {"recording_share", "processes", "all_traces"}),
    ],
)
def test_options_and_fields_go_together(command, kinds, without_option):
    """An option that is no field would be asked for and have no effect."""
    names = {field.name for kind in kinds for field in fields(kind)}
    actions = command_parsers()[command]._actions
    assert {one.dest for one in actions if one.default == SUPPRESS} - {"help"} <= names | OF_A_COMMAND
    assert names - {one.dest for one in actions} == without_option


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        (keras_profile.profile, ProfileOptions),
        (keras_profile.watch, ProgramOptions),
    ],
)
def test_python_has_the_defaults_of_the_command_line(function, kind):
    parameters = inspect.signature(function).parameters
    shared = {
        name: parameter.default
        for name, parameter in parameters.items()
        if hasattr(kind, name) and name != "entry"
    }
    assert {"seconds", "captures", "recipes"} <= set(shared)
    assert shared == {name: getattr(kind, name) for name in shared}


def test_a_recorder_has_the_defaults_of_the_command_line():
    """What is absent from a request is as what is not given."""
    asked = RecordRequest("folder", "target")
    for name in {field.name for field in fields(ProfileOptions)} & set(vars(asked)) - {"captures"}:
        assert getattr(asked, name) == getattr(ProfileOptions, name), name
    assert tuple(asked.captures) == ProfileOptions.captures
    assert ProgramOptions().trials(TrialOptions.seconds) == TrialOptions()


@pytest.mark.parametrize(("flag", "value"), [("--compile", True), ("--no-compile", False)])
def test_compile_is_yes_no_or_as_it_is(flag, value):
    assert given(parse("profile", "a.keras", flag), ProfileOptions()).compiled is value


@pytest.mark.parametrize(
    ("arguments", "recipes"),
    [((), None), (("--recipes", "threads,litert"), ["threads", "litert"]), (("--no-try",), ())],
)
def test_recipes_are_all_some_or_none(arguments, recipes):
    assert given(parse("profile", "a.keras", *arguments), ProfileOptions()).recipes == recipes


def test_time_is_divided_between_the_profile_and_the_recipes():
    both = ProfileOptions(seconds=10.0)
    assert (both.recording_seconds, both.trial_seconds) == (6.0, 4.0)
    none = ProfileOptions(seconds=10.0, recipes=())
    assert (none.recording_seconds, none.trial_seconds) == (10.0, 0.0)


def test_a_command_is_a_module(monkeypatch, capsys):
    def add(commands, common):
        command = commands.add_parser("toy", parents=[common], help="play")
        command.add_argument("--loud", action="store_true", help="play so that all hear it")
        command.set_defaults(function=lambda options: 7 if options.loud else 8)

    monkeypatch.setattr("keras_profile.cli.parser.COMMANDS", [*MODULES, SimpleNamespace(add=add)])
    assert (cli.main(["toy", "--loud"]), cli.main(["toy"])) == (7, 8)
    assert "| `--loud` | Play so that all hear it. |" in option_table("toy")
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    assert re.search(r"toy +play", capsys.readouterr().out)


# --- a model ---


@pytest.fixture
def asked(monkeypatch):
    """What a model is asked to be profiled with, in place of profiling it."""
    calls = []

    def profile_at(place, target, options, **further):
        calls.append((place, target, options, further))
        raise KerasProfileError("nothing is recorded here")

    monkeypatch.setattr("keras_profile.api.profiling.profile_at", profile_at)
    return calls


OF_MODELS = [
    ["model.keras"],
    ["exported_folder"],
    ["net.py:build", "--rows", "3", "--no-compile", "--isolate"],
    ["--rows", "3", "--captures", "bare,spans", "net.py:build", "--input", "data.py:rows", "--no-try"],
    ["--seconds=4", "package.module:build", "--entry=call", "--select", "waits", "--output", "here"],
    ["--", "model.keras"],
]


@pytest.mark.parametrize("arguments", OF_MODELS)
def test_run_of_a_model_is_profile(asked, capsys, arguments):
    assert cli.main(["profile", *arguments]) == cli.main(["run", *arguments]) == 2
    as_profile, as_run = asked
    assert as_run == as_profile
    assert capsys.readouterr().err.count("nothing is recorded here") == 2


def test_a_model_is_profiled_as_it_is_asked_for(asked):
    cli.main(["profile", "net.py:build", "--rows", "3", "--isolate", "--output", "here", "--json"])
    ((place, target, options, further),) = asked
    assert place == InInterpreter(sys.executable, None, isolate=True)
    assert target == "net.py:build"
    assert options == ProfileOptions(rows=3)
    assert further == {"name": "net.py:build", "output": Path("here"), "quiet": True, "rules": list(RULES)}


def test_the_demo_is_a_model_that_is_there(asked):
    cli.main(["demo", "--seconds", "5"])
    ((_, target, options, further),) = asked
    assert options == ProfileOptions(seconds=5.0)
    assert Path(target.partition(":")[0]).name == "tiny.py"
    assert Path(target.partition(":")[0]).is_file()
    assert further["name"] == "demo"


def test_try_takes_its_time_for_recipes(asked):
    cli.main(["try", "net.py:build", "--recipes", "threads"])
    ((_, _, options, further),) = asked
    assert (options.recording_seconds, options.trial_seconds) == (6.0, 54.0)
    assert (options.captures, options.recipes, options.processes) == (("bare",), ["threads"], True)
    assert further["rules"] == []


@pytest.mark.parametrize("command", ["profile", "try"])
def test_a_program_is_no_model(asked, capsys, command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert error_of(capsys, command, "app.py").startswith(
        "keras-profile: app.py: expected a model, found no such file\n"
    )
    (tmp_path / "app.py").write_text("")
    text = error_of(capsys, command, "app.py")
    assert text.startswith("keras-profile: app.py: expected a model, found a program\n")
    assert "keras-profile run app.py" in text
    assert asked == []


# --- list and report ---


def test_an_empty_folder_has_no_recordings(capsys):
    assert cli.main(["list"]) == 0
    text = capsys.readouterr().out
    assert "no recordings in traces" in text
    assert "keras-profile run PROGRAM.py" in text


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
    assert "make one with: keras-profile run PROGRAM.py" in capsys.readouterr().out


def test_recordings_of_another_folder_are_listed(capsys, saved, empty_folder, monkeypatch):
    (empty_folder / "elsewhere").mkdir()
    monkeypatch.chdir(empty_folder / "elsewhere")
    assert cli.main(["list", "--output", str(empty_folder)]) == 0
    assert "made" in capsys.readouterr().out


def test_recordings_made_together_are_listed_and_reported_by_their_names(capsys, saved, empty_folder):
    shutil.copytree(saved, empty_folder / "traces" / "many" / "one")
    assert cli.main(["list"]) == 0
    assert "many/\n  one" in re.sub(r" *\n", "\n", capsys.readouterr().out)
    for number, options in (("", []), ("-2", ["--ignore", "retraced"])):
        assert cli.main(["report", "many/one", *options]) == 0
        assert (empty_folder / "reports" / "many" / f"one{number}" / "report.json").exists()


def error_of(capsys, *arguments):
    assert cli.main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    return captured.err


def test_a_report_of_no_such_recording_says_so(capsys):
    text = error_of(capsys, "report", "nonsense")
    assert text.startswith("keras-profile: no recording is called nonsense")
    assert "keras-profile run PROGRAM.py" in text


def test_a_report_of_a_folder_without_recording_says_so(capsys, empty_folder):
    (empty_folder / "other").mkdir()
    assert "found a folder without recording.json" in error_of(capsys, "report", "other")
    assert sorted(path.name for path in empty_folder.iterdir()) == ["other"]


def test_a_broken_recording_is_told_and_writes_no_report(capsys, saved, empty_folder):
    (saved / "recording.json").write_text("{")
    assert "expected keras_profile.recording" in error_of(capsys, "report", "made")
    assert cli.main(["list"]) == 0
    assert "unreadable: recording.json: expected keras_profile.recording" in capsys.readouterr().out
    assert not (empty_folder / "reports").exists()


def test_a_report_is_printed_and_written(capsys, saved, empty_folder):
    assert cli.main(["report", "made"]) == 0
    captured = capsys.readouterr()
    assert "2.00 ms a call" in captured.out
    assert captured.err == ""
    written = empty_folder / "reports" / "made"
    assert sorted(path.name for path in written.iterdir()) == ["report.html", "report.json", "report.md"]


def test_a_report_that_is_the_same_is_not_kept_twice(capsys, saved, empty_folder):
    for _ in range(2):
        assert cli.main(["report", "made", "--json"]) == 0
    reports = empty_folder / "reports"
    assert [path.name for path in reports.iterdir()] == ["made"]
    # Another one is: without rules, without the page, or where the one before was changed.
    (reports / "made" / "report.md").write_text("mine")
    assert cli.main(["report", "made"]) == 0
    assert (reports / "made" / "report.md").read_text() == "mine"
    assert cli.main(["report", "made", "--ignore", "retraced"]) == 0
    assert cli.main(["report", "made", "--ignore", "retraced", "--no-html"]) == 0
    assert sorted(path.name for path in reports.iterdir()) == ["made", "made-2", "made-3", "made-4"]


def test_a_folder_with_a_link_is_no_report_that_is_the_same(capsys, saved, empty_folder):
    assert cli.main(["report", "made"]) == 0
    written = empty_folder / "reports" / "made" / "report.md"
    elsewhere = empty_folder / "report.md"
    written.rename(elsewhere)
    written.symlink_to(elsewhere)
    assert cli.main(["report", "made"]) == 0
    assert capsys.readouterr().out.rstrip().endswith("report     reports/made-2")


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

        monkeypatch.setattr("keras_profile.api.load.report_recorded", raises)

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
    for options in ([], ["--ignore", "retraced"]):
        assert cli.main(["report", "made", *options]) == 0
    capsys.readouterr()
    os.utime("reports/made/report.html", (1, 1))
    assert open_page(capsys, "traces/made").out == "reports/made-2/report.html\n"


def test_a_report_without_a_page_gets_one_from_its_recording(capsys, saved, empty_folder, opened):
    assert cli.main(["report", "made", "--no-html"]) == 0
    capsys.readouterr()
    assert open_page(capsys, "reports/made").out == "reports/made/report.html\n"
    shutil.rmtree(saved)
    Path("reports/made/report.html").unlink()
    assert "its recording made is not in traces" in error_of(capsys, "open", "reports/made")


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
    assert (empty_folder / "reports" / "made" / "report.html").exists()
    assert not (empty_folder / "reports" / "made" / "pyinstrument.html").exists()
