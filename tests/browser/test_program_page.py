"""The page of a program in a real browser, and its way to the pages of the groups."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page that ``keras-profile run decoder.py`` writes."""
    folder = tmp_path_factory.mktemp("decoder")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "keras_profile",
            "run",
            "--quiet",
            "--seconds",
            "3",
            str(TESTS / "programs/decoder.py"),
        ],
        cwd=folder,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    (written,) = folder.glob("reports/*/report.html")
    return written


@pytest.fixture
def show(show_page, page):
    """Opens the page as wide as asked for, light or dark."""
    return partial(show_page, page)


def test_the_answer_and_the_groups_are_seen(show):
    browser = show()
    assert "% of it in Keras inference" in browser.find_element("css selector", "h1").text
    names = [one.text for one in browser.find_elements("css selector", "h2")]
    assert any("predict at decoder.py" in name for name in names)
    assert any("function at decoder.py" in name for name in names)
    lines = [one.text for one in browser.find_elements("css selector", "pre")]
    assert any("model.predict(np.array([text]" in line for line in lines)
    bar = browser.find_element("css selector", "svg")
    assert bar.size["height"] > 10
    assert bar.get_attribute("aria-label")
    assert browser.get_log("browser") == []


def test_where_the_time_goes_stands_first_and_as_a_picture(show):
    browser = show()
    headings = [one.text for one in browser.find_elements("css selector", "h2")]
    assert headings.index("The whole program") < headings.index("Calls")
    table = browser.find_element("css selector", "main table")
    assert "importing packages" in table.text
    boxes = browser.find_elements("css selector", ".program-flame svg")
    assert len(boxes) > 5
    whole, first = boxes[0].rect, boxes[1].rect
    assert whole["x"] <= first["x"]
    assert first["x"] + first["width"] <= whole["x"] + whole["width"] + 1
    names = [
        one.get_attribute("textContent")
        for one in browser.find_elements("css selector", ".kind-inference title")
    ]
    assert any(name.startswith("predict") for name in names)
    assert browser.find_element("css selector", ".program-flame").get_attribute("aria-label")
    summary = browser.find_element("css selector", "summary")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", summary)
    summary.click()
    assert "import" in browser.find_element("css selector", ".tree").text
    assert browser.get_log("browser") == []


def test_a_group_leads_to_its_own_page(show):
    browser = show()
    link = browser.find_element("css selector", "td a")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", link)
    link.click()
    assert browser.current_url.endswith("group-1/report.html")
    assert browser.execute_script("return document.querySelectorAll('canvas').length") > 0
    assert browser.get_log("browser") == []
    browser.find_element("id", "above").click()
    assert browser.current_url.endswith("/report.html")
    assert "group-1" not in browser.current_url
    assert "in Keras inference" in browser.find_element("css selector", "h1").text


def test_a_group_has_its_phases_as_a_bar(show):
    browser = show()
    bars = browser.find_elements("css selector", ".group .shares.small")
    assert bars
    assert "The phases of a call: " in bars[0].get_attribute("aria-label")
    fills = browser.execute_script(
        "return [...arguments[0].querySelectorAll('g')].map(one => getComputedStyle(one).fill)", bars[0]
    )
    assert len(set(fills)) > 2


def test_a_narrow_screen_says_that_the_table_scrolls(show):
    said = show(360).find_element("css selector", ".narrow")
    assert said.is_displayed()
    assert "scrolls" in said.text
    assert not show(1280).find_element("css selector", ".narrow").is_displayed()


@pytest.mark.parametrize("width", [360, 768, 3840])
def test_it_fits_every_screen(show, width):
    browser = show(width)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_can_be_read(show, dark):
    seen, low = show(dark=dark).execute_script(CONTRAST)
    assert seen > 50
    assert low == []


def test_tables_are_reached_by_keys_and_have_a_landmark(show):
    browser = show(360)
    assert len(browser.find_elements("css selector", "main")) == 1
    wide = browser.find_elements("css selector", ".scroller")
    assert wide
    assert all(one.get_attribute("tabindex") == "0" and one.get_attribute("aria-label") for one in wide)


def test_the_timeline_zooms_without_a_script(show):
    browser = show()
    scroller = browser.find_element("css selector", ".strips")
    rows = browser.find_element("css selector", ".strip-rows")
    whole = rows.size["width"]
    assert whole <= scroller.size["width"]
    assert [one.text for one in browser.find_elements("css selector", ".timeline label")] == [
        "all of it",
        "6×",
        "36×",
    ]
    for zoom in (6, 36):
        browser.find_element("css selector", f"label[for=zoom-{zoom}]").click()
        assert rows.size["width"] == pytest.approx(zoom * whole, rel=0.01)
        shown = [one for one in browser.find_elements("css selector", ".axis") if one.is_displayed()]
        assert len(shown) == 1
        marks = [one.get_attribute("textContent") for one in shown[0].find_elements("css selector", "text")]
        assert len(set(marks)) == len(marks) > 3 * zoom
    # The names stay where they are while the strips scroll.
    names = browser.find_element("css selector", ".strip-names")
    before = browser.execute_script("return arguments[0].getBoundingClientRect().left", names)
    browser.execute_script("arguments[0].scrollLeft = 500", scroller)
    assert browser.execute_script("return arguments[0].getBoundingClientRect().left", names) == before


def test_each_call_of_the_timeline_tells_its_line(show):
    browser = show()
    titles = [
        one.get_attribute("textContent")
        for one in browser.find_elements("css selector", ".strip .kind-inference title")
    ]
    assert any("predict at decoder.py:" in title for title in titles)
    assert any(
        "importing packages" in one.get_attribute("textContent")
        for one in browser.find_elements("css selector", ".strip .kind-import title")
    )
