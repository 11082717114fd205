"""The report as one HTML page: readable sources put together, and the data packed beside them."""

from __future__ import annotations

from .page import render_html

__all__ = ["render_html"]
