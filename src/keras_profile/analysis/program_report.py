"""The report of a whole program: its time, the groups of its calls, and a report of each group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..errors import RecordingError
from ..model.file_names import file_name
from ..model.program import ProcessRecording, ProgramRecording, UnfinishedCall
from ..model.program_report import (
    GroupCalls,
    GroupReport,
    Overhead,
    ProcessFigures,
    ProgramFigures,
    ProgramReport,
    WholeProgram,
)
from ..model.report import REPORT_SCHEMA, ColdCalls, ReportContent
from ..recorder.protocol import COLD
from ..recordings.opened import OpenedProgram
from ..recordings.program_groups import Folded, places_of, process_names, workload_of
from ..recordings.program_rows import kept
from .calls_under_way import sentence
from .possible_figures import impossible_figure
from .program_causes.catalogue import causes_of
from .program_causes.code_in_calls import own_code_ns
from .program_causes.program_view import ProgramView
from .program_conclusions import conclusions
from .program_gains import program_gains, with_all_ns
from .program_parts import divide_program
from .program_reasons import by_the_program, program_reasons, shared_reasons
from .program_time import (
    between_calls,
    by_shape,
    by_thread,
    on_one_clock,
    program_inference_ns,
    program_wall_ns,
    regularity,
    sampled_places,
    union_ns,
    waiting,
)
from .program_timeline import program_timeline
from .program_tree import program_tree
from .rules.catalogue import RULES
from .rules.rule import Rule
from .workload_report import workload_report

#: The kind of error of a program that called no model.
NO_CALLS = "no_calls"

#: A call that Ctrl-C ended is named if it had run for so long.
_WORTH_A_LINE_NS = 1_000_000_000

#: What to do if no call was recorded.
WITHOUT_CALLS = (
    "check that the program calls a Keras model on TensorFlow 2.0 or later. Calls of predict, "
    "predict_on_batch and model(x) outside training are recorded, not evaluate or fit, in processes that use "
    "this Python environment. To profile a model that a function only builds: keras-profile profile "
    "FILE.py:FUNCTION"
)


def damage_notes(program: ProgramRecording) -> list[str]:
    """The unreadable parts of a recording, one sentence each."""
    return [
        *program.damage,
        *(
            f"{one.folder.name}: damaged and left out: {what}"
            for one in program.processes
            for what in one.damage
        ),
    ]


def program_report(opened: OpenedProgram, rules: Sequence[Rule] = RULES) -> ProgramReport:
    """The report of a program's recording, which may still be running.

    Raises :class:`RecordingError`, of the kind :data:`NO_CALLS` if no model was called.
    """
    program, groups, folder = opened.recording, opened.groups, opened.folder
    if not groups:
        unfinished = [sentence(call) for call in _unfinished(program)]
        if unfinished:
            raise RecordingError(
                f"{folder}: no call of the program returned: {'; '.join(unfinished)}", kind=NO_CALLS
            )
        damage = damage_notes(program)
        if damage:
            raise RecordingError(f"{folder}: no call can be read: {'; '.join(damage)}", kind=NO_CALLS)
        raise RecordingError(f"{folder}: no call of a Keras model was recorded", WITHOUT_CALLS, kind=NO_CALLS)
    wall_ns = program_wall_ns(program)
    all_ns = sum(int(group.rows["wall_ns"].sum()) for group in groups)
    pairs = [(group, _group(opened, group, wall_ns, all_ns, rules)) for group in groups]
    pairs.sort(key=lambda one: -one[1].total_ns)
    reports = [report for _, report in pairs]
    first = next((one for one in program.processes if len(one.calls)), program.processes[0])
    whole, view = _whole(program, first, [group for group, _ in pairs], reports)
    causes = causes_of(view)
    reports = [_without_own_code(report, own_code_ns(view, report)) for report in reports]
    gains = program_gains(reports, whole.wall_ns) if len(program.processes) == 1 else []
    reasons = program_reasons(reports, causes, whole.wall_ns)
    return ProgramReport(
        schema=REPORT_SCHEMA,
        recording=folder.name,
        environment=first.environment,
        program=_figures(program, wall_ns),
        groups=reports,
        notes=_notes(program),
        whole=whole,
        conclusions=conclusions(whole, reports, gains, causes, reasons),
        gains=gains,
        causes=causes,
        reasons=reasons,
        shared_reasons=shared_reasons(reasons, whole.wall_ns),
        could_take_ns=with_all_ns(gains, reports, whole.wall_ns),
        timeline=program_timeline(program, [group for group, _ in pairs]),
        created=program.content.created,
    )


def _whole(
    program: ProgramRecording,
    process: ProcessRecording,
    groups: Sequence[Folded],
    reports: Sequence[GroupReport],
) -> tuple[WholeProgram, ProgramView]:
    """Where the time of ``process`` goes, and the data to judge causes outside the calls by."""
    places = places_of(process, groups)
    divided = divide_program(process, places, reports)
    argv = program.content.command[:1] or process.argv[:1]
    name = file_name(argv[0]) if argv else "the program"
    whole = WholeProgram(
        process=process.pid,
        wall_ns=divided.wall_ns,
        samples=divided.samples,
        parts=divided.parts,
        tree=program_tree(divided, places, reports, name),
    )
    return whole, ProgramView(divided, process, program.processes, reports, places)


def _group(
    opened: OpenedProgram,
    group: Folded,
    wall_ns: int,
    all_ns: int,
    rules: Sequence[Rule],
) -> GroupReport:
    rows, process = group.rows, group.process
    report = _report(opened, group, rules)
    wrong = "" if report is None else impossible_figure(report)
    total_ns = int(rows["wall_ns"].sum())
    own_ns = union_ns(*on_one_clock(process, rows))  # its rows are on the clock of this process
    cold_calls = kept(rows)
    cold_calls = cold_calls[cold_calls["flags"] & COLD != 0]
    cold_calls = cold_calls[np.argsort(cold_calls["begin_ns"], kind="stable")]
    cold = ColdCalls(len(cold_calls), int(cold_calls["wall_ns"].sum()))
    cold_ns = int(cold_calls["wall_ns"][0]) if len(cold_calls) else None
    made = GroupReport(
        recording=group.folder.relative_to(opened.folder).as_posix(),
        process=process.pid,
        site=group.site,
        entry=group.main.entry,
        count=len(rows),
        total_ns=total_ns,
        share_of_wall=round(min(own_ns / max(wall_ns, 1), 1.0), 6),
        share_of_inference=round(total_ns / max(all_ns, 1), 6),
        regularity=regularity(rows),
        cold_ns=cold_ns,
        once_ns=None,
        threads=by_thread(rows, group.threads),
        waiting=waiting(rows),
        workload=workload_of(group) if report is None or wrong else report.workload,
        calls=GroupCalls(cold, None),
        processes=[one.pid for one in group.processes],
        shapes=by_shape(group),
        union_ns=own_ns,
    )
    if wrong:
        return replace(
            made,
            notes=[f"the data recorded within its calls is damaged and left out: impossible figure: {wrong}"],
        )
    if report is None:
        return made
    full = replace(
        made,
        once_ns=None if cold_ns is None else max(cold_ns - _later_call_ns(made, report), 0),
        calls=GroupCalls(report.calls.cold, report.calls.warm),
        captures=report.captures,
        attribution=report.attribution,
        findings=report.findings,
        comparisons=report.comparisons,
        notes=report.notes,
        scaling=report.scaling,
    )
    return replace(full, findings=by_the_program(full, wall_ns))


def _without_own_code(group: GroupReport, own_ns: int) -> GroupReport:
    """Removes the user's own code, which builds nothing, from a single call's one-time cost."""
    if group.once_ns is None or group.regularity is not None:
        return group
    return replace(group, once_ns=max(group.once_ns - own_ns, 0))


def _later_call_ns(group: GroupReport, report: ReportContent) -> int:
    """The time of a call after the first: in the program, or else replayed after its end."""
    return report.calls.warm.median_ns if group.regularity is None else group.regularity.median_ns


def _report(program: OpenedProgram, group: Folded, rules: Sequence[Rule]) -> ReportContent | None:
    """The usual report of a group, None if no warm call was timed, or its spans were cut off."""
    if not group.has_recording:
        return None
    opened = program.open_group(group)
    calls = opened.content.calls
    if not calls.wall("bare") and not calls.wall("spans"):
        return None
    return workload_report(opened, rules, len(group.rows))


def _figures(program: ProgramRecording, wall_ns: int) -> ProgramFigures:
    inference_ns = program_inference_ns(program, wall_ns)
    content = program.content
    return ProgramFigures(
        command=content.command,
        python=content.python,
        exit_code=content.exit_code,
        complete=content.complete,
        interrupted=content.interrupted,
        wall_ns=wall_ns,
        inference_ns=inference_ns,
        inference_share=round(inference_ns / max(wall_ns, 1), 6),
        calls=sum(len(one.calls) for one in program.processes),
        processes=[
            _process(one, name) for one, name in zip(program.processes, process_names(program.processes))
        ],
        between=between_calls(process.activities for process in program.processes),
        samples=sampled_places([one.stacks for one in program.processes]),
        overhead=_overhead(program, wall_ns),
        unfinished=[sentence(call) for call in _unfinished(program) if not _is_any_call(call)],
    )


def _is_any_call(call: UnfinishedCall) -> bool:
    """Whether it is but the call of a loop in which Ctrl-C came: short, and with no reason to be endless."""
    by_ctrl_c = call.ended.startswith(KeyboardInterrupt.__name__)
    return by_ctrl_c and call.wall_ns < _WORTH_A_LINE_NS and not call.endless


def _unfinished(program: ProgramRecording) -> list[UnfinishedCall]:
    return [call for process in program.processes for call in process.unfinished]


def _process(process: ProcessRecording, name: str) -> ProcessFigures:
    return ProcessFigures(
        pid=process.pid,
        parent=process.parent,
        argv=process.argv,
        forked=process.forked,
        ended=process.ended_ns is not None,
        raised=process.raised,
        wall_ns=process.last_ns - process.began_ns,
        calls=len(process.calls),
        inference_ns=union_ns(*on_one_clock(process, process.calls)),
        threads=len(np.unique(process.calls["thread"])),
        name=name,
    )


def _overhead(program: ProgramRecording, wall_ns: int) -> Overhead:
    parts: dict[str, int] = {}
    for process in program.processes:
        for name, cost_ns in process.overhead.items():
            parts[name] = parts.get(name, 0) + cost_ns
    total_ns = sum(parts.values())
    return Overhead(total_ns, round(min(total_ns / max(wall_ns, 1), 1.0), 6), parts)


def _notes(program: ProgramRecording) -> list[str]:
    """Notes for readers of the figures on how they were measured."""
    notes = []
    unended = [one for one in program.processes if one.ended_ns is None]
    if program.content.interrupted:
        notes.append(
            "an interrupt or the time limit came while the program ran; figures cover the time until it ended"
        )
    elif program.is_running and unended:
        notes.append(
            "the program has not ended, or its end was not recorded; figures cover the time until its last "
            "recorded call"
        )
    elif unended:
        notes.append(
            f"{len(unended)} of {len(program.processes)} processes ended before the end of their code; "
            "figures cover the time until the last recorded call"
        )
    notes += [
        f"process {name} ended with an exception: {one.raised}"
        for one, name in zip(program.processes, process_names(program.processes))
        if one.raised
        and not (program.content.interrupted and one.raised.startswith(KeyboardInterrupt.__name__))
    ]
    notes += [
        f"{one.text!r} is given up: {one.reason}; later steps were not tried"
        for one in program.content.given_up
    ]
    notes += [
        f"process {one.pid} was not recorded: {one.reason} ({one.command})"
        for one in program.content.not_recorded
    ]
    notes += [text for one in program.processes for text in one.announcements]
    notes += damage_notes(program)
    return list(dict.fromkeys(notes))
