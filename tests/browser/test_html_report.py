"""The page in a real browser: what it shows, how it is used, that no name in it can run."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from keras_profile.analysis.attribution.attribute import row_phases
from keras_profile.analysis.attribution.partition import partition
from keras_profile.analysis.attribution.vocabulary import PHASES
from keras_profile.analysis.drilldown.assembly import views_of
from keras_profile.analysis.drilldown.lanes import own_stretches
from keras_profile.analysis.reports import make_report
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
from keras_profile.model.report import Comparison, Finding, LayerShare, Outputs
from keras_profile.output.html import render_html
from keras_profile.output.reports import render_page
from keras_profile.recordings.json_files import read_recording
from keras_profile.recordings.opened import OpenedRecording, open_recording
from support import contents

ROOT = Path(__file__).parents[2]
PATIENCE = 20
#: The height of a row and of the axis of time.
ROW, AXIS = 21, 22
RECORDINGS = ("demo-keras-3.15", "question-tf-2.0/medium_compiled")


def until(attempt, what):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = attempt()
        if found:
            return found
        time.sleep(0.03)
    return pytest.fail(f"after {PATIENCE} s there is no {what}")


class Page:
    """A page in the browser, and what a person does with it."""

    def __init__(self, browser, path):
        self.browser, self.path = browser, path

    def open(self, place="", width=1280, height=900, dark=False):
        devtools = self.browser.execute_cdp_cmd
        devtools(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )
        devtools(
            "Emulation.setEmulatedMedia",
            {
                "features": [
                    {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
                    {"name": "prefers-reduced-motion", "value": "reduce"},
                ]
            },
        )
        self.browser.get("about:blank")
        self.browser.get_log("browser")
        self.browser.get(self.path.as_uri() + (f"#{place}" if place else ""))
        until(lambda: self.run("return document.documentElement.dataset.state") != "loading", "page")
        assert self.run("return document.documentElement.dataset.state") == "ready", self.console()
        until(lambda: self.run("return performance.getEntriesByName('drawn').length"), "drawn page")
        return self

    def run(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def console(self):
        return [entry["message"] for entry in self.browser.get_log("browser")]

    def texts(self, selector):
        return self.run("return [...document.querySelectorAll(arguments[0])].map(e => e.innerText)", selector)

    def text(self, selector):
        return self.texts(selector)[0]

    def view(self):
        """The part of the flame graph that is shown, from 0 to 1."""
        return [
            float(value)
            for value in self.run(
                "const {from, to} = document.querySelector('#view .flame').dataset; return [from, to]"
            )
        ]

    def place(self):
        """The page's address, once it has followed what was done last."""
        # It follows after 120 ms. A page's timers fire in the order of their times.
        self.browser.execute_async_script("setTimeout(arguments[0], 150)")
        return dict(part.split("=") for part in self.run("return location.hash.slice(1)").split("&") if part)

    def press(self, *keys):
        from selenium.webdriver.common.action_chains import ActionChains

        actions = ActionChains(self.browser)
        for key in keys:
            actions.send_keys(key)
        actions.perform()

    def at(self, x, row, axis=AXIS):
        """Moves the mouse onto a row of the first flame graph, ``x`` from 0 to 1; the actions so far."""
        from selenium.webdriver.common.action_chains import ActionChains

        self.run("document.querySelector('#view').scrollIntoView({behavior: 'instant'})")
        canvas = self.browser.find_element("css selector", "#view .flame canvas")
        width, height = self.run(
            "const r = arguments[0].getBoundingClientRect(); return [r.width, r.height]", canvas
        )
        return ActionChains(self.browser).move_to_element_with_offset(
            canvas, round(width * (x - 0.5)), round(axis + row * ROW + ROW / 2 - height / 2)
        )

    def pixel(self, x, y):
        return self.run(
            """
            const canvas = document.querySelector('#view .flame canvas');
            const pen = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
            pen.drawImage(canvas, -arguments[0], -arguments[1]);
            return [...pen.getImageData(0, 0, 1, 1).data]""",
            x,
            y,
        )

    def details(self):
        return self.text("#details")

    def ns(self, selector):
        """The exact figures behind what elements show."""
        return [
            int(float(value))
            for value in self.run(
                "return [...document.querySelectorAll(arguments[0])].map(e => e.dataset.ns)", selector
            )
        ]


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """Makes the page of a recording once; the report's content and the file."""
    folder = tmp_path_factory.mktemp("pages")
    made = {}

    def page_of(name):
        if name not in made:
            content = make_report(open_recording(ROOT / "traces" / name))
            path = folder / f"{name.replace('/', '-')}.html"
            path.write_bytes(render_page(content, open_recording(ROOT / "traces" / name)))
            made[name] = content, path
        return made[name]

    return page_of


@pytest.fixture
def demo(chromium, pages):
    content, path = pages("demo-keras-3.15")
    page = Page(chromium, path)
    page.content = content
    yield page
    errors = page.console()
    assert errors == [], json.dumps(errors, indent=1)


@pytest.mark.parametrize("recording", RECORDINGS)
def test_totals_are_those_of_the_report_to_the_nanosecond(chromium, pages, recording):
    content, path = pages(recording)
    page = Page(chromium, path).open()
    attribution = content.attribution
    assert page.ns("#median") == [content.calls.warm.median_ns]
    assert page.ns(".phases tbody td[data-ns]") == [phase.self_ns for phase in attribution.phases]
    assert sum(page.ns(".phases tbody td[data-ns]")) == attribution.total_ns
    assert page.ns("#phases-total") == [attribution.total_ns]
    for tree in ("spans", "samples"):
        page.open(f"tree={tree}")
        assert page.ns("#details-total") == [attribution.total_ns]
    assert page.console() == []


# --- the views ---


def test_the_answer_is_at_the_top(demo):
    demo.open()
    attribution = demo.content.attribution
    assert "45.3 ms a call" in demo.text("#median").replace("\n", " ")
    assert "10 warm calls" in demo.text("#median")
    parts = demo.run(
        "return [...document.querySelectorAll('.bar-part')].map(e => [e.dataset.phase, e.offsetWidth])"
    )
    assert [phase for phase, _ in parts] == [one.phase for one in attribution.phases if one.self_ns]
    widths = [width for _, width in parts]
    assert widths[0] == pytest.approx(attribution.phases[0].share * sum(widths), rel=0.05)
    assert [text.strip() for text in demo.texts(".phases tbody th")] == [
        one.phase for one in attribution.phases
    ]


def test_a_phase_has_one_colour_in_bar_table_and_flame(demo):
    demo.open("tree=spans&noise=shown")
    colour = "return getComputedStyle(document.querySelector(arguments[0])).backgroundColor"
    bar = demo.run(colour, ".bar-part[data-phase=entry]")
    assert demo.run(colour, ".phases tr[data-phase=entry] .swatch") == bar
    # The second row of the flame graph is predict, whose phase is entry.
    red, green, blue, _ = demo.pixel(400, AXIS + ROW + 3)
    assert f"rgb({red}, {green}, {blue})" == bar


def test_left_heavy_shows_samples_and_spans(demo):
    demo.open()
    assert "≈" in demo.details()
    assert "222 samples" in demo.text("#view .basis")
    demo.press("x")
    assert "exact entry and exit" in demo.text("#view .basis")
    assert "≈" not in demo.details()
    assert demo.place()["tree"] == "spans"


def test_time_order_shows_a_call_and_other_threads(demo):
    demo.open("view=time")
    options = demo.texts("#call-choice option")
    assert sum("cold" in one for one in options) == 1
    assert {one.rpartition("· ")[2] for one in options} == {"spans", "tensorflow", "pyinstrument"}
    assert "TensorFlow's own events" in demo.text("#view .basis")
    demo.at(0.5, 1).click().perform()
    assert "TensorFlowTrainer.predict" in demo.details()
    assert "thread\npython" in demo.details()
    before = demo.run("return document.querySelector('#call-choice').value")
    demo.press("]")
    assert demo.run("return document.querySelector('#call-choice').value") != before


def test_a_cold_call_is_as_long_as_the_report_says(demo):
    demo.open("view=time&call=0")
    demo.at(0.5, 0).click().perform()
    assert demo.ns("#details dd[data-ns]") == [demo.content.calls.cold.total_ns]


def test_sandwich_shows_callers_and_callees_of_a_frame(demo):
    demo.open("view=sandwich")
    assert len(demo.texts("#view .flame")) == 2
    demo.browser.find_element("css selector", "#details .links button").click()
    assert "OwnedIterator._create_iterator" in demo.text(".sandwich-title")
    assert "exact counts" in demo.text("#view .edges")


def test_the_table_sorts_and_filters_and_leads_to_the_sandwich(demo):
    demo.open("view=table")
    totals = demo.ns("#function-table tbody td:nth-child(4)")
    assert totals == sorted(totals, reverse=True)
    assert totals == [one.total_ns for one in demo.content.attribution.internals]
    demo.browser.find_element("css selector", "#function-table thead th:nth-child(6) button").click()
    own = demo.ns("#function-table tbody td:nth-child(6)")
    assert own == sorted((one.self_ns for one in demo.content.attribution.internals), reverse=True)
    demo.press("/")
    demo.press("OwnedIterator")
    names = demo.texts("#function-table tbody th")
    assert names
    assert all("OwnedIterator" in name for name in names)
    demo.browser.find_element("css selector", "#function-table tbody .name-button").click()
    assert demo.place()["view"] == "sandwich"
    assert names[0] in demo.text(".sandwich-title")


def test_every_source_of_the_table_has_rows(demo):
    demo.open("view=table")
    sources = demo.run("return [...document.querySelectorAll('[data-source]')].map(e => e.dataset.source)")
    assert sources == ["internals", "functions", "samples", "native"]
    for source in sources:
        demo.open(f"view=table&table={source}")
        assert len(demo.texts("#function-table tbody tr")) > 10


def test_every_call_is_shown_with_its_percentiles(demo):
    demo.open()
    rows = {row.split()[0]: row.split() for row in demo.texts(".percentiles tbody tr")}
    assert set(rows) == {"bare", "spans", "cprofile", "pyinstrument", "tensorflow"}
    assert rows["bare"][1] == str(demo.content.calls.warm.count)
    assert rows["bare"][4] == "45.3"
    assert "garbage collection" in demo.text(".calls-readout")


# --- search, zoom, selection ---


def test_search_tells_matches_and_their_share(demo):
    demo.open("tree=spans&noise=shown")
    demo.press("/")
    demo.press("OwnedIterator.__init__")
    text = demo.text("#search-count")
    shares = [one for one in demo.content.attribution.internals if one.qualname == "OwnedIterator.__init__"]
    assert text.startswith("1 match, ")
    assert f"{shares[0].total_share:.0%} of the time" in text
    assert demo.ns("#search-count")[0] == pytest.approx(shares[0].total_ns, rel=0.01)
    demo.run("document.querySelector('#search').value = ''")
    demo.press("nothing has this name")
    assert demo.text("#search-count") == "no match"


def test_nested_matches_count_once(demo):
    demo.open("tree=spans&noise=shown&find=e")
    count, _, share = demo.text("#search-count").partition(" matches, ")
    assert int(count) > 50
    assert int(share.split("%")[0]) <= 100


def test_search_in_time_order_is_of_the_call_that_is_shown(demo):
    demo.open("view=time&call=0&find=TensorFlowTrainer.predict")
    demo.at(0.5, 1).click().perform()
    [took] = demo.ns("#details dd[data-ns]")
    # What lies within a match is a match too, and counts once.
    assert demo.ns("#search-count") == [took]
    assert f"{took / demo.content.calls.cold.total_ns:.0%} of the call" in demo.text("#search-count")


def test_search_goes_from_match_to_match(demo):
    demo.open("find=OwnedIterator")
    demo.press("n")
    assert "OwnedIterator" in demo.text("#details h3")
    first = demo.place()["node"]
    demo.press("n")
    assert demo.place()["node"] != first


def test_click_zooms_and_crumbs_lead_back(demo):
    demo.open()
    assert demo.view() == [0, 1]
    demo.at(0.2, 2).click().perform()
    begin, end = demo.view()
    assert end - begin < 0.7
    assert demo.text("#details h3") == "TFEpochIterator.__init__"
    crumbs = demo.texts(".crumbs button")
    assert crumbs == ["the call", "TensorFlowTrainer.predict", "TFEpochIterator.__init__"]
    demo.browser.find_element("css selector", ".crumbs button").click()
    assert demo.view() == [0, 1]


def test_a_click_on_what_is_above_zooms_out_again(demo):
    demo.open()
    demo.at(0.2, 3).click().perform()
    demo.at(0.5, 0).click().perform()
    assert demo.view() == [0, 1]


def test_the_wheel_zooms_with_ctrl_and_leaves_the_page_alone_without(demo):
    demo.open("view=time")
    demo.at(0.5, 1).perform()
    place = demo.run("""
        const r = document.querySelector('#view .flame canvas').getBoundingClientRect();
        return {x: r.left + r.width / 4, y: r.top + 60}""")

    def wheel(down, modifiers):
        demo.browser.execute_cdp_cmd(
            "Input.dispatchMouseEvent",
            {"type": "mouseWheel", **place, "deltaX": 0, "deltaY": down, "modifiers": modifiers},
        )

    wheel(-120, 2)  # with Ctrl
    begin, end = until(lambda: demo.view() if demo.view() != [0, 1] else None, "zoom")
    assert end - begin < 0.9
    # What is below the mouse stays there.
    assert begin + (end - begin) / 4 == pytest.approx(0.25, abs=0.01)
    wheel(40, 0)
    time.sleep(0.2)
    assert demo.view() == [begin, end]
    wheel(40, 8)  # with Shift
    until(lambda: demo.view()[0] > begin, "pan")


def test_drag_pans(demo):
    demo.open("view=time")
    demo.at(0.5, 1).click().perform()
    demo.press("w", "w", "w", "w")
    begin, end = demo.view()
    demo.at(0.5, 1, AXIS).click_and_hold().move_by_offset(-60, 0).move_by_offset(-60, 0).release().perform()
    after, after_end = demo.view()
    assert after > begin
    assert after_end - after == pytest.approx(end - begin, abs=1e-4)


def test_hover_tells_what_is_there(demo):
    demo.open()
    demo.at(0.3, 1).perform()
    until(lambda: not demo.run("return document.querySelector('#tip').hidden"), "tip")
    assert "TensorFlowTrainer.predict" in demo.text("#tip")
    assert "entry" in demo.text("#tip")


def test_the_details_say_all_of_a_frame(demo):
    demo.open("noise=shown")
    demo.at(0.2, 2).click().perform()
    text = demo.details()
    for part in (
        "TensorFlowTrainer.predict",
        "entry",
        "keras.src.backend.tensorflow.trainer",
        "trainer.py:",
        "total",
        "self",
        "samples",
        "of its phase",
        "exact total",
        "by spans",
        "called by",
        "calls",
    ):
        assert part in text


def test_wrappers_are_hidden_until_they_are_asked_for(demo):
    demo.open()
    demo.at(0.2, 1).click().perform()
    assert demo.text("#details h3") == "TensorFlowTrainer.predict"
    demo.press("c")
    demo.at(0.2, 1).click().perform()
    assert demo.text("#details h3") == "filter_traceback.<locals>.error_handler"
    assert demo.ns("#phases-total") == [demo.content.attribution.total_ns]


def test_totals_stay_when_wrappers_are_shown(demo):
    for noise in ("hidden", "shown"):
        demo.open(f"noise={noise}")
        assert demo.ns("#details-total") == [demo.content.attribution.total_ns]


def test_the_tree_turns_around(demo):
    demo.open("find=OwnedIterator&noise=shown")
    found, time_ns = demo.text("#search-count"), demo.ns("#search-count")
    demo.press("i")
    assert demo.place()["turn"] == "inverted"
    assert "own time" in demo.text("#view .basis")
    assert demo.ns("#details-total") == [demo.content.attribution.total_ns]
    # What has a match in its stack is as much from below as from above; the boxes are others.
    assert demo.ns("#search-count") == time_ns
    assert demo.text("#search-count") != found
    # The first box is the function of most own time; below it who called it.
    demo.open("turn=inverted")
    demo.at(0.1, 1).click().perform()
    assert demo.text("#details h3") == "make_iterator"
    demo.at(0.1, 2).click().perform()
    assert demo.text("#details h3") == "OwnedIterator._create_iterator"
    assert "calls it for" in demo.details()
    demo.run("window.copied = []; navigator.clipboard.writeText = async (text) => { copied.push(text); }")
    demo.press("Y")
    assert [line.partition(" (")[0] for line in demo.run("return copied[0]").splitlines()] == [
        "OwnedIterator._create_iterator",
        "make_iterator",
    ]
    place = demo.place()
    demo.open("&".join(f"{name}={value}" for name, value in place.items()))
    assert demo.text("#details h3") == "OwnedIterator._create_iterator"


def test_two_fingers_zoom_about_what_is_between_them(demo):
    demo.open("view=time")
    demo.run("document.querySelector('#view').scrollIntoView({behavior: 'instant'})")
    left, top, width = demo.run("""
        const r = document.querySelector('#view .flame canvas').getBoundingClientRect();
        return [r.left, r.top + 60, r.width]""")

    def fingers(kind, *places):
        demo.browser.execute_cdp_cmd(
            "Input.dispatchTouchEvent",
            {
                "type": kind,
                "touchPoints": [
                    {"x": left + width * at, "y": top, "id": number} for number, at in enumerate(places)
                ],
            },
        )

    fingers("touchStart", 0.4)
    fingers("touchStart", 0.4, 0.6)
    fingers("touchMove", 0.3, 0.7)
    fingers("touchMove", 0.2, 0.8)
    # What was from 0.4 to 0.6 of the call is now from 0.2 to 0.8 of the figure.
    assert demo.view() == pytest.approx([0.5 - 1 / 6, 0.5 + 1 / 6], abs=0.01)
    fingers("touchMove", 0.4, 0.6)
    assert demo.view() == pytest.approx([0, 1], abs=0.01)
    fingers("touchMove", 0.0, 1.0)
    fingers("touchEnd")
    assert demo.view() == pytest.approx([0.4, 0.6], abs=0.01)
    assert "Visible part" in until(lambda: "Visible" in demo.details() and demo.details(), "visible part")


def drag(page, selector, begin, end, y=0.5, modifiers=0):
    """Drags across an element, from one share of its width to another."""
    left, top, width, height = page.run(
        """
        const element = document.querySelector(arguments[0]);
        element.scrollIntoView({behavior: 'instant', block: 'center'});
        const r = element.getBoundingClientRect(); return [r.left, r.top, r.width, r.height]""",
        selector,
    )
    for kind, at, buttons in (
        ("mouseMoved", begin, 0),
        ("mousePressed", begin, 1),
        ("mouseMoved", (begin + end) / 2, 1),
        ("mouseMoved", end, 1),
        ("mouseReleased", end, 1),
    ):
        page.browser.execute_cdp_cmd(
            "Input.dispatchMouseEvent",
            {
                "type": kind,
                "x": left + width * at,
                "y": top + (y if y > 1 else height * y),
                "button": "left" if buttons else "none",
                "buttons": buttons,
                "clickCount": 1,
                "modifiers": modifiers,
            },
        )


def test_the_strip_above_chooses_and_moves_what_is_shown(demo):
    for view in ("left", "time"):
        demo.open(f"view={view}")
        drag(demo, "#view .overview", 0.25, 0.5)
        assert demo.view() == pytest.approx([0.25, 0.5], abs=0.01)
        drag(demo, "#view .overview", 0.3, 0.6)
        assert demo.view() == pytest.approx([0.55, 0.8], abs=0.01)
        # What is not shown is veiled in the strip.
        demo.run("document.querySelector('#view .overview').dispatchEvent(new MouseEvent('dblclick'))")
        assert demo.view() == [0, 1]


def test_a_part_of_a_call_is_marked_on_the_axis_and_told(demo):
    demo.open("view=time&call=1")
    wall = demo.run("return document.querySelector('#details dd[data-ns]').dataset.ns")
    phases = demo.ns("#details .part-phases [data-ns]")
    # Spans are exact: the phases of the whole call sum to it.
    assert sum(phases) == int(wall)
    drag(demo, "#view .flame canvas", 0.2, 0.6, y=8)
    assert demo.text("#details h3") == "Marked part"
    [marked] = demo.ns("#details dd[data-ns]")
    assert marked / int(wall) == pytest.approx(0.4, abs=0.01)
    assert sum(demo.ns("#details .part-phases [data-ns]")) == pytest.approx(marked, rel=1e-6)
    assert demo.view() == [0, 1]
    place = demo.place()
    demo.open("&".join(f"{name}={value}" for name, value in place.items()))
    assert demo.ns("#details dd[data-ns]") == pytest.approx([marked], rel=1e-4)
    demo.press("0")
    assert demo.text("#details h3") == "Whole call"
    assert "mark" not in demo.place()
    # With Shift it begins anywhere.
    drag(demo, "#view .flame canvas", 0.3, 0.4, y=60, modifiers=8)
    assert demo.text("#details h3") == "Marked part"
    demo.browser.find_element("css selector", "#details .actions button").click()
    assert demo.view() == pytest.approx([0.3, 0.4], abs=0.01)


def test_the_phases_of_a_whole_call_are_those_of_the_partition(demo):
    recording = read_recording(ROOT / "traces" / "demo-keras-3.15")
    _, warm = OpenedRecording(recording).timelines
    parts = partition(warm, row_phases(recording))
    for number in range(2):
        demo.open(f"view=time&call={1 + number}")
        title = demo.run("return document.querySelector('#call-choice').selectedOptions[0].textContent")
        assert title.startswith(f"call {number + 1} ")
        assert title.endswith("spans")
        shown = dict(
            zip(
                (text.split("\n")[0].replace(" ", "_") for text in demo.texts("#details .part-phases li")),
                demo.ns("#details .part-phases [data-ns]"),
            )
        )
        assert shown == {phase: int(ns) for phase, ns in zip(PHASES, parts.self_ns[number].tolist()) if ns}


def test_a_part_of_the_merged_tree_is_zoomed_to_on_the_scale(demo):
    demo.open()
    drag(demo, "#view .flame canvas", 0.2, 0.6, y=8)
    assert demo.view() == pytest.approx([0.2, 0.6], abs=0.01)


def test_patterns_move_with_their_boxes(demo):
    demo.open("view=time&call=1&from=1e7&to=3e7", width=1280)

    def row():
        """A line of pixels of the third row of internals, which is of a phase with a pattern."""
        return demo.run(
            """
            const canvas = document.querySelector('#view .flame canvas');
            const pen = new OffscreenCanvas(canvas.width, 1).getContext('2d');
            pen.drawImage(canvas, 0, -arguments[0]);
            return [...new Uint32Array(pen.getImageData(0, 0, canvas.width, 1).data.buffer)]""",
            AXIS + 2 * ROW + 4,
        )

    before = row()
    # By three pixels, which is no multiple of a pattern's width.
    width = len(before)
    step = (3e7 - 1e7) / width
    demo.open(f"view=time&call=1&from={1e7 + 3 * step}&to={3e7 + 3 * step}", width=1280)
    after = row()
    assert len(set(before)) > 3
    moved = sum(one == other for one, other in zip(before[53:-50], after[50:-53]))
    assert moved > 0.97 * (width - 103)


def test_frames_and_stacks_are_copied(demo):
    demo.open()
    demo.run("window.copied = []; navigator.clipboard.writeText = async (text) => { copied.push(text); }")
    demo.at(0.2, 2).click().perform()
    demo.press("y", "Y", "l")
    frame, stack, link = demo.run("return copied")
    assert demo.text("#flash").startswith("Copied file://")
    assert frame.startswith("TFEpochIterator.__init__ (/")
    assert [line.partition(" (")[0] for line in stack.splitlines()] == [
        "the call",
        "TensorFlowTrainer.predict",
        "TFEpochIterator.__init__",
    ]
    assert link.startswith("file://")
    assert "node=" in link


def test_one_phase_can_be_picked_out(demo):
    demo.open()
    before = demo.pixel(400, AXIS + ROW + 3)
    demo.browser.find_element("css selector", ".bar-part[data-phase=function_tracing]").click()
    until(lambda: demo.pixel(400, AXIS + ROW + 3) != before, "fainter box of another phase")
    assert demo.place()["phase"] == "function_tracing"
    assert "function tracing" in demo.text(".phase-note")
    demo.press("4")
    assert set(demo.texts("#function-table .phase-cell")) == {"function tracing"}


# --- keys, links, themes, sizes ---


def test_keys_alone_are_enough(demo):
    from selenium.webdriver.common.keys import Keys

    demo.open()
    for key, view in (("2", "time"), ("3", "sandwich"), ("4", "table"), ("1", "left")):
        demo.press(key)
        assert demo.run("return document.querySelector('[role=tab][aria-selected=true]').id") == f"tab-{view}"
    # Tab by Tab to the flame graph; nothing on the way may keep the focus.
    demo.run("document.activeElement.blur(); window.scrollTo(0, 0)")
    for _ in range(80):
        demo.press(Keys.TAB)
        if demo.run("return document.activeElement.className") == "flame":
            break
    assert demo.run("return document.activeElement.className") == "flame"
    demo.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    assert demo.text("#details h3") == "TFEpochIterator.__init__"
    assert "TFEpochIterator.__init__, data adapter" in demo.run(
        "return document.querySelector('#said').textContent"
    )
    demo.press(Keys.ARROW_RIGHT)
    assert demo.text("#details h3") == "TFEpochIterator.__next__"
    demo.press(Keys.ENTER)
    begin, end = demo.view()
    assert end - begin < 0.5
    demo.press("w")
    assert demo.view()[1] - demo.view()[0] < end - begin
    demo.press("0")
    assert demo.view() == [0, 1]
    demo.press(Keys.ARROW_UP, Keys.ARROW_UP)
    assert demo.text("#details h3") == "the call"


def test_the_tabs_are_walked_with_arrows(demo):
    from selenium.webdriver.common.keys import Keys

    demo.open()
    demo.run("document.querySelector('#tab-left').focus()")
    demo.press(Keys.ARROW_RIGHT)
    assert demo.run("return document.activeElement.id") == "tab-time"
    demo.press(Keys.END)
    assert demo.run("return document.activeElement.id") == "tab-table"


def test_help_lists_the_keys(demo):
    from selenium.webdriver.common.keys import Keys

    demo.open()
    assert not demo.run("return document.querySelector('#help').open")
    demo.press("?")
    assert demo.run("return document.querySelector('#help').open")
    assert "copy a link to this view" in demo.text("#help")
    demo.press(Keys.ESCAPE)
    assert not demo.run("return document.querySelector('#help').open")


def test_a_link_restores_the_view(demo):
    demo.open()
    demo.at(0.2, 4).click().perform()
    demo.press("/")
    demo.press("map")
    place = demo.run("return location.hash.slice(1)") if demo.place() else ""
    seen = demo.text("#details h3"), demo.text("#search-count"), demo.view(), demo.texts(".crumbs button")
    demo.open(place)
    assert (
        demo.text("#details h3"),
        demo.text("#search-count"),
        demo.view(),
        demo.texts(".crumbs button"),
    ) == seen


def test_a_link_leads_to_what_it_is_of(demo):
    top = "return document.querySelector('#explore').getBoundingClientRect().top"
    assert demo.open().run(top) > 300
    assert demo.open("phase=dispatch").run(top) > 300
    assert abs(demo.open("view=time").run(top)) < 40


def test_a_link_into_time_order_restores_call_box_and_zoom(demo):
    demo.open("view=time&call=2")
    demo.at(0.3, 2).click().perform()
    demo.press("w", "w", "w")
    demo.place()
    place = demo.run("return location.hash.slice(1)")
    seen = demo.text("#details h3"), demo.run("return document.querySelector('#call-choice').value")
    view = demo.view()
    demo.open(place)
    assert (demo.text("#details h3"), demo.run("return document.querySelector('#call-choice').value")) == seen
    assert demo.view() == pytest.approx(view, abs=1e-4)


@pytest.mark.parametrize(
    "place",
    [
        "view=nonsense",
        "node=999999",
        "node=-1",
        "node=x",
        "frame=1e9",
        "call=99",
        "view=time&box=1e7",
        "view=time&from=9&to=1",
        "view=time&from=x&to=y",
        "tree=nothing",
        "find=%00%ff",
        "phase=nothing",
        "table=nothing&sort=x-y&view=table",
        "__proto__=1&constructor=2",
        "view=sandwich&frame=-5",
    ],
)
def test_a_link_that_fits_nothing_does_no_harm(demo, place):
    demo.open(place)
    assert demo.ns("#phases-total") == [demo.content.attribution.total_ns]


def test_dark_and_light_follow_the_system_and_the_switch(demo):
    ground = "return getComputedStyle(document.documentElement).backgroundColor"
    light = demo.open(dark=False).run(ground)
    assert demo.pixel(400, 4)[0] > 200
    dark = demo.open(dark=True).run(ground)
    assert demo.pixel(400, 4)[0] < 60
    assert light != dark
    demo.press("t")
    assert demo.run(ground) == light
    until(lambda: demo.pixel(400, 4)[0] > 200, "light canvas")
    demo.press("t")
    assert demo.run(ground) == dark
    until(lambda: demo.pixel(400, 4)[0] < 60, "dark canvas")
    demo.press("t")
    assert "system" in demo.text("#theme")


@pytest.mark.parametrize("width", [360, 768, 3840])
@pytest.mark.parametrize("view", ["left", "time", "sandwich", "table"])
def test_no_width_needs_the_page_to_be_scrolled_sideways(demo, width, view):
    demo.open(f"view={view}", width=width, height=800)
    assert demo.run("return document.documentElement.scrollWidth") <= width
    for fold in demo.browser.find_elements("css selector", ".fold > summary"):
        demo.run("arguments[0].parentElement.open = true", fold)
    assert demo.run("return document.documentElement.scrollWidth") <= width
    assert demo.run("return document.querySelector('#view').getBoundingClientRect().width") > width * 0.55


CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_can_be_read(demo, dark):
    for place in (
        "node=3",
        "view=time&mark=4e6-9e6&phase=dispatch",
        "view=time&box=9",
        "view=sandwich",
        "view=table",
        "view=table&phase=function_tracing&find=e",
    ):
        demo.open(place, dark=dark)
        for fold in demo.browser.find_elements("css selector", "details"):
            demo.run("arguments[0].open = true", fold)
        demo.press("?")
        seen, low = demo.run(CONTRAST)
        assert seen > 300
        assert low == [], place


def test_landmarks_headings_and_names_are_there(demo):
    for view in ("left", "time", "sandwich", "table"):
        demo.open(f"view={view}")
        assert demo.run(
            "return ['header', 'main', 'footer', 'aside'].map(t => document.querySelectorAll(t).length)"
        ) == [1, 1, 1, 1]
        unnamed = demo.run("""
            return [...document.querySelectorAll('button, select, input, [role=tab], canvas, [tabindex="0"]')]
              .filter(e => !e.hidden && !e.closest('[aria-hidden=true]')
                && !(e.innerText || e.getAttribute('aria-label')
                || e.closest('label')?.innerText || e.parentElement.getAttribute('aria-label')))
              .map(e => e.outerHTML.slice(0, 200))""")
        assert unnamed == []
        ids = demo.run("return [...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids))


def test_the_print_view_has_the_answer_and_no_controls(demo):
    demo.open()
    demo.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    shown = "return getComputedStyle(document.querySelector(arguments[0])).display"
    assert demo.run(shown, ".tools") == "none"
    assert demo.run(shown, ".search") == "none"
    assert demo.run(shown, ".phases") != "none"
    demo.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_on_paper_all_is_light_and_unfolded(demo):
    demo.open(dark=True)
    theme = "return document.documentElement.dataset.theme"
    demo.run("dispatchEvent(new Event('beforeprint'))")
    assert demo.run(theme) == "light"
    assert demo.pixel(400, 4)[0] > 200
    assert demo.run("return document.querySelectorAll('.fold:not([open])').length") == 0
    demo.run("dispatchEvent(new Event('afterprint'))")
    assert demo.run(theme) == "system"
    until(lambda: demo.pixel(400, 4)[0] < 60, "dark canvas")
    assert demo.run("return document.querySelectorAll('.fold[open]').length") == 0


def test_the_sandwich_is_of_what_is_selected(demo):
    demo.open()
    demo.at(0.2, 3).click().perform()
    chosen = demo.text("#details h3")
    demo.press("3")
    assert chosen in demo.text(".sandwich-title")


def test_a_call_is_opened_from_the_chart_of_all(demo):
    demo.open()
    demo.run("document.querySelector('#calls').scrollIntoView({behavior: 'instant'})")
    place = demo.run("""
        const r = document.querySelector('.calls-chart canvas').getBoundingClientRect();
        return [r.left, r.top, r.width]""")

    # The first call is the cold one, at the left end and of the longest time.
    def mouse(kind, button):
        demo.browser.execute_cdp_cmd(
            "Input.dispatchMouseEvent",
            {"type": kind, "x": place[0] + 58, "y": place[1] + 21, "button": button, "clickCount": 1},
        )

    mouse("mouseMoved", "none")
    assert "cold" in demo.text(".calls-readout")
    mouse("mousePressed", "left")
    mouse("mouseReleased", "left")
    assert demo.place()["view"] == "time"
    assert "cold" in demo.run("return document.querySelector('#call-choice').selectedOptions[0].textContent")


# --- what reports may have, and what they may lack ---


@pytest.fixture
def page_of(chromium, tmp_path):
    """Opens the page of a report and views."""

    def opened(content, views, place=""):
        path = tmp_path / "report.html"
        path.write_bytes(render_html(content, views))
        page = Page(chromium, path).open(place)
        assert page.console() == []
        return page

    return opened


@pytest.fixture(scope="module")
def small():
    """The report and the views of a recording that has spans alone."""
    folder = ROOT / "traces" / "question-tf-2.0" / "medium_compiled"
    content = make_report(open_recording(folder))
    return content, views_of(open_recording(folder), content)


def test_findings_and_recipes_are_shown_where_there_are_any(page_of, small):
    content, views = small
    assert "Why" not in page_of(replace(content, findings=[]), views).texts("h2")
    page = page_of(
        replace(
            content,
            findings=[
                Finding(
                    "rebuilt",
                    "found",
                    "The pipeline of `predict` is rebuilt",
                    "dataset_building",
                    4_000_000,
                    ["twice a call"],
                    ["x"],
                ),
                Finding("quiet", "not_found", "Nothing retraces", "", 0, [], []),
            ],
            comparisons=[
                Comparison(
                    "x",
                    "Call it once",
                    "y = f(x)",
                    "faster",
                    45_300_000,
                    912_000,
                    49.7,
                    (46.2, 53.1),
                    Outputs(False, 1e-7, 1e-6),
                    "",
                ),
                Comparison(
                    "y",
                    "Bigger batches",
                    "",
                    "not_applicable",
                    45_300_000,
                    None,
                    None,
                    None,
                    None,
                    "one batch",
                ),
            ],
        ),
        views,
    )
    assert "The pipeline of predict is rebuilt" in page.text(".finding")
    assert page.text(".finding h3 code") == "predict"
    assert "4.00 ms" in page.text(".finding")
    assert "twice a call" in page.text(".finding")
    assert "49.7×" in page.text(".recipe")
    assert "45.3 → 0.912 ms" in page.text(".recipe")
    assert "outputs equal within 1e-7" in page.text(".recipe")
    assert "1 recipe not measured" in page.text(".recipes")
    # What fixes it leads to its code.
    assert page.texts("#above") == []
    page.browser.find_element("css selector", ".to-recipe").click()
    assert page.run("return document.querySelector('.recipe').getBoundingClientRect().top < innerHeight")
    assert "y = f(x)" in page.text(".recipe")


def test_a_recording_of_bare_calls_alone_has_a_page(page_of, small):
    content, _ = small
    views = Views(
        dict(PHASES), [], [], [], MeasuredCalls(["bare"] * 3, [False] * 3, [5, 6, 7], [-1] * 3), None, []
    )
    for view in ("left", "time", "sandwich", "table"):
        page = page_of(
            replace(
                content,
                attribution=replace(content.attribution, internals=[], native=[], layers=[], agreement=[]),
            ),
            views,
            f"view={view}",
        )
        assert page.ns("#phases-total") == [content.attribution.total_ns]
        # No figure without boxes, and a reason in its place.
        assert page.browser.find_elements("css selector", "#view canvas") == []
        assert "This recording has" in page.text("#view .empty")
        assert not page.browser.find_element("css selector", "#details").is_displayed()
    assert "Only calls under spans show" in page.text(".calls-readout")


def test_a_recording_of_cprofile_alone_has_callers(page_of, small):
    content, _ = small
    frames = [Frame("f", "m", "m.py", 1, FUNCTION), Frame("g", "m", "m.py", 5, FUNCTION)]
    of_functions = [[0, 1], [11, 11], [2, 4], [10, 90], [100, 90]]
    of_edges = [[0], [1], [4], [90]]
    counted = Functions(2, 100, *(np.array(column) for column in [*of_functions, *of_edges]))
    measured = MeasuredCalls(["bare"] * 2, [False] * 2, [50, 50], [-1] * 2)
    views = Views(dict(PHASES), frames, [], [], measured, counted, [])
    page = page_of(content, views, "view=sandwich")
    assert "chosen: g" in page.text(".sandwich-title")
    assert "f\t2×" in page.text("#view .edges").replace(" ", "\t")
    figures = page.browser.find_elements("css selector", "#view canvas")
    assert not any(figure.is_displayed() for figure in figures)


def test_folded_nodes_are_labelled_and_told(page_of, small):
    content, _ = small
    columns = [
        np.array(column, dtype=np.int64)
        for column in ([0, 1, 2], [-1, 0, 1], [21, 11, 11], [0, 60, 40], [0, 6, 4])
    ]
    tree = CallTree("samples", "made by hand.", True, *columns, folded=7, folded_below_ns=5)
    frames = [
        Frame("the call", "", "", 0, 5),
        Frame("f", "m", "m.py", 1, FUNCTION),
        Frame("smaller functions, folded", "", "", 0, 5),
    ]
    page = page_of(content, Views(dict(PHASES), frames, [tree], [], MeasuredCalls([], [], [], []), None, []))
    assert "7 paths below 5 ns a call are folded" in page.text("#view .basis")
    assert page.ns("#details-total") == [100]


def test_a_large_tree_that_is_inverted_tells_what_it_leaves_out(page_of, small):
    content, _ = small
    # f calls one function that takes half of the time, and 60,000 times one of 500 by way of others.
    leaves = 60_000
    frame = np.array([0, 1, 2, *[3 + leaf % 500 for leaf in range(leaves)]])
    parent = np.array([-1, 0, 1, *[1 if leaf < 500 else leaf - 500 + 3 for leaf in range(leaves)]])
    own = np.array([0, 7, 50 * leaves, *[1 + leaf % 3 for leaf in range(leaves)]])
    phase = np.full(len(own), 11)
    tree = CallTree("samples", "made by hand.", True, frame, parent, phase, own, np.ones_like(own))
    frames = [Frame("the call", "", "", 0, 5), Frame("f", "m", "m.py", 1, FUNCTION)]
    frames += [Frame(f"g{number}", "m", "m.py", number, FUNCTION) for number in range(501)]
    views = Views(dict(PHASES), frames, [tree], [], MeasuredCalls([], [], [], []), None, [])
    page = page_of(content, views, "turn=inverted&find=f")
    assert "Callers below" in page.text("#view .basis")
    assert page.ns("#details-total") == [int(own.sum())]
    # f is above all of it: what the search tells does not depend on which callers are drawn.
    assert page.ns("#search-count") == [int(own.sum())]
    assert page.texts("#details .links button")[0].startswith("g0")


#: Names that some page would take for markup, code, an end of text or another direction.
CORPUS = {
    "script": "<script>window.owned=1</script>",
    "end": "</script><script>window.owned=1</script>",
    "image": "<img src=x onerror=window.owned=1>",
    "svg": "<svg onload=window.owned=1>",
    "entity": "&lt;b&gt;&amp;&#60;",
    "quotes": '"\'`onmouseover=window.owned=1 x="',
    "comment": "<!--<script>",
    "template": "${window.owned=1}{{data}}",
    "url": "javascript:window.owned=1",
    "controls": "a\x00b\x1b[31mc\x07d\ne\tf\x7f\x9b",
    "directions": "\u202eevil\u202c \u2066x\u2069 \u200f\u061c",
    "lines": "a\u2028b\u2029c",
    "surrogates": "\ud800 lone \udfff",
    "long": "x" * 100_000,
    "wide": "𝕯" * 500,
    "proto": "__proto__",
    "constructor": "constructor",
    "empty": "",
}


@pytest.mark.parametrize("view", ["left", "time", "sandwich", "table"])
@pytest.mark.parametrize("key", list(CORPUS))
def test_hostile_names_are_text(chromium, tmp_path, small, key, view):
    content, _ = small
    name = CORPUS[key]
    frames = [Frame("the call", "", "", 0, 5), Frame(name, name, name, 7, FUNCTION)]
    column = [np.array(values, dtype=np.int64) for values in ([0, 1], [-1, 0], [21, 11], [1, 99], [1, 9])]
    lane = Lane(name, column[0], np.array([0, 5]), np.array([100, 50]), column[0], column[2])
    views = Views(
        dict(PHASES),
        frames,
        [CallTree("samples", name, True, *column)],
        [CallInTime("spans", 0, True, 100, [lane, lane], own_stretches(lane))],
        MeasuredCalls(["spans"], [True], [100], [5]),
        None,
        [name],
    )
    internals = [replace(one, qualname=name, module=name) for one in content.attribution.internals[:2]]
    hostile = replace(
        content,
        recording=name,
        notes=[name],
        workload=contents.changed(content.workload, target=name, entry_point=name),
        environment=contents.changed(content.environment, tensorflow=name),
        captures=[
            *content.captures,
            replace(content.captures[0], name="tensorflow", status=name, reason=name),
        ],
        attribution=replace(content.attribution, internals=internals),
        findings=[Finding(name, "found", name, name, 1, [name], [name])],
        comparisons=[Comparison(name, name, name, name, 100, 50, 2.0, (1.5, 2.5), None, name)],
    )
    path = tmp_path / "hostile.html"
    path.write_bytes(render_html(hostile, views))
    page = Page(chromium, path).open(
        f"view={view}&frame=1&node=1&find={'x' if key == 'long' else ''}", width=360
    )
    for fold in page.browser.find_elements("css selector", "details"):
        page.run("arguments[0].open = true", fold)
    assert page.console() == []
    assert page.run("return window.owned") is None
    assert page.run("return document.documentElement.scrollWidth") <= 360
    shown = page.run("return document.body.innerText")
    assert not set(shown) & set("\x00\x1b\x07\x7f\x9b\u202e\u2066\u200f\u2028")
    expected = {
        "script": name,
        "end": name,
        "image": name,
        "entity": name,
        "controls": "a␀b␛[31mc␇d␊e␉f⟨U+007F⟩",
        "directions": "⟨U+202E⟩evil⟨U+202C⟩",
        "surrogates": "\ufffd lone \ufffd",
    }
    if key in expected:
        assert expected[key] in shown


def test_a_session_that_tried_changes_alone_has_no_phases(page_of, small):
    content, views = small
    bare = [replace(one, calls=one.calls if one.name == "bare" else 0) for one in content.captures]
    page = page_of(replace(content, captures=bare, findings=[]), replace(views, trees=[]))
    assert page.browser.find_elements("css selector", ".bar") == []
    assert page.browser.find_elements("css selector", "table.phases") == []


def test_the_layers_are_part_of_the_answer_where_the_model_is_most_of_it(page_of, small):
    content, views = small
    layers = [
        LayerShare(f"conv2d_{number}", "Conv2D", 1_000_000 * (20 - number), 0.1, ["_FusedConv2D"])
        for number in range(10)
    ]
    attribution = replace(content.attribution, layers=layers, model_share=0.8)
    page = page_of(replace(content, attribution=attribution), views)
    assert "conv2d_0" in page.text("#answer .layers")
    assert "conv2d_9" not in page.text("#answer .layers")
    assert "2 more layers" in page.text("#answer .layers")
    # Above the phases, which say no more than that it is the model.
    assert page.run(
        "return document.querySelector('.layers').getBoundingClientRect().top"
        " < document.querySelector('.phases').getBoundingClientRect().top"
    )
    # All of them, with their ops, are in the fold.
    assert "conv2d_9" in page.run("return document.querySelector('#basis').textContent")


def test_the_layers_stay_in_the_fold_where_other_work_is_most_of_a_call(page_of, small):
    content, views = small
    layers = [LayerShare("dense", "Dense", 1_000_000, 1.0, ["MatMul"])]
    attribution = replace(content.attribution, layers=layers, model_share=0.2)
    page = page_of(replace(content, attribution=attribution), views)
    assert not page.browser.find_elements("css selector", "#answer .layers")
    assert "dense" in page.run("return document.querySelector('#basis').textContent")
