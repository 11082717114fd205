"""What we write runs nothing of a name's and loads nothing, in Chromium, with and without its policy."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from keras_profile.analysis.drilldown.assembly import views_of
from keras_profile.analysis.reports import make_report
from keras_profile.features.experiments.releases.figure import render_figure
from keras_profile.output.html import render_html
from keras_profile.output.pyinstrument_page import render_pyinstrument
from keras_profile.output.reports import render_markdown, render_notebook, write_report
from keras_profile.recordings.opened import OpenedProgram
from support import contents, hostile
from support.histories import release, summary

NAMES = list(hostile.MARKUP.values())
#: Addresses that load nothing from elsewhere, and run nothing.
OWN = re.compile(r"(group-\d+/report\.(html|md))?|#.*|data:image/png;base64,.*")
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """The report of a program with all names in all places, as it is written."""
    folder = tmp_path_factory.mktemp("hostile")
    opened = OpenedProgram(hostile.program(folder / "app", NAMES))
    report = make_report(opened)
    (folder / "report").mkdir()
    write_report(report, folder / "report", opened)
    return folder / "report", report, opened


@pytest.fixture
def harmless(chromium, tmp_path):
    """Opens a document: nothing of it may run or be loaded; the text that is seen of it."""

    def open_it(document, name="page.html"):
        path = tmp_path / name
        path.write_text(document, encoding="utf-8", errors="replace")
        chromium.get_log("browser")
        chromium.get(path.as_uri())
        chromium.execute_script(
            "for (const one of document.querySelectorAll('*')) {"
            "  one.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));"
            "  if (one.focus) one.focus();"
            "  if (one.tagName === 'DETAILS') one.open = true;"
            "}"
        )
        assert chromium.execute_script("return window.owned") is None
        assert (
            chromium.execute_script("return performance.getEntriesByType('resource').map(one => one.name)")
            == []
        )
        addresses = chromium.execute_script(
            "return [...document.querySelectorAll('*')].flatMap(one => [...one.attributes])"
            ".filter(one => /^(on|src|href|xlink|action|data$|srcdoc)/.test(one.name)).map(one => one.value)"
        )
        assert [one for one in addresses if not OWN.fullmatch(one)] == []
        assert [one for one in chromium.get_log("browser") if one["level"] == "SEVERE"] == []
        return chromium.execute_script("return document.documentElement.textContent")

    return open_it


@pytest.mark.parametrize("policy", [True, False])
def test_the_page_of_a_program(program, harmless, policy):
    page = (program[0] / "report.html").read_text(encoding="utf-8")
    assert POLICY.search(page)
    text = harmless(page if policy else POLICY.sub("", page))
    for name in ("script", "event", "link", "entities"):
        assert hostile.MARKUP[name] in text


def test_the_page_of_a_group_without_its_policy(program, harmless):
    number = NAMES.index(hostile.MARKUP["end"])
    group = program[1].groups[number]
    opened = program[2].open_member(program[2].folder / group.recording)
    content = make_report(opened)
    usual = contents.report(" ".join(NAMES))
    content = replace(content, findings=usual.findings, comparisons=usual.comparisons, notes=NAMES)
    harmless(POLICY.sub("", render_html(content, views_of(opened, content)).decode()))


def test_fragments_of_notebooks_and_markdown(program, harmless):
    _, report, _ = program
    render = MarkdownIt("commonmark", {"html": True}).enable("table").render
    reports = [report, contents.report(" ".join(NAMES)), *(contents.report(name) for name in NAMES)]
    fragments = [render_notebook(one) for one in reports] + [render(render_markdown(one)) for one in reports]
    text = harmless("<!doctype html><html><body>" + "\n".join(fragments) + "</body></html>")
    assert text.count(hostile.MARKUP["event"]) > 20


@pytest.mark.parametrize("policy", [True, False])
def test_the_page_of_pyinstrument(harmless, policy):
    frames = [f"{name}\0{name}.py\x00{number}" for number, name in enumerate(NAMES) if "\0" not in name]
    session = {
        "frame_records": [[["main\0a.py\x001", frame], 0.01] for frame in frames],
        "duration": 0.2,
        "sample_count": len(frames),
        "target_description": " ".join(NAMES),
        "start_call_stack": ["main\0a.py\x001"],
    }
    page = render_pyinstrument(json.dumps(session).encode()).decode()
    assert POLICY.search(page)
    assert "fonts.googleapis" not in page
    text = harmless(page if policy else POLICY.sub("", page))
    assert hostile.MARKUP["event"] in text


def test_the_figure_of_releases(harmless):
    releases = [
        release(contents.ENVIRONMENT | {"tensorflow": name, "keras": name, "python": name}) for name in NAMES
    ]
    harmless(render_figure(summary(*releases, notes=NAMES)), "figure.svg")
