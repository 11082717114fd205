"""Makes ``demo-report.png`` from a report, with Chromium: ``python render.py REPORT.json``."""
from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI

from keras_profile import store
from keras_profile.writers.terminal import print_report

PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 18px 24px; background: {background}; color: {foreground}; }}
pre {{ margin: 0; font: 14px/1.35 "DejaVu Sans Mono", monospace; }}
{stylesheet}
</style><pre>{code}</pre>"""


def main() -> None:
    content = store.read_report(Path(sys.argv[1]))
    console = Console(file=io.StringIO(), record=True, width=104, force_terminal=True)
    print_report(content, console)
    with tempfile.TemporaryDirectory() as scratch:
        page = Path(scratch) / "report.html"
        page.write_text(console.export_html(theme=MONOKAI, code_format=PAGE), encoding="utf-8")
        lines = page.read_text().count("\n")
        subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--no-first-run", "--disable-background-networking", "--disable-component-update",
             f"--user-data-dir={scratch}/profile", f"--window-size=960,{lines * 19 + 40}",
             f"--screenshot={Path(__file__).parent / 'demo-report.png'}", page.as_uri()],
            check=True)


if __name__ == "__main__":
    main()
