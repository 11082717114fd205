"""``keras-profile list``: lists the recordings here."""

from __future__ import annotations

import argparse

from .. import options as shared
from ..printing import print_json


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "list",
        parents=[common],
        help="list the recordings here, newest first",
        description="Lists the recordings in traces/, newest first.",
    )
    command.add_argument(
        "--examples",
        action="store_true",
        help="include the examples that came with the folder (see traces/examples.txt)",
    )
    shared.add_output(command, "the folder that contains traces/ (default: here)")
    shared.add_json(command, "list")
    command.set_defaults(function=list_recordings)


def list_recordings(options: argparse.Namespace) -> int:
    from ...analysis.listing import listed
    from ...model.listing import LIST_SCHEMA, Listing
    from ...output.listing import print_recordings
    from ...output.terminal import console
    from ...recordings.finding import example_names, list_all
    from ...recordings.names import TRACES, name_in_traces

    traces = options.output / TRACES
    found = {name_in_traces(folder): folder for folder in list_all(traces)}
    examples = set() if options.examples else found.keys() & set(example_names(traces))
    shown = {name: folder for name, folder in found.items() if name not in examples}
    rows = [listed(name, folder) for name, folder in shown.items()]
    if options.json:
        print_json(Listing(LIST_SCHEMA, rows))
        return 0
    if not shown:
        print(f"no recordings in {traces}; make one with: keras-profile run PROGRAM.py")
    else:
        print_recordings(rows, console())
    if examples:
        print(
            f"{len(examples)} example{'' if len(examples) == 1 else 's'} came with this folder: "
            "keras-profile list --examples"
        )
    return 0
