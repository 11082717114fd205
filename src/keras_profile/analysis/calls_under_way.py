"""Calls that did not return, in a sentence each."""

from __future__ import annotations

from ..model.file_names import file_name
from ..model.program import UnfinishedCall
from ..number_words import number, plural
from ..recorder.protocol import ENTRY_POINT_OF, events

_ENDLESS = {
    "generator": "its input is a generator and no `steps` is given: predict reads batches until the "
    "generator ends, and an endless one never does; pass steps=",
    "repeat": "its dataset has `repeat` and no `steps` is given: without a count it never ends; pass steps=, "
    "or drop repeat",
}
#: Growth beyond this many bytes is reported.
_GROWN = 20_000_000


def sentence(call: UnfinishedCall | events.Unfinished) -> str:
    """Where the call is, for how long, how far it has come, and the possible reason."""
    entry = ENTRY_POINT_OF[call.entry].short if call.entry in ENTRY_POINT_OF else call.entry
    seconds = f"{call.wall_ns / 1e9:,.0f} s"
    place = file_name(call.where)
    if call.ended:
        what = f"{entry} at {place} had not returned after {seconds} ({call.ended})"
    else:
        what = f"{entry} at {place} has been running for {seconds}"
    parts = []
    if call.batches is not None:
        parts.append(f"{plural(call.batches, 'batch', 'batches')} so far")
    elif call.entry == "predict":
        parts.append("no batch has finished yet")
    if call.inside:
        parts.append(f"it is at {file_name(call.inside)}")
    if call.grown_bytes is not None and call.grown_bytes > _GROWN:
        parts.append(
            f"memory grew by {number(round(call.grown_bytes / 1e6))} MB meanwhile"
            + (": the outputs of all batches are kept until the end" if call.batches else "")
        )
    if call.endless:
        parts.append(_ENDLESS[call.endless])
    return "; ".join([what, *parts])
