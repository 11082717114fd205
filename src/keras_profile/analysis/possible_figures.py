"""Impossible figures, such as a share of 2, that result from damaged measurements."""

from __future__ import annotations

import msgspec

from ..model.program_report import ProgramReport
from ..model.recorded import to_json
from ..model.report import ReportContent
from ..recordings.json_text import of_kind


def impossible_figure(report: ReportContent | ProgramReport) -> str:
    """The impossible figure of ``report``, and why; empty if there is none."""
    try:
        of_kind(msgspec.to_builtins(report, enc_hook=to_json), type(report))
    except (msgspec.ValidationError, OverflowError) as error:
        return str(error)
    return ""
