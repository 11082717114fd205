"""``keras-profile trace``: divides any TensorFlow trace, and other profilers' files, into phases."""

from __future__ import annotations

import argparse
from pathlib import Path

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
    shared.add_full(command)
    shared.add_json(command)
    command.set_defaults(function=trace)


def trace(options: argparse.Namespace) -> int:
    from ...features.trace import trace_files

    content = trace_files.make_trace_report(options.paths, options.thread)
    if options.json:
        print_json(content)
        return 0
    from ...features.trace.summary import print_trace
    from ...output.terminal import console

    print_trace(content, console(), options.full)
    return 0
