"""The page as a file: what is in it is data, its policy fits its script, its colours can be read."""

from __future__ import annotations

import base64
import hashlib
import html.parser
import json
import re
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_profile.analysis.attribution.vocabulary import PHASES
from keras_profile.analysis.drilldown.lanes import own_stretches
from keras_profile.analysis.reports import make_report
from keras_profile.api.saving import save_report
from keras_profile.model import report
from keras_profile.model.drilldown import (
    FUNCTION,
    CallInTime,
    CallTree,
    Frame,
    Functions,
    Lane,
    MeasuredCalls,
    Views,
)
from keras_profile.output.html import render_html
from keras_profile.output.html.packing import Columns, pack
from keras_profile.output.html.page import page_script
from keras_profile.output.pyinstrument_page import render_pyinstrument
from keras_profile.recorder.protocol import CAPTURES
from keras_profile.recordings.opened import OpenedProgram, open_recording
from support import contents, streams
from support.pages import unpacked

SOURCES = Path(__file__).parents[2] / "src" / "keras_profile" / "output" / "html"
SCRIPTS = SOURCES / "script"
SCRIPT_FILES = sorted(SCRIPTS.rglob("*.js"))
CSS = (SOURCES / "page.css").read_text(encoding="utf-8")


def column(*values):
    return np.array(values, dtype=np.int64)


def views(name="f"):
    """Views in which every name is ``name``."""
    lane = Lane(name, column(0, 1), column(0, 5), column(10, 3), column(0, 1), column(21, 11))
    return Views(
        phases=dict(PHASES),
        frames=[Frame("the call", "", "", 0, 5), Frame(name, name, name, 7, FUNCTION)],
        trees=[
            CallTree(
                "samples", name, True, column(0, 1), column(-1, 0), column(21, 11), column(1, 9), column(1, 9)
            )
        ],
        calls_in_time=[CallInTime("spans", 0, False, 10, [lane], own_stretches(lane))],
        measured=MeasuredCalls(["bare", "spans"], [False, True], [10, 20], [-1, 3]),
        functions=None,
        notes=[name],
    )


@pytest.fixture
def page():
    return render_html(contents.report(), views()).decode()


@pytest.fixture
def hostile():
    return render_html(
        contents.report(contents.HOSTILE, note=contents.HOSTILE), views(contents.HOSTILE)
    ).decode()


class Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.attributes = [], []

    def handle_starttag(self, tag, attrs):
        self.found.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]


def tags(page):
    parser = Tags()
    parser.feed(page)
    return parser


# --- safe ---


@pytest.mark.parametrize(("element", "policy"), [("style", "style-src"), ("script", "script-src")])
def test_the_policy_allows_the_files_own_source_and_nothing_else(page, element, policy):
    source = re.search(rf"<{element}>(.*?)</{element}>", page, re.DOTALL)[1]
    allowed = re.search(rf"{policy} ([^;\"]*)", page)[1]
    assert allowed == f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"
    assert "default-src 'none'" in page


def test_the_policy_comes_before_all_that_it_is_for(page):
    assert page.index("Content-Security-Policy") < page.index("<title>") < page.index("<style>")


def test_nothing_is_loaded_from_anywhere(page):
    assert [one for one in tags(page).attributes if one[1] in ("src", "srcset", "action", "data")] == []
    assert [value for _, name, value in tags(page).attributes if name == "href"] == ["#explore"]
    assert "@import" not in CSS
    assert "url(" not in CSS


def test_names_make_no_elements_and_end_none(page, hostile):
    assert tags(hostile).found == tags(page).found
    assert "<script>alert(1)" not in hostile
    assert {name for _, name, _ in tags(hostile).attributes} == {name for _, name, _ in tags(page).attributes}


def test_names_are_there_as_they_are(hostile):
    content, _ = unpacked(hostile)
    assert content["report"]["recording"] == contents.HOSTILE
    assert contents.HOSTILE in content["frames"]["strings"]


def test_the_marks_of_the_page_are_no_marks_in_names():
    made = render_html(contents.report("{{data}}{{summary}}{{script}}"), views("{{style}}")).decode()
    assert made.count("<script>") == 1
    assert unpacked(made)[0]["report"]["recording"] == "{{data}}{{summary}}{{script}}"


@given(st.text(st.characters(codec=None, categories=None), max_size=60))
def test_any_name_comes_through(name):
    content, _ = unpacked(f'<script type="text/plain" id="data">{pack({"name": name}, Columns())}</script>')
    assert content["name"] == name


def test_lone_surrogates_do_no_harm():
    made = render_html(contents.report("a\ud800b"), views("\udfff"))
    content, _ = unpacked(made.decode())
    assert content["report"]["recording"] == "a\ud800b"
    assert "\udfff" in content["frames"]["strings"]


#: Ways from text to markup or to code, which no script of the page may take.
DANGERS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|createContextualFragment|DOMParser|"
    r"setHTMLUnsafe|\beval\b|new Function\(|\bfetch\(|XMLHttpRequest|WebSocket|importScripts|\bimport\(|"
    r"setTimeout\(\s*[\"'`]|javascript:|https?://"
)


@pytest.mark.parametrize("file", SCRIPT_FILES, ids=lambda file: file.relative_to(SCRIPTS).as_posix())
def test_no_script_makes_markup_or_code_of_text(file):
    assert DANGERS.findall(file.read_text(encoding="utf-8")) == []


def test_no_script_can_end_its_element():
    for file in SCRIPT_FILES:
        assert "</script" not in file.read_text(encoding="utf-8").lower()
        assert "<!--" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", SCRIPT_FILES, ids=lambda file: file.relative_to(SCRIPTS).as_posix())
def test_every_script_is_part_of_the_page_is_checked_and_says_its_job(file):
    assert f'modules["{file.relative_to(SCRIPTS).as_posix()}"] = ' in page_script()
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "// @ts-check"
    assert lines[1].startswith("// ")
    assert max(len(line) for line in lines) <= 110


def interfaces(part):
    """The page's types of ``report`` or of what the ``views`` are of: the fields of each."""
    text = (SCRIPTS / "content.d.ts").read_text(encoding="utf-8")
    of_report, of_views = re.split("// --- .* ---", text)[1:]
    text = of_report if part == "report" else of_views
    found = re.findall(r"export interface (\w+) \{\n(.*?)\n\}", text, re.DOTALL)
    return {name: re.findall(r"^  (\w+): ", body, re.MULTILINE) for name, body in found}


@pytest.mark.parametrize("name", interfaces("report"))
def test_the_page_s_types_name_what_the_report_has(name):
    has = {field.encode_name for field in msgspec.inspect.type_info(getattr(report, name)).fields}
    assert set(interfaces("report")[name]) <= has
    assert interfaces("report")[name]


def test_the_page_s_types_name_all_that_is_laid_out():
    functions = Functions(2, 9, *[column(1)] * 9)
    content, _ = unpacked(render_html(contents.report(), replace(views(), functions=functions)).decode())
    [call] = content["calls"]
    laid_out = {
        "Content": content,
        "Texts": content["texts"],
        "Phase": content["phases"][0],
        "FrameColumns": content["frames"],
        "RawTree": content["trees"][0],
        "CallInTime": call,
        "CaptureInTime": content["capturesInTime"][0],
        "Lane": call["lanes"][0],
        "Stretches": call["own"],
        "MeasuredCalls": content["measured"],
        "CountedColumns": {
            name: content["functions"][name] for name in content["functions"].keys() - {"calls", "wall"}
        },
        "StoredColumn": content["columns"][0],
    }
    assert {name: set(fields) for name, fields in interfaces("views").items()} == {
        name: set(fields) for name, fields in laid_out.items()
    }


def test_pyinstruments_page_takes_names_for_text():
    name = f"</script>{contents.HOSTILE}<!--<script>"
    session = {
        "frame_records": [[[f"main\0{name}\x001", f"{name}\0a.py\x005"], 0.01]],
        "duration": 0.01,
        "sample_count": 1,
        "target_description": name,
        "start_call_stack": [f"main\0{name}\x001"],
    }
    made = render_pyinstrument(json.dumps(session).encode()).decode()
    usual = render_pyinstrument(json.dumps(session).replace("<", "(").encode()).decode()
    assert tags(made).found == tags(usual).found
    assert "<script>alert(1)" not in made


# --- true ---


def test_columns_come_through(page):
    content, read = unpacked(page)
    [tree] = content["trees"]
    assert read(tree["self"]) == [1, 9]
    assert read(tree["above"]) == [1, 1]
    assert read(content["measured"]["gc"]) == [-1, 3]
    assert [content["frames"]["strings"][at] for at in read(content["frames"]["name"])] == ["the call", "f"]


@given(st.lists(st.integers(-1, 2**53 - 2)), st.booleans())
def test_any_column_comes_through(values, rising):
    values = sorted(values) if rising else values
    columns = Columns()
    number = columns.add(values, rising=rising)
    _, read = unpacked(f'<script type="text/plain" id="data">{pack({}, columns)}</script>')
    assert read(number) == values


def test_a_calls_own_time_comes_with_its_phases(page):
    content, read = unpacked(page)
    own = content["calls"][0]["own"]
    names = [content["phases"][int(phase)]["name"] for phase in read(own["phase"])]
    assert list(zip(read(own["begin"]), read(own["end"]), names)) == [
        (0, 5, "execution"),
        (8, 10, "teardown"),
    ]


def test_the_page_has_the_whole_report(page):
    content, _ = unpacked(page)
    assert content["report"]["attribution"]["total_ns"] == contents.report().attribution.total_ns
    assert content["texts"]["headline"].startswith("predict(): 97.2 ms a call")


def test_without_script_the_answer_is_still_there(page):
    text = re.search(r"<noscript>(.*?)</noscript>", page, re.DOTALL)[1]
    for part in ("predict(): 97.2 ms a call", "function_tracing", "61.7 ms", "63%"):
        assert part in text


# --- seen ---


def colours(block):
    return dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6})", block))


LIGHT = colours(re.search(r":root \{(.*?)\n\}", CSS, re.DOTALL)[1])
DARK = LIGHT | colours(re.search(r':root\[data-theme="dark"\] \{(.*?)\n\}', CSS, re.DOTALL)[1])
DARK_BY_SYSTEM = LIGHT | colours(
    re.search(r':root:not\(\[data-theme="light"\]\) \{(.*?)\n  \}', CSS, re.DOTALL)[1]
)


def contrast(one, other):
    """https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio"""

    def luminance(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_system_and_the_switch_give_the_same_dark():
    assert DARK == DARK_BY_SYSTEM
    assert DARK != LIGHT


def mixed(colour, other, part):
    """``colour`` with a part of another in it."""
    parts = [[int(one[at : at + 2], 16) for at in (1, 3, 5)] for one in (colour, other)]
    return "#" + "".join(f"{round(a * (1 - part) + b * part):02x}" for a, b in zip(*parts))


COLOURS_SCRIPT = (SCRIPTS / "colours.js").read_text(encoding="utf-8")


PATTERNS = dict(
    re.findall(r'(\w+): "(\w+)"', re.search(r"const PATTERNS = \{(.*?)\};", COLOURS_SCRIPT, re.DOTALL)[1])
)


def script_number(name):
    return float(re.search(rf"{name} = ([\d.]+)", COLOURS_SCRIPT)[1])


def darkest(pattern):
    """How much black the lines and dots of a pattern are, in the figures or beside words."""
    found = re.findall(r"rgb\(0 0 0 / ([\d.]+)\)", COLOURS_SCRIPT)
    found += re.findall(rf"\.pattern-{pattern} .*?rgb\(0 0 0 / ([\d.]+)\)", CSS)
    assert len(found) == 2
    return max(float(one) for one in found)


@pytest.mark.parametrize("phase", list(PHASES))
def test_every_phase_has_a_colour_on_which_words_can_be_read(phase):
    colour, ink = LIGHT[f"--phase-{phase}"], LIGHT["--phase-ink"]
    for fill in (colour, mixed(colour, "#ffffff", script_number("PALER"))):
        assert contrast(fill, ink) >= 4.5
        if PATTERNS[phase] != "plain":
            assert contrast(mixed(fill, "#000000", darkest(PATTERNS[phase])), ink) >= 4.5


@pytest.mark.parametrize("phase", list(PHASES))
def test_words_on_boxes_that_are_not_looked_for_can_be_read(phase):
    for theme in (LIGHT, DARK):
        faded = mixed(theme["--surface"], theme[f"--phase-{phase}"], script_number("FADED"))
        assert contrast(faded, theme["--faint"]) >= 4.5
        assert contrast(mixed(theme["--surface"], theme["--neutral"], 0.5), theme["--faint"]) >= 4.5


def test_every_phase_has_a_colour_and_a_pattern_of_its_own():
    assert set(PATTERNS) == set(PHASES)
    looks = [(LIGHT[f"--phase-{phase}"], PATTERNS[phase]) for phase in PHASES]
    assert len(set(looks)) == len(PHASES)
    for pattern in set(PATTERNS.values()) - {"plain"}:
        assert f".pattern-{pattern} " in CSS


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        ("--text", "--page", 7),
        ("--text", "--surface", 7),
        ("--text", "--neutral", 7),
        ("--text", "--accent-soft", 4.5),
        ("--faint", "--page", 4.5),
        ("--faint", "--surface", 4.5),
        ("--faint", "--raised", 4.5),
        ("--accent", "--surface", 4.5),
        ("--good", "--surface", 4.5),
        ("--bad", "--surface", 4.5),
        ("--strong-rule", "--surface", 3),
        ("--mark", "--surface", 3),
        ("--surface", "--accent", 4.5),
        *((f"--capture-{number}", "--surface", 3) for number in range(7)),
    ],
)
def test_words_and_marks_can_be_read(theme, ink, ground, least):
    assert contrast(theme[ink], theme[ground]) >= least


def test_each_capture_has_a_mark_and_a_colour_of_its_own():
    """A capture that is added may need one more of both: ``script/captures.js`` and ``page.css``."""
    marks = re.search(r"CAPTURE_MARKS = \[(.*?)\]", (SCRIPTS / "captures.js").read_text(encoding="utf-8"))
    assert marks is not None
    shapes = json.loads(f"[{marks[1]}]")
    assert len(set(shapes)) == len(shapes) >= len(CAPTURES)
    style = (SOURCES / "page.css").read_text(encoding="utf-8")
    for number in range(len(shapes)):
        assert style.count(f"--capture-{number}: #") == 3, "light, dark, and dark by the system"


# --- from here alone ---

#: What names a kind of element, and is never asked for.
NAMESPACE = re.compile("http://www\\.w3\\.org/[A-Za-z0-9/]+")


class Loading(html.parser.HTMLParser):
    """What a page would load, and the policy that it has."""

    def __init__(self, page):
        super().__init__()
        self.addresses, self.policies = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policies.append(given["content"])
        names = ("src", "href", "srcset", "data", "action", "poster", "xlink:href")
        self.addresses += [given[name] for name in names if name in given]


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    """The files of a report of each kind."""
    folder = tmp_path_factory.mktemp("reported")
    program = OpenedProgram(streams.usual(folder / "traces" / "app"))
    workload = open_recording(Path(__file__).parents[2] / "traces" / "demo-keras-3.15")
    for name, opened in (("program", program), ("workload", workload)):
        (folder / name).mkdir()
        save_report(make_report(opened), folder / name, opened, tell=pytest.fail)
    return [path for name in ("program", "workload") for path in (folder / name).rglob("*") if path.is_file()]


def test_no_file_of_a_report_loads_from_another_host(reported):
    assert {".html", ".md", ".json"} <= {path.suffix for path in reported}
    assert len([path for path in reported if path.suffix == ".html"]) == 4
    for path in reported:
        if path.suffix == ".html":
            text = NAMESPACE.sub("", path.read_text(encoding="utf-8"))
            assert not re.search(r"https?:|(?:src|href)=.//|@import|url\(\s*.?//", text), path
        elif path.suffix == ".md":
            assert not re.search(r"!\[|\]\(\w+:", path.read_text(encoding="utf-8")), path


def test_every_page_of_a_report_allows_nothing_from_elsewhere(reported):
    for path in reported:
        if path.suffix == ".html":
            page = Loading(path.read_text(encoding="utf-8"))
            (policy,) = page.policies
            rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
            assert rules["default-src"] == "'none'"
            assert "unsafe" not in rules.get("script-src", "")
            allowed = {word for rule in rules.values() for word in rule.split() if not word.startswith("'")}
            assert allowed <= {"data:"}, path
            assert all(one.startswith(("#", "group-")) for one in page.addresses), page.addresses
