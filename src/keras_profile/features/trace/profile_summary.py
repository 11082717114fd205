"""Shows what the profile of another profiler is divided into, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from ...model.foreign_profile import SAMPLES
from ...number_words import duration, milliseconds, percent, plural
from ...output.terminal import figures_table, marked, plain, wrapped
from ...recorder.protocol.entries import ENTRY_POINT_OF
from .trace_report import ProfileCaller, ProfileDivision, ProfileEntry, ProfileInternal

#: How many phases, internals and callers are shown; all are in the JSON.
_PHASES, _INTERNALS, _CALLERS = 10, 8, 5
#: The width of a cost and a share in front of a line.
_COST, _SHARE = 13, 6
#: The most letters of a function's name.
_NAME = 60
_FORMATS = {
    "pstats": "counted by cProfile",
    "pyinstrument": "sampled by pyinstrument",
    "folded": "in folded stacks",
}
#: How many functions are named of a program that calls no model.
_NAMED = 2
_ADVICE = "for all of it: keras-profile run script.py"


def print_profiles(profiles: Sequence[ProfileDivision], console: Console, full: bool) -> None:
    """Prints the tables of the one profile, or the entry points of each; ``full`` prints all."""
    with_tables = full or len(profiles) == 1
    for profile in profiles:
        _print_profile(profile, console, full, with_tables)
    if not with_tables and profiles:
        console.print(plain("for the tables of each profile: --full", "dim"))


def _print_profile(profile: ProfileDivision, console: Console, full: bool, with_tables: bool) -> None:
    """Prints how much of a program is inference and training; and the phases, internals and callers."""
    wrapped(console, _headline(profile), "bold")
    console.print(plain(profile.file, "dim"), soft_wrap=True)
    if not profile.entries:
        wrapped(console, _nothing(profile))
    for entry in profile.entries:
        front = f"{_cost(entry.cost, profile):>{_COST}}{percent(entry.share):>{_SHARE}}  "
        marked(console, front, _entry(entry, profile))
    if not with_tables:
        console.print()
        return
    if profile.phases:
        _print_phases(profile, console, full)
        _print_internals(profile, console, full)
    _print_callers(profile, console, full)
    console.print()
    for note in profile.notes:
        wrapped(console, f"note: {note}", "yellow")
    wrapped(console, f"{profile.not_told}; {_ADVICE}", "dim")
    console.print()


def _headline(profile: ProfileDivision) -> str:
    how = _FORMATS.get(profile.format, f"recorded by {profile.made_by}")
    words = f"{_cost(profile.total, profile)} of a program, {how}"
    if profile.threads > 1:
        words += f", of {profile.threads} threads"
    if not profile.entries:
        return words
    words += f": {percent(profile.inference / profile.total)} in calls of a model"
    return words + (f", {percent(profile.training / profile.total)} in training" if profile.training else "")


def _cost(cost: int, profile: ProfileDivision) -> str:
    return plural(cost, "sample") if profile.unit == SAMPLES else duration(cost)


def _entry(entry: ProfileEntry, profile: ProfileDivision) -> str:
    words = entry_name(entry.entry)
    if entry.is_training:
        words += " (training, which is not divided)"
    if entry.calls:
        words += f": {plural(entry.calls, 'call')}, {_cost(entry.cost // entry.calls, profile)} a call"
    return words


def entry_name(entry: str) -> str:
    """An entry point as users write it.

    >>> entry_name("call"), entry_name("predict"), entry_name("fit")
    ('model(x)', 'predict()', 'fit()')
    """
    return ENTRY_POINT_OF[entry].written if entry in ENTRY_POINT_OF else f"{entry}()"


def _nothing(profile: ProfileDivision) -> str:
    """That no model is called in a program, and what is most expensive instead."""
    missing = (
        "no call of predict, predict_on_batch, model(x), fit or evaluate"
        if profile.has_framework
        else "no function of Keras or TensorFlow"
    )
    most = " and ".join(
        f"{one.function}{_place(one.file, one.line)} {percent(one.share)}"
        for one in profile.functions[:_NAMED]
    )
    return f"There is {missing} in it; most of its own time: {most}."


def _place(file: str, line: int) -> str:
    """Where a function is, in brackets.

    >>> _place("/home/me/script.py", 7), _place("~", 0)
    (' (script.py:7)', '')
    """
    name = file.replace("\\", "/").rpartition("/")[2]
    return f" ({name}:{line})" if line and name else ""


def _figure(cost: int, profile: ProfileDivision) -> str:
    return f"{cost:,}" if profile.unit == SAMPLES else milliseconds(cost)


def _unit(profile: ProfileDivision) -> str:
    return "samples" if profile.unit == SAMPLES else "ms"


def _print_phases(profile: ProfileDivision, console: Console, full: bool) -> None:
    console.print()
    table = figures_table(["phase, in calls of a model", _unit(profile), "share"])
    shown = profile.phases if full or len(profile.phases) <= _PHASES + 1 else profile.phases[:_PHASES]
    for phase in shown:
        table.add_row(phase.phase, _figure(phase.cost, profile), percent(phase.share))
    if len(shown) < len(profile.phases):
        left = profile.phases[len(shown) :]
        row = f"{len(left)} others", _figure(sum(one.cost for one in left), profile)
        table.add_row(*row, percent(sum(one.share for one in left)))
    table.add_section()
    table.add_row("total", _figure(profile.inference, profile), "100%")
    console.print(table)


def _print_internals(profile: ProfileDivision, console: Console, full: bool) -> None:
    if not profile.internals:
        return
    console.print()
    counted = profile.internals[0].calls is not None
    table = figures_table(
        [
            "most expensive internals, with what they call",
            _unit(profile),
            "share",
            *(["calls"] if counted else []),
        ]
    )
    below = [one for one in profile.internals if full or one.phase != "entry"]
    shown = below if full else below[:_INTERNALS]
    for one in shown:
        calls = [f"{one.calls:,}"] if one.calls is not None else []
        table.add_row(plain(_name(one)), _figure(one.cost, profile), percent(one.share), *calls)
    console.print(table)
    _print_more(len(below) - len(shown), "internal", console)


def _name(one: ProfileInternal) -> str:
    """An internal's name, with its module if it has no class."""
    name = one.qualname if "." in one.qualname else f"{one.module.rpartition('.')[2]}.{one.qualname}"
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"


def _print_callers(profile: ProfileDivision, console: Console, full: bool) -> None:
    if not profile.callers:
        return
    console.print()
    shown = profile.callers if full else profile.callers[:_CALLERS]
    for one in shown:
        front = f"{_cost(one.cost, profile):>{_COST}}{percent(one.share):>{_SHARE}}  "
        marked(console, front, _caller(one))
    _print_more(len(profile.callers) - len(shown), "caller", console)


def _caller(one: ProfileCaller) -> str:
    words = f"{entry_name(one.entry)} in {one.function}{_place(one.file, one.line)}"
    return words + (f", {plural(one.calls, 'call')}" if one.calls else "")


def _print_more(left: int, what: str, console: Console) -> None:
    if left > 0:
        console.print(plain(f"… {plural(left, what)} more: --full", "dim"))
