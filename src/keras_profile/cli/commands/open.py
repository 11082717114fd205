"""``keras-profile open WHAT``: opens a recording or report, here or in another viewer."""

from __future__ import annotations

import argparse

from .. import options as shared
from ..printing import print_json, tell
from .export import tell_member, write_export

#: Viewers that are started, and viewers that load a file.
SERVERS = ("tensorboard", "snakeviz")
FILES_FOR = ("perfetto", "speedscope", "firefox")


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "open",
        parents=[common],
        help="open a recording or report, here or in another viewer",
        description="Opens report.html in the default browser and prints its path. If a recording has no "
        "page, it is made first. Other viewers are started, or a file is written for them.",
    )
    command.add_argument(
        "what",
        metavar="WHAT",
        nargs="?",
        default="",
        help="a recording or report: a folder, a name in traces/ or reports/ or the start of one, or a "
        "report's file (default: the newest recording)",
    )
    command.add_argument(
        "--in",
        choices=["browser", "pyinstrument", *SERVERS, *FILES_FOR],
        default="browser",
        dest="viewer",
        help="the viewer (default: browser)",
    )
    command.add_argument(
        "--no-browser",
        action="store_false",
        dest="browser",
        help="do not open a browser; only print the address",
    )
    shared.add_output(command, "the folder that contains traces/ and reports/ (default: here)")
    shared.add_json(command, "address")
    command.set_defaults(function=open_viewer)


def open_viewer(options: argparse.Namespace) -> int:
    from ...features.viewers import opening
    from ...model.prepared import OPEN_SCHEMA, Opened

    what = shared.recording_or_newest(options.what, options.output)
    if options.viewer in SERVERS:

        def started(address: str, where: str) -> None:
            if options.json:
                print_json(Opened(OPEN_SCHEMA, options.viewer, address, None))
            else:
                # A reader at the other end of a pipe waits for this.
                print(f"{address}\n  {where}; press Ctrl-C to stop", flush=True)
            _browse(options, address)

        recording = opening.recording_to_show(what, options.output)
        tell_member(what, recording)
        opening.show(recording, options.viewer, started)
        return 0
    if options.viewer in FILES_FOR:
        recording = opening.recording_to_show(what, options.output)
        tell_member(what, recording)
        write_export(recording, options.viewer, None, options.json)
        return 0
    find = opening.find_page if options.viewer == "browser" else opening.find_pyinstrument_page
    page = find(what, options.output)
    address = page.resolve().as_uri()
    if options.json:
        print_json(Opened(OPEN_SCHEMA, options.viewer, address, str(page)))
    else:
        print(page)
    _browse(options, address)
    return 0


def _browse(options: argparse.Namespace, address: str) -> None:
    from ...features.viewers import opening

    if options.browser and not opening.open_in_browser(address):
        tell("no browser could be started; open the address above yourself")
