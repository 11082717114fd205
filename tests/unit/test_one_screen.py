"""The answer that is printed fits a screen, and has what a reader asks first."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from keras_profile.analysis.program_gains import with_all_ns
from keras_profile.analysis.program_reasons import shared_reasons
from keras_profile.analysis.reports import make_report
from keras_profile.model.program_report import ProgramCause, ProgramGain, ThreadCalls
from keras_profile.model.report import Comparison, Outputs
from keras_profile.number_words import duration
from keras_profile.output.program.to_page import render
from keras_profile.output.reports import print_report, report_text
from keras_profile.output.terminal import console
from keras_profile.recordings.opened import OpenedProgram, open_recording
from support import streams
from support.golden import ROOT

#: Lines of a screen, of which a shell's prompt and the two last lines of a command have some.
SCREEN = 37
DEMOS = sorted(path.name for path in (ROOT / "traces").glob("demo-*"))


@pytest.fixture(scope="module")
def demos():
    return {name: make_report(open_recording(ROOT / "traces" / name)) for name in DEMOS}


def report_of_lines(folder, lines, calls):
    """The report of a program of so many lines, each of which calls predict so often."""
    process = streams.Process(streams.program(folder))
    for number in range(lines):
        process.site(number=number, line=41 + number)
        process.group(number=number, site=number)
        process.calls(calls, group=number)
    process.end()
    return make_report(OpenedProgram(folder))


@pytest.mark.parametrize("name", DEMOS)
def test_the_answer_of_a_model_fits_a_screen(demos, name):
    lines = report_text(demos[name], 100).splitlines()
    assert len(lines) <= SCREEN
    assert max(map(len, report_text(demos[name], 80).splitlines())) <= 80
    assert "ms a call (95% CI" in lines[0]
    assert "runs your model" in lines[1]
    assert len(report_text(demos[name], 100, full=True).splitlines()) > len(lines)


@pytest.mark.parametrize(
    ("calls", "told"),
    [
        (1, "10.0 ms a call (1 warm call, "),
        (5, "10.0 ms a call (9.00–11.0, 5 warm calls, "),
        (6, "10.0 ms a call (95% CI 9.00–11.0, 6 warm calls, "),
    ],
)
def test_few_calls_have_their_range_and_no_level(demos, calls, told):
    usual = demos["demo-keras-3.15"]
    warm = replace(
        usual.calls.warm, count=calls, median_ns=10_000_000, median_ci95_ns=(9_000_000, 11_000_000)
    )
    report = replace(usual, calls=replace(usual.calls, warm=warm))
    assert told in report_text(report, 200).splitlines()[0]


def test_at_80_columns_lines_of_everything_break_between_words(tmp_path):
    report = report_of_lines(tmp_path / "app", 1, 30)
    lines = report_text(report, 80, full=True).splitlines()
    assert max(map(len, lines)) <= 80
    assert "   31 calls, " in "\n".join(lines)
    words = {word for line in report_text(report, 200, full=True).splitlines() for word in line.split()}
    assert [
        word for line in lines for word in line.split() if word not in words and not word.endswith(("─", "…"))
    ] == []


def test_the_causes_are_named_without_their_ids(demos):
    text = report_text(demos["demo-keras-3.15"], 100)
    assert "1. The input pipeline is rebuilt on every call" in text
    assert "pipeline_rebuilt" not in text
    assert "not found" not in text


def test_most_of_the_call_has_a_row_and_the_rest_is_summed_up(demos):
    lines = report_text(demos["demo-keras-3.15"], 120).splitlines()
    begin = lines.index("where the time of a call goes")
    rows = lines[begin + 1 : begin + 7]
    assert rows[0].split()[:2] == ["iterator_creation", "19.1"]
    assert all("ms" in row and "%" in row for row in rows[:5])
    assert any("smaller phases" in row for row in rows)


def test_a_bar_is_drawn_on_a_terminal_alone(demos):
    def printed(**settings):
        buffer = io.StringIO()
        print_report(demos["demo-keras-3.15"], console(buffer, width=100, **settings))
        return buffer.getvalue()

    assert "█" not in printed(force_terminal=False)
    assert "█" in printed(force_terminal=True, color_system=None)


def test_the_answer_of_a_program_fits_a_screen(tmp_path):
    report = make_report(OpenedProgram(streams.usual(tmp_path / "app", 100)))
    for width in (80, 100):
        lines = report_text(report, width).splitlines()
        assert len(lines) <= SCREEN
        assert max(map(len, lines)) <= width
    assert "in Keras inference" in lines[0]
    block = lines.index(next(line for line in lines if line.startswith("predict at app.py:41")))
    assert [line.split()[0] for line in lines[block + 2 : block + 3]] == ["why"]
    assert any(line.strip().startswith("time ") for line in lines[block:])


def test_a_program_of_many_lines_has_blocks_for_those_that_matter(tmp_path):
    report = report_of_lines(tmp_path / "app", 12, 30)
    lines = report_text(report, 100).splitlines()
    assert len(report.groups) == 12
    assert len(lines) <= SCREEN
    assert sum(line.strip().startswith("why") for line in lines) == 3
    assert "6 more groups of calls" in "\n".join(lines)


def test_a_cause_that_many_lines_share_is_said_once(tmp_path):
    report = report_of_lines(tmp_path / "app", 24, 12)
    assert all(one.share < 0.05 for one in report.reasons)
    shared = [line for line in report_text(report, 100).splitlines() if line.startswith("The same at")]
    assert len(shared) == 1
    assert shared[0].startswith("The same at 24 lines, ")
    two = replace(report, shared_reasons=shared_reasons(report.reasons[:2], report.whole.wall_ns))
    assert "The same at" not in report_text(two, 100)


def test_a_line_that_is_too_long_keeps_its_figures(tmp_path):
    made = streams.program(tmp_path / "app")
    process = streams.Process(made)
    process.site(function="a_function_with_a_name_that_takes_much_of_a_line", line=1234)
    process.group()
    process.calls(30)
    process.end()
    report = make_report(OpenedProgram(made))
    for width in (80, 100):
        lines = report_text(report, width).splitlines()
        (heading,) = [line for line in lines if line.startswith("predict at app.py:1234")]
        assert "…" not in heading
        assert "% of the program" in heading
        assert not [line for line in lines if line != line.rstrip()]


def test_only_the_labels_of_a_block_are_dim(tmp_path):
    report = make_report(OpenedProgram(streams.usual(tmp_path / "app", 100)))
    buffer = io.StringIO()
    print_report(report, console(buffer, width=100, force_terminal=True, color_system="standard"))
    (why,) = [line for line in buffer.getvalue().splitlines() if "why" in line]
    label, _, said = why.partition("\x1b[0m")
    assert label.startswith("\x1b[2m")
    assert "why" in label
    assert "\x1b[2m" not in said
    assert "The input pipeline is rebuilt" in said


def test_a_program_with_a_change_says_what_to_write_and_what_the_program_gains(tmp_path):
    report = make_report(OpenedProgram(streams.usual(tmp_path / "app", 100)))
    comparison = Comparison(
        recipe="predict_on_batch",
        title="model.predict_on_batch(x)",
        code="y = model.predict_on_batch(x)",
        verdict="faster",
        before_ns=10_000_000,
        after_ns=500_000,
        speedup=20.0,
        speedup_ci99=(18.0, 22.0),
        outputs=Outputs(True, 0.0, 1e-4, ["the measured input"], 1),
        reason="",
    )
    gain = ProgramGain(0, "predict_on_batch", comparison.title, 100, 9_500_000, 0, 950_000_000, 450_000_000)
    changed = replace(
        report, groups=[replace(report.groups[0], comparisons=[comparison])], gains=[gain], notes=[]
    )
    lines = report_text(changed, 100).splitlines()
    assert lines[0].endswith("; could take 450 ms")
    (written,) = [line for line in lines if line.strip().startswith("change to")]
    assert written.endswith("y = model.predict_on_batch(x)")
    text = " ".join(" ".join(lines).split())
    program = duration(report.whole.wall_ns)
    gained = f"20.0× as fast (99% CI 18.0–22.0); outputs equal; the program {program} → 450 ms"
    assert gained in text
    page = render(changed, ["group-1/report.html"]).decode()
    assert "could take 450 ms</h1>" in page
    assert "Change it to" in page
    assert gained in page


def test_the_headline_has_the_changes_of_all_lines(tmp_path):
    report = report_of_lines(tmp_path / "app", 2, 40)
    wall_ns = report.whole.wall_ns
    gains = [
        ProgramGain(place, "predict_on_batch", "x", 40, 1, 0, wall_ns // 4, wall_ns - wall_ns // 4)
        for place in (0, 1)
    ]
    assert with_all_ns(gains, report.groups, wall_ns) == wall_ns - 2 * (wall_ns // 4)
    assert with_all_ns(gains[:1], report.groups, wall_ns) == wall_ns - wall_ns // 4
    assert with_all_ns([], report.groups, wall_ns) is None
    # Calls of several threads may have the same time.
    others = [replace(group, threads=[ThreadCalls(name, 1, 1)]) for name, group in zip("ab", report.groups)]
    assert with_all_ns(gains, others, wall_ns) == wall_ns - wall_ns // 4
    changed = replace(report, gains=gains, could_take_ns=with_all_ns(gains, report.groups, wall_ns))
    half = duration(changed.could_take_ns)
    assert report_text(changed, 100).splitlines()[0].endswith(f"; could take {half}")


def test_the_layers_are_named_where_the_model_has_most_of_the_call(demos):
    report = demos["demo-keras-3.15"]
    assert "kernels" not in report_text(report, 100)
    heavy = replace(report, attribution=replace(report.attribution, model_share=0.8))
    assert "the model's kernels: dense (Dense) 79%, dense_1 (Dense) 21%" in report_text(heavy, 100)
    none = replace(heavy, attribution=replace(heavy.attribution, layers=[]))
    assert "kernels" not in report_text(none, 100)


@pytest.mark.parametrize(("cause_ns", "first"), [(9_000_000, "calls"), (900_000_000, "cause"), (0, "cause")])
def test_what_takes_most_of_the_program_stands_first(tmp_path, cause_ns, first):
    report = make_report(OpenedProgram(streams.usual(tmp_path / "app", 100)))
    (reason,) = [one for one in report.reasons if one.group is not None]
    assert 9_000_000 < reason.total_ns < 2_000_000_000
    cause = ProgramCause(
        "models_made", "A model is made in a loop", "app.py", 3, cause_ns, 0.1, [], "make it once"
    )
    reason = replace(reason, total_ns=500_000_000)
    lines = report_text(replace(report, causes=[cause], reasons=[reason]), 100).splitlines()
    told = next(number for number, line in enumerate(lines) if line.startswith("A model is made"))
    called = next(number for number, line in enumerate(lines) if line.startswith("predict at"))
    assert (told < called) == (first == "cause")
    assert lines[told + 1].strip() == "what helps: make it once"
