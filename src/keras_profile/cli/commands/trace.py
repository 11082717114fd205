"""``keras-profile trace``: divides any TensorFlow trace, and other profilers' files, into phases."""

from __future__ import annotations

import argparse
from pathlib import Path

from ...errors import KerasProfileError
from .. import options as shared
from ..printing import print_json


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "trace",
        parents=[common],
        help="divide any TensorFlow trace, or another profiler's file, into phases",
        description="Divides the steps of any TensorFlow trace (from the TensorBoard callback, tf.profiler "
        "or a capture of a server) into phases, by TensorFlow's own events; and the time of a program that "
        "cProfile, pyinstrument or py-spy profiled, by the functions of Keras.",
    )
    command.add_argument(
        "paths",
        type=Path,
        nargs="+",
        metavar="FILE|LOGDIR",
        help="traces (*.xplane.pb, *.trace.json.gz, local.trace), profiles (*.prof, *.pyisession, "
        "*.speedscope.json, folded stacks), or folders that contain such files at any depth",
    )
    command.add_argument(
        "--thread",
        metavar="NAME",
        help="of a trace: the thread to divide into phases (default: the interpreter's)",
    )
    command.add_argument(
        "--compare",
        action="store_true",
        help="what differs between the steps of two traces or folders, the first being the one before",
    )
    shared.add_full(command)
    shared.add_json(command)
    command.set_defaults(function=trace)


def trace(options: argparse.Namespace) -> int:
    from ...features.trace import trace_files

    if options.compare:
        return _compare(options)
    content = trace_files.make_trace_report(options.paths, options.thread)
    if options.json:
        print_json(content)
        return 0
    from ...features.trace.summary import print_trace
    from ...output.terminal import console

    print_trace(content, console(), options.full)
    return 0


def _compare(options: argparse.Namespace) -> int:
    """Prints what differs between two traces, or two folders of traces."""
    if len(options.paths) != 2:
        raise KerasProfileError(
            f"--compare takes two traces or folders, got {len(options.paths)}",
            "keras-profile trace --compare BEFORE AFTER",
        )
    from ...features.trace import trace_files
    from ...features.trace.trace_differences import trace_differences

    before, after = (trace_files.make_trace_report([path], options.thread) for path in options.paths)
    names = (str(options.paths[0]), str(options.paths[1]))
    content = trace_differences(before, after, names)
    if options.json:
        print_json(content)
        return 0
    from ...features.trace.differences_summary import print_differences
    from ...output.terminal import console

    print_differences(content, console(), options.full)
    return 0
