"""When a program did what: the calls and Keras' other work of each thread, on one clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..model.program import ProcessRecording, ProgramRecording
from ..model.program_report import PartKind, Timeline, TimelineRow, TimelineSpan
from ..recordings.program_groups import Folded, places_of, process_names
from .program_parts import (
    ACTIVITY_KINDS,
    MAIN_THREAD,
    begin_of_watching,
    kind_before_watching,
    outermost,
)

#: Threads that have a row, those with most time; the others are counted.
MOST_ROWS = 24
#: A process of more threads has those in one row that follow each other.
MANY_THREADS = 8
#: Spans of a whole timeline, so that a page of many calls stays small.
MOST_SPANS = 3000
#: A row of more calls than fit is divided into at least so many cells of equal length.
_LEAST_CELLS = 40
#: A cell holds at most so many spans.
_PER_CELL = 3

_Key = tuple[PartKind, str, "int | None"]


def program_timeline(program: ProgramRecording, groups: Sequence[Folded]) -> Timeline:
    """The rows of a program's threads, those of the first process first."""
    first_ns = min(one.started_ns for one in program.processes)
    rows: list[TimelineRow] = []
    for process, name in zip(program.processes, process_names(program.processes)):
        rows += _rows(process, name, places_of(process, groups), first_ns)
    busiest = sorted(range(len(rows)), key=lambda place: -_busy_ns(rows[place]))[:MOST_ROWS]
    shown = [rows[place] for place in sorted(busiest)]
    return Timeline(rows=_small_enough(shown), more_threads=len(rows) - len(shown))


def _rows(
    process: ProcessRecording, name: str, places: Mapping[int, int], first_ns: int
) -> list[TimelineRow]:
    """A row for each thread of a process that did something; times count from ``first_ns``."""
    shift = process.clock_ns - first_ns
    spans: dict[int, list[TimelineSpan]] = {MAIN_THREAD: []}
    watched_ns = begin_of_watching(process)
    if watched_ns > process.began_ns:
        before_ns = watched_ns - process.began_ns
        spans[MAIN_THREAD].append(
            TimelineSpan(process.began_ns + shift, before_ns, kind_before_watching(process))
        )
    for one in outermost(process.activities):
        kind = ACTIVITY_KINDS.get(one.kind, "loading")
        spans.setdefault(one.thread, []).append(
            TimelineSpan(one.begin_ns + shift, one.wall_ns, kind, one.name)
        )
    calls = process.calls
    columns = (calls[field].tolist() for field in ("thread", "begin_ns", "wall_ns", "group"))
    for thread, begin_ns, wall_ns, group in zip(*columns):
        entry = process.groups[group].entry if group in process.groups else ""
        spans.setdefault(thread, []).append(
            TimelineSpan(begin_ns + shift, wall_ns, "inference", entry, places.get(group), 1)
        )
    begin_ns, end_ns = process.began_ns + shift, max(process.last_ns, process.began_ns) + shift
    threads = [
        TimelineRow(
            process=name,
            thread=process.threads.get(thread, f"thread {thread}"),
            is_main=thread == MAIN_THREAD,
            begin_ns=begin_ns,
            end_ns=end_ns,
            spans=_within(of_thread, begin_ns, end_ns),
        )
        for thread, of_thread in sorted(spans.items())
    ]
    return threads if len(threads) <= MANY_THREADS else [threads[0], *_in_lanes(threads[1:])]


def _within(spans: Sequence[TimelineSpan], begin_ns: int, end_ns: int) -> list[TimelineSpan]:
    """The spans in the order of time, cut at the process's begin and end."""
    cut = []
    for one in sorted(spans, key=lambda one: (one.begin_ns, -one.wall_ns)):
        begin = max(one.begin_ns, begin_ns)
        end = min(one.begin_ns + one.wall_ns, end_ns)
        if end > begin:
            cut.append(replace(one, begin_ns=begin, wall_ns=end - begin))
    return cut


def _in_lanes(threads: Sequence[TimelineRow]) -> list[TimelineRow]:
    """Threads that follow each other, such as one for each request, in as few rows as hold them."""
    lanes: list[list[TimelineRow]] = []
    for thread in sorted((one for one in threads if one.spans), key=lambda one: one.spans[0].begin_ns):
        free = next((lane for lane in lanes if _end_ns(lane[-1]) <= thread.spans[0].begin_ns), None)
        if free is None:
            lanes.append([thread])
        else:
            free.append(thread)
    return [
        lane[0]
        if len(lane) == 1
        else replace(
            lane[0], thread=f"{len(lane)} threads", spans=[span for one in lane for span in one.spans]
        )
        for lane in lanes
    ]


def _end_ns(thread: TimelineRow) -> int:
    return max(one.begin_ns + one.wall_ns for one in thread.spans)


def _busy_ns(row: TimelineRow) -> int:
    return sum(one.wall_ns for one in row.spans)


def _small_enough(rows: list[TimelineRow]) -> list[TimelineRow]:
    """The rows with their spans, or with cells in place of the spans of those that have too many."""
    merged = [replace(row, spans=_merged(row.spans)) for row in rows]
    if sum(len(row.spans) for row in merged) <= MOST_SPANS:
        return merged
    most = MOST_SPANS // max(len(rows), 1)
    return [row if len(row.spans) <= most else _in_cells(row, most) for row in merged]


def _in_cells(row: TimelineRow, most: int) -> TimelineRow:
    """A row of at most about ``most`` spans: each has the time of its kind within a cell of the row."""
    begin_ns = row.begin_ns
    cell_ns = max((row.end_ns - begin_ns) // max(most // _PER_CELL, _LEAST_CELLS), 1)
    cells: dict[int, dict[_Key, tuple[int, int]]] = {}
    for one in _apart(row.spans):
        at_ns, count = one.begin_ns, one.calls
        last_ns = one.begin_ns + one.wall_ns
        while at_ns < last_ns:
            cell = (at_ns - begin_ns) // cell_ns
            until_ns = min(begin_ns + (cell + 1) * cell_ns, last_ns)
            of_cell = cells.setdefault(cell, {})
            had_ns, had = of_cell.get(_key(one), (0, 0))
            of_cell[_key(one)] = (had_ns + until_ns - at_ns, had + count)
            at_ns, count = until_ns, 0  # a call counts where it begins
    spans: list[TimelineSpan] = []
    for cell, of_cell in sorted(cells.items()):
        largest = sorted(of_cell.items(), key=lambda one: -one[1][0])[:_PER_CELL]
        for (kind, what, group), (wall_ns, calls) in largest:
            spans.append(TimelineSpan(begin_ns + cell * cell_ns, wall_ns, kind, what, group, calls))
    return replace(row, spans=_merged(spans, cell_ns), in_cells_of_ns=cell_ns)


def _apart(spans: Sequence[TimelineSpan]) -> list[TimelineSpan]:
    """The spans in pieces that do not overlap: what lies within another is cut out of it.

    The first piece has the calls of its span.
    """
    pieces: list[TimelineSpan] = []
    around: list[TimelineSpan] = []
    at_ns = 0

    def until(end_ns: int) -> None:
        """Takes the innermost span up to a moment, and what is around it after its end."""
        nonlocal at_ns
        while around:
            inner = around[-1]
            inner_end_ns = inner.begin_ns + inner.wall_ns
            piece_end_ns = min(inner_end_ns, end_ns)
            if piece_end_ns > at_ns:
                pieces.append(replace(inner, begin_ns=at_ns, wall_ns=piece_end_ns - at_ns))
                around[-1] = replace(inner, calls=0)
                at_ns = piece_end_ns
            if inner_end_ns > end_ns:
                break
            around.pop()

    for one in spans:
        until(one.begin_ns)
        at_ns = max(at_ns, one.begin_ns)
        around.append(one)
    until(max((one.begin_ns + one.wall_ns for one in spans), default=0))
    return pieces


def _merged(spans: Sequence[TimelineSpan], cell_ns: int = 1) -> list[TimelineSpan]:
    """Spans of one kind that touch each other as one; of cells only those that it fills."""
    found: list[TimelineSpan] = []
    for one in spans:
        last = found[-1] if found else None
        if (
            last is not None
            and _key(last) == _key(one)
            and one.begin_ns <= last.begin_ns + last.wall_ns
            and last.wall_ns % cell_ns == one.wall_ns % cell_ns == 0
        ):
            end_ns = max(last.begin_ns + last.wall_ns, one.begin_ns + one.wall_ns)
            found[-1] = replace(last, wall_ns=end_ns - last.begin_ns, calls=last.calls + one.calls)
        else:
            found.append(one)
    return found


def _key(span: TimelineSpan) -> _Key:
    return (span.kind, span.what, span.group)
