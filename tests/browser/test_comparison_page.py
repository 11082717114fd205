"""The page of a comparison in a real browser: what it shows, on every screen, and to every eye."""

from __future__ import annotations

import json
import re
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from keras_profile.number_words import milliseconds
from support.commands import ROOT, keras_profile

HTML = ROOT / "src" / "keras_profile" / "output"
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(new_folder):
    """The folder of a comparison of two releases."""
    made = new_folder()
    traces = [str(ROOT / "traces" / name) for name in ("demo-keras-3.0", "demo-keras-3.15")]
    assert keras_profile("compare", *traces, folder=made).code == 0
    (report,) = (made / "reports").iterdir()
    return report


@pytest.fixture(scope="module")
def content(folder):
    return json.loads((folder / "comparison.json").read_text(encoding="utf-8"))


@pytest.fixture
def show(show_page, folder):
    """Opens the page as wide as asked for, light or dark."""
    return partial(show_page, folder / "comparison.html")


def texts(browser, selector):
    return [one.get_attribute("textContent") for one in browser.find_elements("css selector", selector)]


def test_the_answer_stands_first(show, content):
    browser = show()
    assert browser.find_element("css selector", "h1").text == content["headline"]
    assert browser.get_log("browser") == []
    assert "Where the difference is" in texts(browser, "h2")


def test_each_phase_has_a_bar_on_its_side_of_zero(show, content):
    browser = show()
    names = texts(browser, ".bars text:not(.amount)")
    assert names[0] == content["phases"][0]["phase"]
    assert names[-1] == "the call"
    zero = browser.find_element("css selector", ".bars .zero").rect["x"]
    bars = browser.find_elements("css selector", ".bars rect")
    by_name = {one["phase"]: one for one in content["phases"]}
    for name, bar in zip(names, bars, strict=False):
        middle = bar.rect["x"] + bar.rect["width"] / 2
        assert (middle > zero) == (by_name[name]["difference_ns"] > 0), name


def test_all_figures_are_in_the_json(show, content):
    browser = show()
    known = json.dumps(content)
    for title in set(texts(browser, ".both-trees title")):
        name, before, after = re.match(r"(.+?)(?: \(\w+\))?: ([\d.]+) → ([\d.]+) ms", title).groups()
        assert any(
            (frame["name"], milliseconds(frame["before_ns"]), milliseconds(frame["after_ns"]))
            == (name, before, after)
            for frame in content["tree"]
        ), title
    for cell in texts(browser, "tbody td:first-child"):
        assert cell in ("before", "after") or json.dumps(cell)[1:-1] in known


def test_boxes_lie_within_those_that_call_them(show):
    browser = show()
    picture = browser.find_elements("css selector", ".both-trees")[0]
    boxes = [one.rect for one in picture.find_elements("css selector", ".of-difference rect")]
    whole = boxes[0]
    assert whole["width"] == pytest.approx(picture.rect["width"], rel=0.01)
    rows = {}
    for box in boxes:
        rows.setdefault(round(box["y"]), []).append(box)
    for row in rows.values():
        row.sort(key=lambda box: box["x"])
        for left, right in pairwise(row):
            assert left["x"] + left["width"] <= right["x"] + 1


def test_both_sides_fill_the_page_and_sentences_stand_below_each_other(show):
    browser = show()
    whole = browser.find_element("css selector", ".both-trees").rect["width"]
    pair = [one.rect for one in browser.find_elements("css selector", ".side-by-side svg[role]")]
    assert sum(one["width"] for one in pair) > 0.95 * whole
    notes = [
        one.rect
        for one in browser.find_elements("css selector", ".changed")[0].find_elements("css selector", "li")
    ]
    assert len(notes) > 1
    assert len({one["x"] for one in notes}) == 1


def test_the_sheet_of_the_comparison_shares_no_class_with_that_of_a_report():
    sheets = [(HTML / "html" / "page.css"), (HTML / "comparison" / "page.css")]
    report, comparison = (set(re.findall(r"\.([a-z][\w-]*)", one.read_text())) for one in sheets)
    assert report & comparison == set()


def test_colours_are_chosen_without_a_script(show):
    browser = show()

    def fill():
        return browser.execute_script(
            "return [...document.querySelectorAll('.both-trees rect')]"
            ".filter(one => getComputedStyle(one.parentElement).display != 'none')"
            ".map(one => getComputedStyle(one).fill)"
        )

    by_difference = fill()
    choice = browser.find_element("css selector", "label[for=colour-phase-1]")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", choice)
    choice.click()
    by_phase = fill()
    assert len(by_difference) == len(by_phase)
    assert set(by_difference) != set(by_phase)
    assert len(set(by_phase)) > 5
    assert browser.find_elements("css selector", "script") == []


def test_slower_and_faster_differ_for_the_colour_blind(show):
    """Seen with each kind of colour blindness, by a matrix of what its eye keeps."""
    browser = show()
    # H. Brettel, F. Viénot and J. Mollon, 1997, as linear approximations.
    eyes = {
        "protanopia": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
        "deuteranopia": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
        "tritanopia": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
    }
    colours = {}
    for kind in ("slower", "same", "faster"):
        found = browser.execute_script(
            f"return getComputedStyle(document.querySelector('.legend .{kind}')).backgroundColor"
        )
        colours[kind] = [int(one) for one in re.findall(r"\d+", found)[:3]]
    for matrix in eyes.values():
        seen = {
            kind: [sum(part * own for part, own in zip(row, colour)) for row in matrix]
            for kind, colour in colours.items()
        }
        for one, other in (("slower", "faster"), ("slower", "same"), ("faster", "same")):
            apart = sum((a - b) ** 2 for a, b in zip(seen[one], seen[other])) ** 0.5
            assert apart > 60, (one, other, apart)


@pytest.mark.parametrize("width", [360, 768, 3840])
def test_it_fits_every_screen(show, width):
    browser = show(width)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_can_be_read(show, dark):
    seen, low = show(dark=dark).execute_script(CONTRAST)
    assert seen > 30
    assert low == []


def test_tables_and_pictures_are_reached_without_seeing_them(show):
    browser = show(360)
    assert len(browser.find_elements("css selector", "main")) == 1
    wide = browser.find_elements("css selector", ".scroller")
    assert wide
    assert all(one.get_attribute("tabindex") == "0" and one.get_attribute("aria-label") for one in wide)
    pictures = browser.find_elements("css selector", "main > section > svg, .pictures svg[role]")
    assert all(one.get_attribute("aria-label") for one in pictures)
