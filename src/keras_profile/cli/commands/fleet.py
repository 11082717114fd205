"""``keras-profile fleet STORE``: what a store of recordings says about all services together."""

from __future__ import annotations

import argparse
import datetime

from .. import options as shared
from ..printing import print_json, print_lines


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "fleet",
        parents=[common],
        help="say what all services pay for, and what got slower",
        description="Answers from a store that keras-profile collect made: which services and lines pay for "
        "which cause, what measured changes would save, what got slower, which hosts are slow. Needs the "
        "extra [fleet].",
    )
    command.add_argument("store", metavar="STORE", help="a folder, or an address such as s3://bucket/store")
    when = command.add_mutually_exclusive_group()
    when.add_argument(
        "--since",
        type=day,
        metavar="DATE",
        help="show what changed from this day on, such as 2026-11-01 (default: at any time)",
    )
    when.add_argument(
        "--release",
        metavar="NAME",
        help="show what changed with this version of a service, or with 'Keras 3.15.1' or "
        "'TensorFlow 2.21.0'",
    )
    command.add_argument(
        "--sql",
        metavar="SELECT",
        help="answer this SELECT statement instead; tables and examples: docs/fleet-sql.md",
    )
    command.add_argument(
        "--rows", type=shared.positive, metavar="N", help="the most rows of its answer (default: 200)"
    )
    command.add_argument(
        "--no-html", action="store_false", dest="html", help="write no fleet.html, only print"
    )
    shared.add_output(command, "folder for reports/ (default: here)")
    shared.add_quiet(command)
    shared.add_json(command, "answer")
    command.set_defaults(function=fleet)


def fleet(options: argparse.Namespace) -> int:
    from ...features.fleet.fleet_answer import fleet_answer
    from ...output.fleet import to_page
    from ...output.fleet.to_terminal import print_fleet
    from ...output.progress import ProgressDisplay
    from ...output.terminal import console as make_console
    from ...recordings.folders import new_report_folder
    from ...recordings.names import dated
    from ...recordings.writing import encode_json, write_files

    if options.sql is not None:
        return _sql(options)
    with ProgressDisplay(quiet=options.quiet or options.json) as display:
        content = fleet_answer(options.store, options.since, options.release, display)
    files = []
    if options.html:
        with new_report_folder(options.output, dated("fleet", datetime.datetime.now())) as folder:
            made = [("fleet.json", encode_json(content)), ("fleet.html", to_page.render(content))]
            files = write_files(folder, made)
    if options.json:
        print_json(content)
        return 0
    console = make_console()
    print_fleet(content, console)
    print_lines(console, [f"page  {path}" for path in files if path.suffix == ".html"])
    return 0


def _sql(options: argparse.Namespace) -> int:
    from ...features.fleet.fleet_answer import MOST_ROWS, sql_answer
    from ...output.fleet.to_terminal import print_rows
    from ...output.terminal import console

    content = sql_answer(options.store, options.sql, options.rows or MOST_ROWS)
    if options.json:
        print_json(content)
    else:
        print_rows(content, console())
    return 0


def day(text: str) -> datetime.date:
    """A day, as in ISO 8601.

    >>> day("2026-11-01")
    datetime.date(2026, 11, 1)
    """
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"expected a day such as 2026-11-01, found {text!r}") from error
