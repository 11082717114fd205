"""The internals table: well formed, in the vocabulary, each function once."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from importlib import resources

import pytest

from keras_profile.analysis.attribution.internals import (
    internals_for_recorder,
    internals_table,
    phase_by_internal,
)
from keras_profile.analysis.attribution.vocabulary import (
    HELPER,
    NO_PHASE,
    NUMBER,
    OWN_LINES_ONLY,
    PHASES,
    RUNS_THE_MODEL,
    STICKY,
    TRANSPARENT,
    UNATTRIBUTED,
)

TEXT = (
    resources.files("keras_profile.analysis.attribution")
    .joinpath("internals.csv")
    .read_text(encoding="utf-8")
)
ROWS = list(csv.reader(TEXT.splitlines()))
TABLE = internals_table()


def test_the_columns_are_those_that_are_documented():
    assert ROWS[0] == ["module", "qualname", "phase", "probed", "defined_in", "seen_running_in", "note"]


def test_every_row_has_every_column():
    assert [row for row in ROWS if len(row) != len(ROWS[0])] == []


def test_every_line_is_one_row():
    assert len(ROWS) == len(TEXT.splitlines()) == len(list(csv.reader(TEXT.splitlines(keepends=True))))


def test_every_row_is_read():
    assert len(TABLE) == len(ROWS) - 1 > 300


def test_phases_are_of_the_vocabulary():
    assert {row.phase for row in TABLE} <= set(PHASES) - {UNATTRIBUTED, "garbage_collection"} | set(NO_PHASE)


def test_each_function_is_there_once():
    counts = Counter((row.module, row.qualname) for row in TABLE)
    assert [function for function, count in counts.items() if count > 1] == []
    assert len(phase_by_internal()) == len(TABLE)


def test_probed_is_yes_or_no():
    assert {row[3] for row in ROWS[1:]} == {"yes", "no"}


def test_rows_of_no_phase_have_no_probe():
    assert {TRANSPARENT, HELPER} == set(NO_PHASE)
    assert [row for row in TABLE if row.phase in NO_PHASE and row.probed] == []


def test_rows_without_a_probe_are_transparent_or_have_probed_rows_of_their_phase():
    probed = defaultdict(set)
    for row in TABLE:
        if row.probed:
            probed[row.phase] |= set(row.defined_in)
    wrong = [
        row
        for row in TABLE
        if not row.probed and row.phase not in NO_PHASE and not set(row.defined_in) & probed[row.phase]
    ]
    assert wrong == []


@pytest.mark.parametrize("column", range(7))
def test_cells_are_one_trimmed_line(column):
    cells = [row[column] for row in ROWS]
    assert [cell for cell in cells if cell != cell.strip() or "\n" in cell or "\r" in cell] == []


def test_names_are_python_names():
    name = r"[A-Za-z_]\w*"
    for row in TABLE:
        assert re.fullmatch(rf"{name}(\.{name})*", row.module), row
        assert re.fullmatch(rf"({name}|<lambda>)((\.<locals>)?\.({name}|<lambda>))*", row.qualname), row


def test_modules_are_below_keras_or_of_tensorflow():
    tops = {row.module.split(".")[0] for row in TABLE}
    assert "K" in tops
    assert tops & {"keras", "tf_keras"} == set()


def test_every_row_is_defined_somewhere():
    assert [row for row in TABLE if not row.defined_in] == []


def test_generations_are_spelt_in_one_way():
    # Rows of the standard library are defined in "python".
    generations = {name for row in TABLE for name in row.defined_in + row.seen_running_in} - {"python"}
    assert len(generations) > 10
    assert [name for name in generations if not re.fullmatch(r"[a-z_]+-\d+\.\d+(-[a-z]+)?", name)] == []


def test_what_was_seen_running_was_defined():
    wrong = [
        (row.module, row.qualname)
        for row in TABLE
        if row.defined_in != ("python",) and not set(row.seen_running_in) <= set(row.defined_in)
    ]
    assert wrong == []


def test_the_recorder_gets_every_row_in_order():
    assert internals_for_recorder() == [(row.module, row.qualname, row.phase, row.probed) for row in TABLE]


# --- the vocabulary ---


def test_phases_are_numbered_in_the_order_of_a_call():
    assert [NUMBER[phase] for phase in PHASES] == list(range(len(PHASES)))
    assert list(PHASES)[-1] == UNATTRIBUTED
    assert TRANSPARENT not in PHASES


@pytest.mark.parametrize("group", [STICKY, OWN_LINES_ONLY, RUNS_THE_MODEL])
def test_groups_are_of_the_vocabulary(group):
    assert set(group) <= set(PHASES)


def test_each_phase_is_described_in_one_line():
    assert all(text and "\n" not in text for text in PHASES.values())
