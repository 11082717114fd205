"""The report as one HTML page: readable sources combined, with the packed data beside them.

``layout`` lays out the content, ``packing`` packs it, ``modules`` joins the scripts by their
imports, ``page`` puts all into one file and writes the hashes into the content security policy.
There is no build step: the page has the sources of the package. Only ``script/dom.js`` makes elements, and
it sets text as text.
"""

from __future__ import annotations

from .page import render_html

__all__ = ["render_html"]
