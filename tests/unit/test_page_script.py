"""What of the page's script needs no browser: ``node --test tests/js``, with the data of a real page."""

from __future__ import annotations

import os
import subprocess

from keras_profile.analysis.reports import make_report
from keras_profile.output.html.page import page_script
from keras_profile.output.reports import render_page
from keras_profile.recordings.opened import open_recording
from support import golden, requirements
from support.commands import TESTS


def test_the_script_s_own_tests_pass(tmp_path):
    node = requirements.program("node", "nodejs")
    recording = golden.TRACES / "demo-keras-3.15"
    content = make_report(open_recording(recording))
    page = tmp_path / "report.html"
    page.write_bytes(render_page(content, open_recording(recording)))
    files = sorted(str(path) for path in (TESTS / "js").glob("*.test.mjs"))
    assert len(files) >= 8
    done = subprocess.run(
        [node, "--test", "--test-reporter=tap", *files],
        text=True,
        capture_output=True,
        check=False,
        env={**os.environ, "PAGE": str(page), "TOTAL": str(content.attribution.total_ns)},
    )
    assert done.returncode == 0, (
        done.stderr
        + "\n".join(line for line in done.stdout.splitlines() if not line.lstrip().startswith("ok"))[-6000:]
    )
    assert "# skipped 0" in done.stdout
    assert "# fail 0" in done.stdout


def test_the_script_of_the_page_is_javascript(tmp_path):
    script = tmp_path / "script.js"
    script.write_text(page_script(), encoding="utf-8")
    node = requirements.program("node", "nodejs")
    done = subprocess.run([node, "--check", script], text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
