"""The writers: names come out as text, figures stay visible."""

from __future__ import annotations

import html.parser
import io
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from keras_profile.analysis.attribution.vocabulary import PHASES
from keras_profile.analysis.listing import of_recording
from keras_profile.number_words import milliseconds, percent
from keras_profile.output.listing import print_recordings
from keras_profile.output.markdown import escape
from keras_profile.output.reports import print_report, render_markdown, render_notebook, report_text
from keras_profile.output.words import report_words
from support import contents

FIGURES = ["97.2", "94.8", "99.9", "61.7", "63%", "35.3", "36%", "0.204", "0.2%", "100%"]


@pytest.fixture
def hostile():
    return contents.report(contents.HOSTILE, note=contents.HOSTILE)


@pytest.fixture
def usual():
    return contents.report()


# --- terminal ---


@pytest.mark.parametrize("width", [40, 80, 200])
def test_figures_stay_visible_at_every_width(usual, width):
    text = " ".join(report_text(usual, width, full=True).split())
    assert [figure for figure in FIGURES if figure not in text] == []


@pytest.mark.parametrize("width", [40, 80, 200])
def test_figures_stay_visible_with_long_names(width):
    text = " ".join(report_text(contents.report("very_long_name." * 20), width, full=True).split())
    assert [figure for figure in FIGURES if figure not in text] == []


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_line_is_wider_than_the_terminal(usual, width):
    assert max(len(line) for line in report_text(usual, width, full=True).splitlines()) <= width


def test_without_other_instruments_no_agreement_is_told(usual):
    alone = replace(usual, attribution=replace(usual.attribution, agreement=[]))
    assert "into other phases" not in report_text(alone, 200, full=True)
    assert "Confidence" not in render_markdown(alone)


def test_how_sure_tells_what_the_figures_rest_on_and_why_instruments_differ(usual):
    text = render_markdown(usual)
    assert "The total is the median of 60 bare calls." in text
    assert "come from 60 calls under spans, which took 1.01 times as long as bare ones" in text
    assert "| function\\_tracing | 63% | 61%–66% | 64% | 60%–68% | agree | 70% | differ |" in text
    assert "- usual (function\\_tracing)" in text


def test_every_part_of_the_report_is_there(usual):
    text = report_text(usual, 200, full=True)
    for part in (
        "predict(): 97.2 ms a call",
        "60 warm calls",
        "32 × 4 float32",
        "0.4% of it runs your model",
        "function_tracing",
        "3×",
        "unattributed",
        "usual (usual)",
        "90%",
        "first call 3141 ms",
        "95th percentile 120 ms",
        "2 KiB a call",
        "spans 1.01×",
        "tensorflow failed",
        "other instruments disagree on 0.5% (sampling), 3.5% (cProfile)",
        "Python 3.12.1",
        "2 CPUs",
        "note: a note",
    ):
        assert part in text


def test_markup_in_names_is_text(hostile):
    text = report_text(hostile, 200, full=True)
    assert "a[red]b" in text
    assert "<script>" in text


def test_markup_in_names_gives_no_colour(hostile):
    buffer = io.StringIO()
    print_report(hostile, Console(file=buffer, width=200, color_system="truecolor", force_terminal=True))
    plain = re.sub(r"\x1b\[[0-9;]*m", "", buffer.getvalue())
    assert "a[red]b" in plain


def test_markup_in_a_phases_name_is_text(usual):
    phase = replace(usual.attribution.phases[0], phase="[bold]x[/nonsense]")
    changed = replace(usual, attribution=replace(usual.attribution, phases=[phase]))
    assert "[bold]x[/nonsense]" in report_text(changed, 200, full=True)


def test_control_characters_do_not_reach_the_terminal(hostile):
    assert set(re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", report_text(hostile, 200, full=True))) == set()


def test_parts_that_are_empty_are_left_out(usual):
    bare = replace(
        usual,
        notes=[],
        attribution=replace(usual.attribution, internals=[], layers=[], native=[], agreement=[]),
    )
    text = report_text(bare, full=True)
    assert "internals" not in text
    assert "layers" not in text
    assert "note:" not in text
    assert "97.2" in text


# --- the list of recordings ---

MADE = "2026-01-02T12:00:00+00:00"


def listed(recordings, width=120):
    buffer = io.StringIO()
    console = Console(file=buffer, width=width, color_system=None)
    print_recordings([of_recording(one.name, MADE, one) for one in recordings], console)
    return buffer.getvalue()


def test_recordings_are_listed_with_their_state():
    text = listed(
        [
            contents.recording(calls=[{}, {"wall_ns": 3_000_000}]),
            contents.recording(interrupted=True),
            contents.recording(complete=False),
        ]
    )
    lines = text.splitlines()
    for word, line in zip(("complete", "interrupted", "cut short"), lines[2:5]):
        assert word in line
    assert "2.00" in lines[2]
    assert "made-by-hand" in lines[2]
    assert "2.21.0" in lines[2]


def test_recordings_made_together_stand_below_their_folder():
    buffer = io.StringIO()
    one = contents.recording()
    print_recordings(
        [of_recording(name, MADE, one) for name in ("first", "many/a", "many/b", "more/a", "last")],
        Console(file=buffer),
    )
    names = [line.split("  2026-01-02")[0].rstrip() for line in buffer.getvalue().splitlines()[2:]]
    assert names == ["first", "many/", "  a", "  b", "more/", "  a", "last"]


def test_a_narrow_terminal_cuts_no_name():
    name = "a-long-name-of-a-recording-" * 4
    buffer = io.StringIO()
    print_recordings([of_recording(name, MADE, contents.recording())], Console(file=buffer, width=40))
    assert name in buffer.getvalue()
    assert "complete" in buffer.getvalue()


@pytest.mark.parametrize("key", ["tensorflow", "keras"])
def test_markup_in_a_listed_version_is_text(key):
    recording = contents.on(contents.recording(), **{key: "[red]2[/nonsense]"})
    assert "[red]2[/nonsense]" in listed([recording])


# --- markdown ---


def test_no_raw_html_from_names(hostile):
    text = render_markdown(hostile)
    assert "<" not in text
    assert "&lt;script&gt;" in text


def test_pipes_and_lines_in_names_do_not_break_tables(hostile):
    tables = [part.splitlines() for part in render_markdown(hostile).split("\n\n") if part.startswith("|")]
    assert len(tables) == 9
    for rows in tables:
        assert all(row.endswith("|") for row in rows)
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) == 1


def test_the_markdown_has_every_figure(usual):
    text = render_markdown(usual)
    assert [figure for figure in FIGURES if figure not in text] == []
    for part in ("## Where the time goes", "## Layers", "## Confidence", "## Captures", "- a note"):
        assert part in text


def test_control_characters_do_not_reach_the_markdown(hostile):
    assert re.findall(r"[\x00-\x09\x0b-\x1f\x7f]", render_markdown(hostile)) == []


@given(st.text(max_size=30))
@settings(deadline=None, max_examples=200)
def test_escaped_text_is_one_line_without_markup(text):
    escaped = escape(text)
    assert not set(escaped) & set("<>\n\r")
    assert not re.search(r"(?<!\\)(\\\\)*[|`*_\[\]#~]", escaped)
    assert not re.search(r"&(?!lt;|gt;|amp;)", escaped)


# --- notebook ---


class Tags(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text = [], set(), ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text += data


def test_names_are_no_tags_in_a_notebook(hostile, usual):
    found = Tags(render_notebook(hostile))
    assert found.tags == Tags(render_notebook(usual)).tags
    assert "<script>alert(1)</script>" in found.text
    assert found.attributes == {"style", "title", "aria-hidden"}


def test_a_phases_name_is_no_tag_in_a_notebook(usual):
    phase = replace(usual.attribution.phases[0], phase="<img src=x onerror=y>")
    changed = replace(usual, attribution=replace(usual.attribution, phases=[phase]))
    assert "img" not in Tags(render_notebook(changed)).tags


def test_the_notebook_has_the_figures(usual):
    text = Tags(render_notebook(usual)).text
    assert [figure for figure in FIGURES if figure not in text] == []


def test_a_notebook_links_the_page_where_there_is_one(usual, tmp_path):
    assert "href" not in render_notebook(usual)
    page = tmp_path / "<b>&" / "report.html"
    found = render_notebook(usual, page)
    assert page.as_uri() in found
    assert "<b>&" not in found


# --- words ---


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (0, "0"),
        (1, "0.00000100"),
        (999, "0.000999"),
        (1_000_000, "1.00"),
        (12_340_000, "12.3"),
        (123_400_000, "123"),
        (1_234_000_000, "1234"),
        (94_900_000, "94.9"),
    ],
)
def test_milliseconds_have_three_digits(ns, text):
    assert milliseconds(ns) == text


@pytest.mark.parametrize(("ns", "text"), [(9_999_000, "10.0"), (99_960_000, "100"), (999_900, "1.00")])
def test_milliseconds_have_three_digits_also_where_rounding_makes_one_more(ns, text):
    assert milliseconds(ns) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0.0%"),
        (0.0001, "<0.1%"),
        (0.0005, "0.1%"),
        (0.0994, "9.9%"),
        (0.0996, "10%"),
        (0.5, "50%"),
        (0.996, "100%"),
        (1, "100%"),
    ],
)
def test_percents(share, text):
    assert percent(share) == text


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("predict", "predict():"),
        ("predict_on_batch", "predict_on_batch():"),
        ("call", "model(x):"),
        ("call_inference", "model(x, training=False):"),
        ("function", "tf.function(model)(x):"),
        ("signature", "signature(x):"),
    ],
)
def test_the_headline_names_what_is_called(usual, entry, text):
    assert report_words.headline(
        replace(usual, workload=contents.changed(usual.workload, entry_point=entry))
    ).startswith(text)


def test_inputs_of_every_kind_are_told(usual):
    inputs = [
        {"shape": [None, 4], "dtype": "float32", "kind": "tensor"},
        {"shape": [], "dtype": "int64", "kind": "array"},
        {"shape": None, "dtype": None, "kind": "dataset"},
    ]
    assert report_words.inputs_text(
        replace(usual, workload=contents.changed(usual.workload, inputs=inputs))
    ) == ("? × 4 float32 tensor, scalar int64, dataset")


@pytest.mark.parametrize("phase", PHASES)
def test_phases_fit_their_column(phase):
    assert len(phase) <= 21
