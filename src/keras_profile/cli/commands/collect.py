"""``keras-profile collect FOLDER --to STORE``: collects recordings of many machines into a store."""

from __future__ import annotations

import argparse
from pathlib import Path

from .. import options as shared
from ..printing import print_json


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "collect",
        parents=[common],
        help="collect recordings of many machines into a store",
        description="Adds recordings and reports below the folders to a store of Parquet files, each once. "
        "keras-profile fleet asks it. Needs the extra [fleet].",
    )
    command.add_argument(
        "folders",
        type=Path,
        nargs="*",
        metavar="FOLDER",
        help="folders with recordings or reports at any depth, such as traces/; or report.json files",
    )
    command.add_argument(
        "--to",
        required=True,
        metavar="STORE",
        help="the store: a folder, which is made if necessary, or an address such as s3://bucket/store",
    )
    command.add_argument(
        "--label",
        type=label,
        action="append",
        default=[],
        dest="labels",
        metavar="KEY=VALUE",
        help="a label of all these recordings, in place of the recorded one: service, version, host, "
        "environment, calls_a_day, or any other name",
    )
    command.add_argument(
        "--compact",
        action="store_true",
        help="merge small files of all months, with or without a FOLDER; files are merged by themselves "
        "where there are many",
    )
    shared.add_quiet(command)
    shared.add_json(command, "result")
    command.set_defaults(function=collect)


def collect(options: argparse.Namespace) -> int:
    from ...features.fleet.collecting import collect as gather
    from ...output.fleet.to_terminal import print_collection
    from ...output.progress import ProgressDisplay
    from ...output.terminal import console

    if not options.folders and not options.compact:
        from ...errors import KerasProfileError

        raise KerasProfileError(
            "expected a folder with recordings, found none given",
            f"give one: keras-profile collect traces --to {options.to}",
        )
    with ProgressDisplay(quiet=options.quiet or options.json) as display:
        found = gather(options.folders, options.to, dict(options.labels), options.compact, display)
    if options.json:
        print_json(found)
    else:
        print_collection(found, console())
    return 2 if found.failed and not found.added and not found.known else 0


def label(text: str) -> tuple[str, str]:
    """A label and its value.

    >>> label("team=search=2")
    ('team', 'search=2')
    """
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise argparse.ArgumentTypeError(f"expected KEY=VALUE, found {text!r}")
    return name.strip(), value.strip()
