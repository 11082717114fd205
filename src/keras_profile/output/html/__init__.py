"""The report as one HTML page: readable sources put together, and the data packed beside them.

``layout`` lays out the content, ``packing`` packs it, ``modules`` joins the scripts by their
imports, ``page`` puts all into one file and writes the hashes into the content security policy.
Nothing is built: what is in the package is what is in the page. Only ``script/dom.js`` makes
elements, and it sets text as text.
"""

from __future__ import annotations

from .page import render_html

__all__ = ["render_html"]
