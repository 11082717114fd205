"""The page in a real browser: what it shows, how it is used, that no name in it can run."""
from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from keras_profile import pipeline

ROOT = Path(__file__).parents[2]
PATIENCE = 20
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
        devtools("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        devtools("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"}]})
        self.browser.get("about:blank")
        self.browser.get_log("browser")
        self.browser.get(self.path.as_uri() + (f"#{place}" if place else ""))
        until(lambda: self.run("return document.documentElement.dataset.state") != "loading", "page")
        assert self.run("return document.documentElement.dataset.state") == "ready", self.console()
        return self

    def run(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def console(self):
        return [entry["message"] for entry in self.browser.get_log("browser")]

    def texts(self, selector):
        return self.run("return [...document.querySelectorAll(arguments[0])].map(e => e.innerText)", selector)

    def text(self, selector):
        return self.texts(selector)[0]

    def ns(self, selector):
        """The exact figures behind what elements show."""
        return [int(float(value)) for value in self.run(
            "return [...document.querySelectorAll(arguments[0])].map(e => e.dataset.ns)", selector)]


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """Makes the page of a recording once; the report's content and the file."""
    folder = tmp_path_factory.mktemp("pages")
    made = {}

    def page_of(name):
        if name not in made:
            content = pipeline.make_report(ROOT / "traces" / name)
            path = folder / f"{name.replace('/', '-')}.html"
            path.write_bytes(pipeline.render_page(content, ROOT / "traces" / name))
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
