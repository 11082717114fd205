"""The page of two programs in a real browser: their lines, and what differs in a call of each."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from support.commands import keras_profile
from support.two_programs import PROGRAM, recorded

CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(new_folder):
    """The folder of a comparison of two programs, of which the second calls one line more often."""
    made = new_folder()
    recordings = recorded(made, PROGRAM.replace("range(12)", "range(60)"))
    assert keras_profile("compare", *recordings, folder=made).code == 0
    (report,) = (made / "reports").iterdir()
    return report


@pytest.fixture(scope="module")
def content(folder):
    return json.loads((folder / "comparison.json").read_text(encoding="utf-8"))


@pytest.fixture
def show(show_page, folder):
    """Opens the page as wide as asked for, light or dark."""
    return partial(show_page, folder / "comparison.html")


def test_the_answer_and_the_lines_stand_first(show, content):
    browser = show()
    assert browser.find_element("css selector", "h1").text == content["headline"]
    assert browser.get_log("browser") == []
    assert browser.find_elements("css selector", "script") == []
    (bars, *_) = browser.find_elements("css selector", ".bars")
    names = [one.text for one in bars.find_elements("css selector", "text:not(.amount)")]
    assert names[0] == content["lines"][0]["name"]
    assert names[-2:] == ["everything else", "the program"]


def test_the_bars_sum_to_the_difference_of_the_programs(show, content):
    (bars, *_) = show().find_elements("css selector", ".bars")
    *amounts, whole = [
        float(one.text.split()[0]) for one in bars.find_elements("css selector", "text.amount")
    ]
    assert sum(amounts) == pytest.approx(whole, rel=0.02, abs=1)
    assert whole == pytest.approx((content["after_wall_ns"] - content["before_wall_ns"]) / 1e6, abs=1)


def test_a_line_leads_to_what_differs_in_its_call(show):
    browser = show()
    first, second = browser.find_elements("css selector", ".of-line")
    assert (first.get_attribute("open"), second.get_attribute("open")) == ("true", None)
    links = browser.find_elements("css selector", "td a")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", links[1])
    links[1].click()
    assert second.get_attribute("open") == "true"
    assert second.find_element("css selector", "p").is_displayed()


def test_each_call_has_colours_of_its_own(show):
    browser = show()
    browser.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")

    def fills():
        return browser.execute_script(
            "return [...document.querySelectorAll('.of-line')].map(line =>"
            " [...line.querySelectorAll('.both-trees rect')]"
            ".filter(one => getComputedStyle(one.parentElement).display != 'none')"
            ".map(one => getComputedStyle(one).fill))"
        )

    before = fills()
    choice = browser.find_elements("css selector", "input.by-phase")[1]
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", choice)
    choice.click()
    after = fills()
    assert before[0] == after[0]
    assert before[1] != after[1]


@pytest.mark.parametrize("width", [360, 1280, 3840])
def test_it_fits_every_screen(show, width):
    browser = show(width)
    browser.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_can_be_read(show, dark):
    seen, low = show(dark=dark).execute_script(CONTRAST)
    assert seen > 30
    assert low == []
