"""Figures that a format does not allow, such as a share of 2: what damaged measurements come to."""

from __future__ import annotations

import msgspec

from ..model.program_report import ProgramReport
from ..model.recorded import to_json
from ..model.report import ReportContent
from ..recordings.json_text import of_kind


def impossible_figure(report: ReportContent | ProgramReport) -> str:
    """Which figure of ``report`` cannot be, and why; empty where all can."""
    try:
        of_kind(msgspec.to_builtins(report, enc_hook=to_json), type(report))
    except (msgspec.ValidationError, OverflowError) as error:
        return str(error)
    return ""
