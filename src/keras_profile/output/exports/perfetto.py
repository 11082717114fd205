"""Perfetto opens the same file as Chrome: its trace events."""

from __future__ import annotations

from ..exporting import IN_TIME, ExportFormat, of_views
from .chrome import encode_chrome

EXPORT = ExportFormat(
    suffix=".trace.json",
    captures=IN_TIME,
    encode=of_views(encode_chrome),
    loading="open it on https://ui.perfetto.dev: Open trace file",
)
