"""What mkdocs does beside its own: links that leave the documents lead to the repository, and the script
that makes search work without a server is the site's own, from ``npm --prefix tests/js ci``.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs.exceptions import Abort
from mkdocs.structure.files import File, Files

#: Workers within pages that were opened as files; mkdocs' theme would load it from elsewhere.
SHIM = Path(__file__).parents[1] / "tests" / "js" / "node_modules" / "iframe-worker" / "shim" / "index.js"
SHIM_IN_SITE = "assets/javascripts/iframe-worker.js"


def on_files(files: Files, config: Any) -> Files:
    """``files`` with the script that search needs where there is no server."""
    if not SHIM.exists():
        raise Abort(f"{SHIM}: expected a script, found none; run: npm --prefix tests/js ci")
    files.append(File.generated(config, SHIM_IN_SITE, abs_src_path=str(SHIM)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, **others: Any) -> str:
    """``markdown`` with links to files outside of ``docs`` as addresses in the repository."""
    folder = PurePosixPath("docs", page.file.src_uri).parent
    repository = config["extra"]["repository"] + "/blob/main/"

    def outside(found: re.Match[str]) -> str:
        target, _, anchor = found[1].partition("#")
        parts: list[str] = []
        for part in (folder / target).parts:
            if part == ".." and parts:
                parts.pop()
            else:
                parts.append(part)
        if parts[:1] == ["docs"] and not target.endswith("/") and "examples" not in parts:
            return found[0]
        return f"]({repository}{'/'.join(parts)}{'#' + anchor if anchor else ''})"

    return re.sub(r"\]\((?![a-z]+:)([^)#\s][^)\s]*)\)", outside, markdown)
