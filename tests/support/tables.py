"""The tables of the documents that are made of the recorder's own tables, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from keras_profile.analysis.program_causes.catalogue import PROGRAM_RULES
from keras_profile.features.fleet.store_layout import OF_LINE, SHARED, own_columns
from keras_profile.features.fleet.store_layout import TABLES as STORE_TABLES
from keras_profile.model.environment import Environment, RecordedEnvironment
from keras_profile.model.program import ProgramFile
from keras_profile.model.program_report import GroupCalls, GroupReport, ProgramFigures, ProgramReport
from keras_profile.model.recording import CaptureDetails, RecordingFile, Schema
from keras_profile.model.report import (
    Attribution,
    CallFigures,
    CaptureFigures,
    Comparison,
    Finding,
    ReportContent,
    Scaling,
)
from keras_profile.model.sweep import PlanFile, SweepContent
from keras_profile.model.trials import Trials
from keras_profile.model.workload import Place, RecordedWorkload, Workload
from keras_profile.recipes.catalogue import RECIPES
from keras_profile.recipes.simplicity import ORDER
from keras_profile.recorder.protocol import CAPTURE_TABLE, ENTRY_POINT_TABLE

from .key_tables import keys_of_all, store_table

DOCS = Path(__file__).parents[2] / "docs"


def captures() -> str:
    """What each capture gives, where, and how much of the time it has."""
    return _table(
        ("capture", "gives", "writes", "of the time", "calls a round", "calls in all"),
        [
            (
                f"[`{spec.name}`](#{spec.name})",
                spec.gives,
                ", ".join(f"`{file.name}`" for file in spec.files) or "nothing of its own",
                f"{spec.share:.0%}",
                str(spec.most_in_round),
                str(spec.most_in_all),
            )
            for spec in CAPTURE_TABLE
        ],
    )


def files_of_captures() -> str:
    """What each file that a capture writes holds."""
    return _table(
        ("file", "content", "read by reports"),
        [
            (f"`{file.path or file.name}`", file.holds, file.read)
            for spec in CAPTURE_TABLE
            for file in spec.files
        ],
    )


def causes_outside_of_calls() -> str:
    """What is found outside of a program's calls."""
    return _table(("cause", "what it is"), [(f"`{rule.id}`", rule.meaning) for rule in PROGRAM_RULES])


def entry_points() -> str:
    """An entry of its own for each entry point."""
    return "\n\n".join(f"### {entry.name}\n\n{entry.about}" for entry in ENTRY_POINT_TABLE)


def simplicity() -> str:
    """The order by which one of several changes that gain the same is recommended."""
    rows = []
    for number, step in enumerate(ORDER, 1):
        ids = [f"[{one.id}](#{one.id})" for one in RECIPES if one.simplicity is step]
        rows.append((str(number), step.name, step.reason, ", ".join(ids)))
    return _table(("", "change", "why it stands there", "recipes"), rows)


#: What has a section of its own in the page of report.json, or none, and how its tables name it.
IN_REPORT: dict[type, str] = {
    Schema: "`name` and `version`",
    RecordedEnvironment: "[environment](#environment)",
    RecordedWorkload: "[workload](#workload)",
    Place: "[place](#place)",
    CallFigures: "[calls](#calls)",
    GroupCalls: "[calls](#calls)",
    CaptureFigures: "[capture](#captures)",
    Attribution: "[attribution](#attribution)",
    Finding: "[finding](#findings)",
    Comparison: "[comparison](#comparisons)",
    Scaling: "[scaling](#scaling)",
    ProgramFigures: "[program](#program)",
    GroupReport: "[group](#groups)",
}
#: The same in the page of recordings.
IN_RECORDING: dict[type, str] = {
    Schema: "`name` and `version`",
    RecordedEnvironment: "[environment](report-json.md#environment)",
    RecordedWorkload: "[workload](report-json.md#workload)",
    CaptureDetails: "[details](captures.md)",
}


def tables_of_a_store() -> str:
    """The tables that can be asked in SQL, each with its columns."""
    parts = []
    for table in STORE_TABLES:
        shared = [*SHARED, *(name for name in OF_LINE if name not in own_columns(table))]
        parts.append(store_table(table, shared if table.within else []))
    return "\n\n".join(parts)


#: The same in the page of sweeps.
IN_SWEEP: dict[type, str] = {Schema: "`name` and `version`"}

#: (page, name of the table in the page's comments, what it is to be)
TABLES: tuple[tuple[str, str, Callable[[], str]], ...] = (
    ("captures.md", "captures", captures),
    ("recording.md", "files of captures", files_of_captures),
    ("recording.md", "keys of program.json", lambda: keys_of_all(ProgramFile, IN_RECORDING)),
    ("recording.md", "keys of recording.json", lambda: keys_of_all(RecordingFile, IN_RECORDING, level=3)),
    ("recording.md", "keys of trials.json", lambda: keys_of_all(Trials, IN_RECORDING, level=3)),
    ("commands.md", "entry points", entry_points),
    ("fleet-sql.md", "tables of a store", tables_of_a_store),
    ("program.md", "causes outside of the calls", causes_outside_of_calls),
    ("recipes.md", "simplicity", simplicity),
    ("report-json.md", "keys of the report", lambda: keys_of_all(ReportContent, IN_REPORT)),
    ("report-json.md", "keys of the environment", lambda: keys_of_all(Environment)),
    ("report-json.md", "keys of the workload", lambda: keys_of_all(Workload)),
    ("report-json.md", "keys of the calls", lambda: keys_of_all(CallFigures, IN_REPORT)),
    ("report-json.md", "keys of a capture", lambda: keys_of_all(CaptureFigures, IN_REPORT)),
    ("report-json.md", "keys of the attribution", lambda: keys_of_all(Attribution, IN_REPORT)),
    ("report-json.md", "keys of a finding", lambda: keys_of_all(Finding, IN_REPORT)),
    ("report-json.md", "keys of a comparison", lambda: keys_of_all(Comparison, IN_REPORT)),
    ("report-json.md", "keys of the scaling", lambda: keys_of_all(Scaling, IN_REPORT)),
    ("report-json.md", "keys of the report of a program", lambda: keys_of_all(ProgramReport, IN_REPORT)),
    ("report-json.md", "keys of the program", lambda: keys_of_all(ProgramFigures, IN_REPORT)),
    ("report-json.md", "keys of a group", lambda: keys_of_all(GroupReport, IN_REPORT)),
    ("sweep.md", "keys of a plan", lambda: keys_of_all(PlanFile)),
    ("sweep.md", "keys of a sweep", lambda: keys_of_all(SweepContent, IN_SWEEP)),
)


def with_table(page: str, name: str, content: str) -> str:
    """The text of a page with ``content`` between the comments that name the table."""
    begin, end = f"<!-- table of {name}: begin -->\n", f"\n<!-- table of {name}: end -->"
    made, count = re.subn(
        re.escape(begin) + ".*?" + re.escape(end), lambda _: begin + content + end, page, flags=re.DOTALL
    )
    if count != 1:
        raise ValueError(f"expected one table of {name} in the page, found {count}")
    return made


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in (titles, *rows)]
    return "\n".join([lines[0], "|---" * len(titles) + "|", *lines[1:]])
