"""The command line: one subcommand for each function of the pipeline."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeVar

from .. import __version__
from ..errors import KerasProfileError, RecordingError
from ..output.exports import format_names
from ..recorder.protocol import CAPTURES, ENTRY_POINTS, RECORDING_SHARE
from .arguments import split_program

if TYPE_CHECKING:
    from rich.console import Console

    from ..analysis.rules.rule import Rule
    from ..features.experiments.compile_question.reproduction import Reproduction
    from ..features.experiments.releases.history import History
    from ..launch.recorder_process import Listener
    from ..model.program_report import ProgramReport
    from ..model.report import ReportContent
    from ..recorder.protocol import Request
    from ..recordings.opened import OpenedProgram, OpenedRecording

    _Summary = TypeVar("_Summary", Reproduction, History)

# What only some commands need is imported in them: the help appears at once.

#: Viewers that are started, and those that load a file themselves.
SERVERS = ("tensorboard", "snakeviz")
FILES_FOR = ("perfetto", "speedscope", "firefox")

_DEMO = Path(__file__).parents[1] / "features" / "experiments" / "models" / "tiny.py"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command line; the exit code is 0, 1 for a negative answer, 2 for bad input."""
    parser = make_parser()
    options = _parse(parser, sys.argv[1:] if arguments is None else arguments)
    if not hasattr(options, "function"):
        parser.print_help()
        return 2
    try:
        code: int = options.function(options)
        return code
    except KerasProfileError as error:
        if options.debug:
            raise
        _tell(error)
        return 2
    except KeyboardInterrupt:
        print("keras-profile: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0


def _parse(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> argparse.Namespace:
    """The options; ``program`` has the command of a program that is to be run, else None."""
    if arguments[:1] == ["run"]:
        parts = split_program(arguments[1:], _run_parser(parser))
        if parts is not None:
            own, program = parts
            options = parser.parse_args(["run", *own, program[1] if program[0] == "-m" else program[0]])
            options.program = program
            return options
    return parser.parse_args(arguments)


def _run_parser(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    choices = next(
        action.choices for action in parser._actions if isinstance(action, argparse._SubParsersAction)
    )
    run: argparse.ArgumentParser = dict(choices or {})["run"]
    return run


def make_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="keras-profile",
        description="Tells why your Keras inference is slow and how much of the time each Keras "
        "internal takes.",
        epilog="First steps: keras-profile demo, then keras-profile run model.keras",
    )
    parser.add_argument("--version", action="version", version=f"keras-profile {__version__}")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--debug", action="store_true", help="show the full traceback of an error")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_run(commands, common)
    _add_environment(commands, common)
    _add_demo(commands, common)
    _add_try(commands, common)
    _add_reproduce(commands, common)
    _add_history(commands, common)
    _add_report(commands, common)
    _add_export(commands, common)
    _add_trace(commands, common)
    _add_open(commands, common)
    _add_list(commands, common)
    _add_rules(commands, common)
    _add_doctor(commands, common)
    return parser


def _add_run(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    run = commands.add_parser(
        "run",
        parents=[common],
        help="profile a program or a model's inference, and report",
        usage="%(prog)s [options] TARGET | SCRIPT.py [ARGUMENTS] | -m MODULE [ARGUMENTS]",
        description="Runs a Python program as it is and profiles all inference in it, or profiles one entry "
        "point of a model. What follows a script or module goes to the program.",
    )
    _add_workload(run)
    run.add_argument(
        "-m", metavar="MODULE", dest="module", help=("run a module as a program, as python -m does")
    )
    run.add_argument(
        "--for",
        type=_time,
        metavar="TIME",
        dest="time_limit",
        help=("interrupt the program after so many seconds, or as 60s, 5m, 1h"),
    )
    _add_recorder(run)
    run.add_argument(
        "--captures",
        type=_captures,
        default=list(CAPTURES),
        metavar="A,B",
        help=(f"which captures to take (default: {','.join(CAPTURES)})"),
    )
    run.add_argument("--isolate", action="store_true", help="give each capture a process of its own")
    _add_choice_of_rules(run)
    _add_measuring(run)
    _add_recipes(run)
    _add_html(run)
    run.set_defaults(function=_run, program=None)


def _add_workload(command: argparse.ArgumentParser) -> None:
    """What is called, and with what."""
    command.add_argument(
        "target",
        metavar="TARGET",
        help=(
            "a model file (.keras, .h5), an exported folder, package.module:callable or "
            "path/to/file.py:callable that returns a model or (model, inputs)"
        ),
    )
    command.add_argument(
        "--input",
        metavar="INPUT",
        help=("file.npy, file.npz or path.py:callable (default: made from the model's input specification)"),
    )
    command.add_argument("--rows", type=_positive, metavar="N", help="rows of input (default: 32)")
    command.add_argument("--batch-size", type=_positive, metavar="N", help="predict's batch_size")
    command.add_argument(
        "--steps", type=_positive, metavar="N", help=("predict's steps, for inputs without an end")
    )
    command.add_argument(
        "--vary-input",
        action="store_true",
        help=("call the input's callable anew before each call, so that shapes may differ"),
    )
    command.add_argument(
        "--callbacks",
        metavar="CALLABLE",
        help=("path.py:callable that returns the callbacks given to predict"),
    )
    command.add_argument(
        "--entry",
        choices=ENTRY_POINTS,
        help=("what is called (default: predict, for exported folders signature)"),
    )
    command.add_argument(
        "--compile",
        action=argparse.BooleanOptionalAction,
        default=None,
        dest="compiled",
        help="compile the model first, or load it uncompiled (default: as it is)",
    )
    command.add_argument("--eager", action="store_true", help="run the model eagerly (run_eagerly=True)")
    command.add_argument(
        "--verbose-predict",
        action="store_true",
        dest="verbose",
        help=("let predict show its progress bar, and measure it"),
    )
    command.add_argument(
        "--trust-model",
        action="store_true",
        help=("run the Python code that the model file brings (Lambda layers)"),
    )


def _add_recorder(command: argparse.ArgumentParser) -> None:
    """What is recorded of a program."""
    command.add_argument(
        "--thorough",
        action="store_true",
        help=("record a program's calls in more detail, and let it take longer"),
    )
    command.add_argument(
        "--no-keep-inputs",
        action="store_false",
        dest="keep_inputs",
        help=("keep none of a program's inputs in memory; recipes are then tried on made ones"),
    )


def _add_environment(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    environment = commands.add_parser(
        "environment",
        parents=[common],
        help="print what makes processes that others start be recorded",
        description="Prints lines for a shell to evaluate: Python programs that are started with these "
        "variables, by a server or a scheduler, are recorded.",
    )
    _add_recorder(environment)
    _add_output(environment)
    environment.set_defaults(function=_environment)


def _add_try(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    attempt = commands.add_parser(
        "try",
        parents=[common],
        help="measure which changes make a model's inference faster",
        description="Tries the changes that fit the model and the call, and reports what each gains here "
        "and whether the outputs stay the same. The model itself is not changed.",
    )
    _add_workload(attempt)
    attempt.add_argument(
        "--seconds",
        type=_seconds,
        default=60.0,
        metavar="N",
        help=("how long to measure, beyond import, building and comparing (default: 60)"),
    )
    _add_output(attempt)
    _add_interpreter(attempt)
    _add_printing(attempt)
    _add_choice_of_recipes(attempt)
    _add_html(attempt)
    attempt.set_defaults(
        function=_run,
        captures=["bare"],
        isolate=False,
        no_try=False,
        recording_share=0.1,
        processes=True,
        select=None,
    )


def _add_recipes(command: argparse.ArgumentParser) -> None:
    """Options of a command that records first and tries recipes then."""
    command.add_argument(
        "--no-try", action="store_true", help=("try no recipes; all the time goes to the profile")
    )
    _add_choice_of_recipes(command)
    command.set_defaults(recording_share=RECORDING_SHARE, processes=False)


def _add_choice_of_recipes(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--recipes",
        type=_recipes,
        metavar="A,B",
        help=("which recipes to try (default: all that fit; docs/recipes.md lists them)"),
    )
    command.add_argument(
        "--allow-approximate",
        action="store_true",
        help=("try changes that alter results too, such as 8-bit weights, and show by how much"),
    )


def _add_demo(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    demo = commands.add_parser(
        "demo",
        parents=[common],
        help="profile a tiny model that is slow for a famous reason",
        description="Profiles predict on the tiny model of the question why Keras models predict "
        "slower after compile(): 13 parameters, 32 rows of 4 numbers.",
    )
    _add_choice_of_rules(demo)
    _add_measuring(demo)
    _add_recipes(demo)
    _add_html(demo)
    demo.set_defaults(
        function=_run,
        target=f"{_DEMO}:build",
        input=None,
        rows=None,
        batch_size=None,
        steps=None,
        entry=None,
        compiled=None,
        eager=False,
        verbose=False,
        trust_model=False,
        callbacks=None,
        vary_input=False,
        captures=list(CAPTURES),
        isolate=False,
    )


def _add_reproduce(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    reproduce = commands.add_parser(
        "reproduce",
        parents=[common],
        help="measure what is claimed about predict and compile()",
        description="Runs the experiment of the question why Keras models predict slower after "
        "compile(), and holds the answer's claims against what it measures.",
    )
    _add_interpreter(reproduce)
    reproduce.add_argument(
        "--seconds",
        type=_seconds,
        default=120.0,
        metavar="N",
        help=("how long to measure in all, beyond import, build and first calls (default: 120)"),
    )
    _add_output(reproduce)
    _add_printing(reproduce)
    reproduce.set_defaults(function=_reproduce)


def _add_history(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    history = commands.add_parser(
        "history",
        parents=[common],
        help="measure the fixed cost of predict in several releases",
        description="Measures predict of the demo's tiny model in several interpreters, and shows as a "
        "table and a figure what a call costs in each release, phase by phase.",
    )
    history.add_argument(
        "--python",
        metavar="PATH",
        nargs="+",
        action="extend",
        default=[],
        help=(
            "the interpreters, environments' folders or environments by name; may be given several times "
            "(default: this interpreter alone)"
        ),
    )
    history.add_argument(
        "--seconds",
        type=_seconds,
        default=120.0,
        metavar="N",
        help=(
            "how long to measure in all, beyond import, build and first calls; each interpreter gets an "
            "equal part, and 10 seconds at least (default: 120)"
        ),
    )
    _add_output(history)
    _add_printing(history)
    history.set_defaults(function=_history)


def _add_measuring(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--seconds",
        type=_seconds,
        default=30.0,
        metavar="N",
        help=("how long to measure, beyond import and build (default: 30)"),
    )
    _add_output(command)
    _add_interpreter(command)
    _add_printing(command)


def _add_interpreter(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--python",
        metavar="PATH",
        help=(
            "record in this interpreter, environment's folder, environment by name or command, which "
            "needs TensorFlow 2.0 or later and nothing of keras-profile (default: this interpreter)"
        ),
    )
    command.add_argument(
        "--with-pyinstrument",
        action="store_true",
        help=("bring pyinstrument along where that interpreter has none; pip may download it"),
    )


def _add_report(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    report = commands.add_parser(
        "report",
        parents=[common],
        help="attribute a recording again and report",
        description="Attributes a recording again and writes its report. Needs no TensorFlow.",
    )
    report.add_argument(
        "recording", metavar="RECORDING", help=("a folder, or a name in traces/ as list shows it")
    )
    report.add_argument(
        "--output",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help=("where reports/ is made (default: here)"),
    )
    _add_choice_of_rules(report)
    _add_json(report)
    _add_html(report)
    report.set_defaults(function=_report)


def _add_export(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    export = commands.add_parser(
        "export",
        parents=[common],
        help="write a recording for another viewer",
        description="Writes a recording as a file that another program opens. Needs no TensorFlow.",
    )
    export.add_argument(
        "recording", metavar="RECORDING", help=("a folder, or a name in traces/ as list shows it")
    )
    export.add_argument("--format", choices=format_names(), required=True, help="which program's format")
    export.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help=("the file to write, which must not be there (default: the recording's name, here)"),
    )
    export.set_defaults(function=_export)


def _add_open(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    opening = commands.add_parser(
        "open",
        parents=[common],
        help="open a recording or report, here or in another viewer",
        description="Opens report.html in the default browser and prints where it is. A recording "
        "without a page is reported first. Other viewers are started, or get a file.",
    )
    opening.add_argument(
        "what",
        metavar="WHAT",
        help=("a recording or a report: a folder, a name in traces/ or reports/, or a report's file"),
    )
    opening.add_argument(
        "--in",
        choices=["browser", "pyinstrument", *SERVERS, *FILES_FOR],
        default="browser",
        dest="viewer",
        help="what opens it (default: browser)",
    )
    opening.add_argument(
        "--no-browser", action="store_false", dest="browser", help=("open no browser: the address is printed")
    )
    opening.add_argument(
        "--output",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help=("the folder that has traces/ and reports/ (default: here)"),
    )
    opening.set_defaults(function=_open)


def _add_list(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    listing = commands.add_parser(
        "list",
        parents=[common],
        help="list the recordings here, newest first",
        description="Lists the recordings in traces/, newest first.",
    )
    listing.add_argument(
        "--examples",
        action="store_true",
        help=("include the recordings that came with the folder, as traces/examples.txt names them"),
    )
    listing.add_argument(
        "--output",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help=("the folder that has traces/ (default: here)"),
    )
    listing.set_defaults(function=_list)


def _add_rules(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    rules = commands.add_parser(
        "rules",
        parents=[common],
        help="list the causes that are looked for, or explain one",
        description="Lists the rules by which a report says why a call is slow, or explains one.",
    )
    rules.add_argument("rule", metavar="RULE", nargs="?", help="the rule to explain (default: list all)")
    rules.set_defaults(function=_rules)


def _add_doctor(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    gathering = commands.add_parser(
        "doctor",
        parents=[common],
        help="check whether profiling works here, and what mends it",
        description="Checks the environment from the interpreter to the opened page, by a short "
        "recording, and a log folder that TensorBoard is to open. The exit code is 1 where something "
        "would not work.",
    )
    gathering.add_argument(
        "log_folder",
        metavar="LOGDIR",
        type=Path,
        nargs="?",
        help=("a folder given to tensorboard --logdir, to check whether it will show the traces in it"),
    )
    gathering.add_argument(
        "--python",
        metavar="PATH",
        help=(
            "check this interpreter, environment's folder, environment by name or command (default: this "
            "interpreter)"
        ),
    )
    gathering.add_argument("--quiet", action="store_true", help="show no progress")
    gathering.add_argument(
        "--json",
        action="store_true",
        help=("print the checkup as JSON, and nothing else, to standard output"),
    )
    gathering.set_defaults(function=_doctor, with_pyinstrument=False)


def _add_trace(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    trace = commands.add_parser(
        "trace",
        parents=[common],
        help="divide the steps of any TensorFlow trace into phases",
        description="Divides the steps of TensorFlow traces that anything made (the TensorBoard callback, "
        "tf.profiler, a capture of a server) into phases, by TensorFlow's own events.",
    )
    trace.add_argument(
        "paths",
        type=Path,
        nargs="+",
        metavar="FILE|LOGDIR",
        help=("*.xplane.pb files, or folders with such files somewhere below"),
    )
    _add_json(trace)
    trace.set_defaults(function=_trace)


def _add_choice_of_rules(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--select",
        type=_names,
        default=[],
        metavar="A,B",
        help=("look for these causes only (keras-profile rules lists them)"),
    )
    command.add_argument(
        "--ignore",
        type=_names,
        default=[],
        metavar="A,B",
        help=(
            "look for all causes but these, and but those of [tool.keras_profile] ignore in pyproject.toml"
        ),
    )


def _add_output(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--output",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help=("where traces/ and reports/ are made (default: here)"),
    )


def _add_printing(command: argparse.ArgumentParser) -> None:
    command.add_argument("--quiet", action="store_true", help="show no progress")
    _add_json(command)


def _add_html(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--no-html", action="store_false", dest="html", help=("write no report.html and no pyinstrument.html")
    )


def _add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--json", action="store_true", help=("print the report as JSON, and nothing else, to standard output")
    )


#: Options of run that only one kind of target has a use for, by what the parser calls them.
_OF_MODELS = {
    "input": "--input",
    "rows": "--rows",
    "batch_size": "--batch-size",
    "steps": "--steps",
    "vary_input": "--vary-input",
    "callbacks": "--callbacks",
    "entry": "--entry",
    "compiled": "--compile and --no-compile",
    "eager": "--eager",
    "verbose": "--verbose-predict",
    "trust_model": "--trust-model",
    "isolate": "--isolate",
}
_OF_PROGRAMS = {"time_limit": "--for", "thorough": "--thorough", "keep_inputs": "--no-keep-inputs"}


def _check_fit(options: argparse.Namespace) -> None:
    """Raises for an option that the target has no use for."""
    parser = _run_parser(make_parser())
    is_program = options.program is not None
    for name, option in (_OF_MODELS if is_program else _OF_PROGRAMS).items():
        if getattr(options, name) != parser.get_default(name):
            raise KerasProfileError(
                f"{option} is for {'a model' if is_program else 'a program'}, and {options.target} is "
                f"{'a program' if is_program else 'a model'}",
                "leave it away; to profile a model that a function of the file makes, give it as "
                f"{options.target}:function"
                if is_program
                else "leave it away, or give a script: keras-profile run [options] script.py",
            )


def _run_program(options: argparse.Namespace) -> int:
    import os

    from ..analysis import program_report
    from ..analysis.attribution.internals import internals_for_recorder
    from ..analysis.reports import make_report
    from ..launch import program_process
    from ..output import reports
    from ..output.progress import ProgressDisplay
    from ..recordings.folders import new_folder, remove_empty_program
    from ..recordings.names import REPORTS, TRACES, recording_name
    from ..recordings.opened import OpenedProgram

    rules = _chosen_rules(options)
    if options.program[0] != "-m" and not Path(options.program[0]).is_file():
        raise KerasProfileError(
            f"{options.program[0]}: expected a Python program, found no such file",
            "give the path of a script, or -m MODULE",
        )
    python, extra_path = _interpreter(options)
    folder = new_folder(options.output / TRACES, recording_name(options.target, "", datetime.now()))
    seconds = options.seconds * (1 - options.recording_share)
    trials = (
        None
        if options.no_try
        else {
            "seconds": seconds,
            "recipes": options.recipes,
            "approximate": options.allow_approximate,
            "driver": os.getpid(),
        }
    )
    content = program_process.begun_program(options.program, python)

    def report() -> None:
        """Made while the program goes on."""
        try:
            program = OpenedProgram(folder)
            made = make_report(program, rules)
            place = new_folder(options.output / REPORTS, folder.name)
            reports.write_report(made, place, program, options.html)
            print(f"keras-profile: a report of the program until now: {place}", file=sys.stderr)
        except KerasProfileError as error:
            _tell(error)

    try:
        with ProgressDisplay(quiet=options.quiet or options.json, from_the_start=False) as display:
            ended = program_process.run_program(
                content,
                options.program,
                folder,
                program_process.recorder_options(
                    internals_for_recorder(),
                    options.thorough,
                    options.keep_inputs,
                    trials,
                    options.captures,
                    extra_path,
                ),
                display,
                options.time_limit,
                sys.stderr if options.json else None,
                report,
            )
    except BaseException:
        remove_empty_program(folder)
        raise
    code = ended.exit_code or 0
    if remove_empty_program(folder):
        print("keras-profile: no call of a Keras model was recorded", file=sys.stderr)
        print(f"  {program_report.WITHOUT_CALLS}", file=sys.stderr)
        return code
    try:
        program = OpenedProgram(folder)
        made = make_report(program, rules)
        _write_and_print_program(made, options.output, program, options, sys.stderr)
    except KerasProfileError as error:  # the exit code is the program's all the same
        if options.debug:
            raise
        _tell(error)
    return code


def _environment(options: argparse.Namespace) -> int:
    from ..analysis.attribution.internals import internals_for_recorder
    from ..launch import program_process
    from ..recordings.folders import new_folder
    from ..recordings.json_files import write_program
    from ..recordings.names import TRACES, recording_name

    folder = new_folder(options.output / TRACES, recording_name("program", "", datetime.now()))
    write_program(folder, program_process.begun_program([], ""))
    recorder = program_process.recorder_options(
        internals_for_recorder(), options.thorough, options.keep_inputs, None, list(CAPTURES), None
    )
    for line in program_process.export_lines(folder, recorder):
        print(line)
    print(
        "keras-profile: these lines are for the shell that starts the program to evaluate, as in\n"
        '  eval "$(keras-profile environment)"\n'
        f"  then, at any time: keras-profile report {folder}",
        file=sys.stderr,
    )
    return 0


def _write_and_print_program(
    content: ProgramReport,
    output: Path,
    opened: OpenedProgram,
    options: argparse.Namespace,
    stream: TextIO,
) -> None:
    """Writes a program's report; prints it to ``stream``, or as JSON to standard output."""
    from rich.console import Console

    from ..output import reports
    from ..output.reports import print_report
    from ..recordings.folders import new_folder
    from ..recordings.names import REPORTS
    from ..recordings.writing import encode_json

    recording = opened.folder
    place = new_folder(output / REPORTS, recording.name)
    written = reports.write_report(content, place, opened, options.html)
    if options.json:
        sys.stdout.write(encode_json(content).decode())
        return
    console = Console(file=stream)
    print_report(content, console)
    console.print()
    name = recording.name if output == Path() else f"{recording.name} --output {output}"
    for line in (
        f"recording  {recording}",
        f"report     {place} ({', '.join(path.name for path in written)})",
        *([f"open it    keras-profile open {name}"] if options.html else []),
    ):
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _run(options: argparse.Namespace) -> int:
    from ..analysis.reports import make_report
    from ..launch import recorder_process
    from ..output.progress import ProgressDisplay
    from ..recordings.folders import new_folder, remove_if_empty
    from ..recordings.json_files import read_recording
    from ..recordings.names import TRACES, recording_name
    from ..recordings.opened import open_recording

    if hasattr(options, "program"):
        _check_fit(options)
        if options.program is not None:
            return _run_program(options)
    rules = _chosen_rules(options)
    python, extra_path = _interpreter(options)
    target = Path(options.target.rpartition(":")[0] or options.target)
    entry = options.entry or ("signature" if target.is_dir() else "predict")
    name = recording_name("demo" if target == _DEMO else options.target, entry, datetime.now())
    folder = new_folder(options.output / TRACES, name)
    request = make_request(options, folder, extra_path)
    try:
        with ProgressDisplay(quiet=options.quiet or options.json) as display:
            recorder_process.record_in_process(request, python, display, options.isolate)
            if not options.no_try and not read_recording(folder).content.interrupted:
                with recorder_process.profile_is_kept(display):
                    recorder_process.try_in_process(trials_request(options, request), python, display)
        opened = open_recording(folder)
        content = make_report(opened, rules)
    except BaseException:
        remove_if_empty(folder)
        raise
    _write_and_print(content, options.output, opened, options)
    return 0


def make_request(options: argparse.Namespace, folder: Path, extra_path: str | None) -> Request:
    """What the recorder is asked for by the options of ``run``, ``try`` or ``demo``."""
    from ..analysis.attribution.internals import internals_for_recorder
    from ..recorder.protocol import Request

    request = Request(
        folder=str(folder.resolve()),
        extra_path=extra_path,
        internals=internals_for_recorder(),
        **{
            field: getattr(options, field)
            for field in (
                "target",
                "entry",
                "input",
                "rows",
                "batch_size",
                "steps",
                "vary_input",
                "callbacks",
                "compiled",
                "eager",
                "verbose",
                "trust_model",
                "seconds",
                "captures",
            )
        },
    )
    if not options.no_try:
        request.seconds = options.seconds * options.recording_share
    return request


def trials_request(options: argparse.Namespace, request: Request) -> Request:
    """What the recorder is asked for to try recipes on what ``request`` recorded."""
    wanted: Request = request.replaced(
        trials={
            "seconds": options.seconds - request.seconds,
            "recipes": options.recipes,
            "approximate": options.allow_approximate,
            "processes": options.processes,
        }
    )
    return wanted


def _reproduce(options: argparse.Namespace) -> int:
    from ..features.experiments.compile_question import steps
    from ..features.experiments.compile_question.summary import print_reproduction

    python, extra_path = _interpreter(options)
    return _experiment(
        options,
        "reproduce",
        steps.SUMMARY_FILES,
        print_reproduction,
        lambda traces, reports, listener: steps.reproduce(
            python, options.seconds, traces, reports, listener, extra_path
        ),
    )


def _history(options: argparse.Namespace) -> int:
    from ..features.experiments.releases import steps
    from ..features.experiments.releases.summary import print_history
    from ..launch.interpreters import find_interpreter

    interpreters = [steps.Interpreter(given, find_interpreter(given)) for given in options.python]

    def measure(traces: Path, reports: Path, listener: Listener) -> History:
        if not interpreters:
            listener(
                {
                    "event": "announce",
                    "text": (
                        "only this interpreter is measured; to compare releases, give their environments: "
                        "keras-profile history --python PATH PATH"
                    ),
                }
            )
        return steps.measure_history(
            interpreters or [steps.Interpreter("this interpreter", sys.executable)],
            options.seconds,
            traces,
            reports,
            listener,
        )

    return _experiment(options, "history", steps.SUMMARY_FILES, print_history, measure)


def _experiment(
    options: argparse.Namespace,
    command: str,
    formats: Mapping[str, Callable[[_Summary], bytes]],
    show: Callable[[_Summary, Console], None],
    measure: Callable[[Path, Path, Listener], _Summary],
) -> int:
    """A command that records several workloads: ``measure`` makes the summary of all."""
    from rich.console import Console

    from ..features.experiments import runner
    from ..output.progress import ProgressDisplay
    from ..recordings.folders import new_folder
    from ..recordings.names import REPORTS, TRACES
    from ..recordings.writing import encode_json

    traces = new_folder(options.output / TRACES, f"{command}-{datetime.now():%Y%m%d-%H%M%S}")
    reports = options.output / REPORTS / traces.name
    with ProgressDisplay(quiet=options.quiet or options.json) as display:
        content = measure(traces, reports, display)
    runner.write_summary(content, reports, formats)
    if options.json:
        sys.stdout.write(encode_json(content).decode())
        return 0
    console = Console()
    show(content, console)
    console.print()
    for line in (f"recordings  {traces}", f"reports     {reports} ({', '.join(formats)})"):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    return 0


def _interpreter(options: argparse.Namespace) -> tuple[str, str | None]:
    """The interpreter to record in, and the folder of the pyinstrument brought along."""
    from ..launch.interpreters import bring_pyinstrument, find_interpreter
    from ..output.progress import ProgressDisplay

    python, extra_path = sys.executable, None
    with ProgressDisplay(quiet=options.quiet or options.json) as display:
        if options.python:
            display({"event": "stage", "text": f"starting {options.python}"})
            python = find_interpreter(options.python)
        if options.with_pyinstrument:
            display({"event": "stage", "text": "bringing pyinstrument along"})
            extra_path = bring_pyinstrument(python)
    return python, extra_path


def _report(options: argparse.Namespace) -> int:
    from ..analysis.reports import make_report
    from ..recordings.finding import find_program, find_recording
    from ..recordings.opened import OpenedProgram, open_recording

    rules = _chosen_rules(options)
    program_folder = find_program(options.recording)
    if program_folder is not None:
        program = OpenedProgram(program_folder)
        made = make_report(program, rules)
        _write_and_print_program(made, options.output, program, options, sys.stdout)
        return 0
    folder = find_recording(options.recording)
    opened = open_recording(folder)
    _write_and_print(make_report(opened, rules), options.output, opened, options)
    return 0


def _export(options: argparse.Namespace) -> int:
    from ..recordings.finding import find_recording

    return _export_for(find_recording(options.recording), options.format, options.output)


def _export_for(recording: Path, name: str, output: Path | None) -> int:
    from ..features.viewers import opening
    from ..output.exporting import export_format

    path, notes = opening.export(recording, name, output)
    for note in notes:
        print(f"keras-profile: {note}", file=sys.stderr)
    print(path)
    print(f"  {export_format(name).loading.format(path=path)}")
    return 0


def _trace(options: argparse.Namespace) -> int:
    from ..features.trace import finding
    from ..recordings.writing import encode_json

    content = finding.make_trace_report(options.paths)
    if options.json:
        sys.stdout.write(encode_json(content).decode())
        return 0
    from rich.console import Console

    from ..features.trace.summary import print_trace

    print_trace(content, Console())
    return 0


def _open(options: argparse.Namespace) -> int:
    from ..features.viewers import opening

    if options.viewer in SERVERS:

        def started(address: str, where: str) -> None:
            # Whoever reads this through a pipe waits for it.
            print(address, flush=True)
            print(f"  {where}; Ctrl-C ends it", flush=True)
            _browse(options, address)

        opening.show(opening.recording_to_show(options.what, options.output), options.viewer, started)
        return 0
    if options.viewer in FILES_FOR:
        return _export_for(opening.recording_to_show(options.what, options.output), options.viewer, None)
    find = opening.find_page if options.viewer == "browser" else opening.find_pyinstrument_page
    page = find(options.what, options.output)
    print(page)
    _browse(options, page.resolve().as_uri())
    return 0


def _browse(options: argparse.Namespace, address: str) -> None:
    from ..features.viewers import opening

    if options.browser and not opening.open_in_browser(address):
        print("keras-profile: no browser could be started; open the above in one", file=sys.stderr)


def _list(options: argparse.Namespace) -> int:
    from rich.console import Console

    from ..analysis.reports import listed
    from ..output.listing import print_recordings
    from ..recordings.finding import example_names, list_all
    from ..recordings.names import TRACES, name_in_traces

    traces = options.output / TRACES
    found = {name_in_traces(folder): folder for folder in list_all(traces)}
    examples = set() if options.examples else found.keys() & set(example_names(traces))
    shown = {name: folder for name, folder in found.items() if name not in examples}
    if not shown:
        print(f"no recordings in {traces}; make one with: keras-profile run TARGET")
    else:
        print_recordings(
            [
                (
                    name,
                    listed(folder),
                )
                for name, folder in shown.items()
            ],
            Console(),
        )
    if examples:
        print(
            f"{len(examples)} example{'' if len(examples) == 1 else 's'} came with this folder: "
            "keras-profile list --examples"
        )
    return 0


def _rules(options: argparse.Namespace) -> int:
    from rich.console import Console

    from ..analysis.rules.catalogue import RULES
    from ..analysis.rules.engine import chosen
    from ..output.rules_page import print_rule, print_rules

    if options.rule is None:
        print_rules([rule.text() for rule in RULES], Console())
    else:
        (rule,) = chosen(RULES, [options.rule], [])
        print_rule(rule.text(), Console())
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from rich.console import Console

    from ..features.doctor import gathering
    from ..features.doctor.summary import print_checkup
    from ..output.progress import ProgressDisplay
    from ..recordings.writing import encode_json

    python, _ = _interpreter(options)
    with ProgressDisplay(quiet=options.quiet or options.json) as display:
        checkup = gathering.examine(python, options.log_folder, display)
    if options.json:
        sys.stdout.write(encode_json(checkup).decode())
    else:
        print_checkup(checkup, Console())
    return 0 if checkup.works else 1


def _chosen_rules(options: argparse.Namespace) -> list[Rule]:
    """The rules that the options and the working folder's pyproject.toml leave."""
    from ..analysis.rules.catalogue import RULES
    from ..analysis.rules.engine import chosen
    from .pyproject import ignored_rules

    if options.select is None:  # a command that looks for no causes
        return []
    return chosen(RULES, options.select, [*options.ignore, *ignored_rules(Path())])


def _write_and_print(
    content: ReportContent, output: Path, opened: OpenedRecording, options: argparse.Namespace
) -> None:
    from rich.console import Console

    from ..output.reports import print_report, write_report
    from ..output.tensorboard import write_tensorboard
    from ..recordings.folders import new_folder
    from ..recordings.names import REPORTS, name_in_traces
    from ..recordings.writing import encode_json

    recording = opened.folder
    place = output / REPORTS / name_in_traces(recording)
    folder = new_folder(place.parent, place.name)
    written = write_report(content, folder, opened if options.html else None)
    if options.html:
        written += _pyinstrument_page(recording, folder)
    log = write_tensorboard(opened, folder)
    if options.json:
        sys.stdout.write(encode_json(content).decode())
        return
    console = Console()
    print_report(content, console)
    console.print()
    console.print(f"recording  {recording}", highlight=False, markup=False, soft_wrap=True)
    console.print(
        f"report     {folder} ({', '.join(path.name for path in written)})",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
    if log is not None:
        console.print(
            f"tensorboard  tensorboard --logdir {log}", highlight=False, markup=False, soft_wrap=True
        )


def _pyinstrument_page(recording: Path, folder: Path) -> list[Path]:
    """Writes pyinstrument's own page, if it can: the report is whole without it."""
    from ..output import reports

    try:
        page = reports.write_pyinstrument(recording, folder)
    except RecordingError as error:
        print(f"keras-profile: no pyinstrument.html: {error.message}", file=sys.stderr)
        return []
    return [] if page is None else [page]


def _tell(error: KerasProfileError) -> None:
    """The error in the user's words: their traceback if it was theirs, and what to do."""
    if error.trace:
        print(error.trace.rstrip(), file=sys.stderr)
    print(f"keras-profile: {error.message}", file=sys.stderr)
    if error.advice:
        print(f"  {error.advice}", file=sys.stderr)


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 1 on, found {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError(f"expected seconds, more than 0, found {text!r}")
    return value


def _time(text: str) -> float:
    """Seconds, or a number with s, m or h behind it."""
    number, unit = (text[:-1], text[-1]) if text[-1:] in ("s", "m", "h") else (text, "s")
    return _seconds(number) * {"s": 1, "m": 60, "h": 3600}[unit]


def _recipes(text: str) -> list[str]:
    from ..recipes.catalogue import RECIPES

    known = [recipe.id for recipe in RECIPES]
    names = text.split(",")
    unknown = [name for name in names if name not in known]
    if unknown:
        raise argparse.ArgumentTypeError(f"there is no recipe {unknown[0]!r}; there are: {', '.join(known)}")
    return names


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _captures(text: str) -> list[str]:
    names = text.split(",")
    unknown = [name for name in names if name not in CAPTURES]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"there is no capture {unknown[0]!r}; there are: {', '.join(CAPTURES)}"
        )
    return [name for name in CAPTURES if name in names]
