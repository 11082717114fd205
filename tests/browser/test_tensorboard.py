"""A real TensorBoard in a real browser shows the steps and phases of old and new traces."""
from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from keras_profile import pipeline, store

ROOT = Path(__file__).parents[2]
PATIENCE = 45

FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic", "--window-size=1500,1000")

#: [thread, title] of every event that the trace viewer has loaded; the viewer draws them on
#: a canvas, which cannot be read.
TITLES = """
const view = document.querySelector('tr-ui-timeline-view');
return view.model.getAllThreads().flatMap(
  thread => thread.sliceGroup.slices.map(slice => [thread.name, slice.title]));
"""


def missing(what):
    """Skips for what this machine lacks; in CI nothing may be lacking."""
    if os.environ.get("CI"):
        pytest.fail(f"CI must run the browser tests: {what}")
    pytest.skip(what)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    try:
        from selenium import webdriver
    except ImportError:
        missing("selenium is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not chromium or not driver:
        missing("chromium or chromedriver is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield started
    started.quit()


def until(attempt, what):
    """What ``attempt`` returns once that is true; errors of the browser are tried again."""
    from selenium.common.exceptions import WebDriverException

    last = None
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            found = attempt()
            if found:
                return found
        except (OSError, WebDriverException) as error:  # an element or a page that is not there yet
            last = error
        time.sleep(0.3)
    pytest.fail(f"after {PATIENCE} s there is no {what}: {last}")


@pytest.fixture
def tensorboard(tmp_path):
    """Starts TensorBoard on a log folder, on this machine alone; its address."""
    processes = []

    def start(log):
        try:
            import tensorboard_plugin_profile  # noqa: F401
        except ImportError:
            missing("tensorboard-plugin-profile is not installed")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        output = tmp_path / "tensorboard.log"
        with output.open("wb") as file:
            processes.append(subprocess.Popen(
                [sys.executable, "-m", "tensorboard.main", "--logdir", str(log), "--host", "127.0.0.1",
                 "--port", str(port), "--load_fast", "false"], stdout=file, stderr=subprocess.STDOUT))
        address = f"http://127.0.0.1:{port}"

        def is_up():
            assert processes[-1].poll() is None, output.read_text(errors="replace")[-2000:]
            return urllib.request.urlopen(f"{address}/data/plugins_listing", timeout=5).status == 200

        until(is_up, "TensorBoard")
        return address

    yield start
    for process in processes:
        process.terminate()
        process.wait(10)


def recording_of(release):
    """A recording of a TensorFlow release, from the tests' data or the examples."""
    folders = [*(Path(__file__).parent / "data").iterdir(), *store.list_recordings(ROOT / "traces")]
    for folder in folders:
        if str(store.read_recording(folder).content.environment["tensorflow"]).startswith(release):
            return folder
    pytest.fail(f"there is no recording of TensorFlow {release}")


def choose(browser, tool, than):
    """Chooses a tool in the page's list of tools, instead of the one that is shown."""
    def selects():
        browser.switch_to.default_content()
        browser.switch_to.frame(browser.find_element("tag name", "iframe"))
        return browser.find_elements("tag name", "mat-select")

    until(lambda: next((one for one in selects() if than in one.text), None), f"list with {than}").click()
    until(lambda: next((one for one in browser.find_elements("tag name", "mat-option") if tool in one.text),
                       None), f"tool {tool}").click()


def titles(browser):
    """[thread, title] of the events in the trace viewer, a page in the plugin's page."""
    browser.switch_to.default_content()
    for _ in range(2):
        browser.switch_to.frame(browser.find_element("tag name", "iframe"))
    return browser.execute_script(TITLES)


@pytest.mark.parametrize("release", ["2.0.", "2.21."])
def test_tensorboard_shows_steps_and_phases(browser, tensorboard, tmp_path, release):
    recording = recording_of(release)
    before = {path: path.stat().st_mtime_ns for path in recording.rglob("*")}
    log = pipeline.write_tensorboard(recording, tmp_path / "report")
    address = tensorboard(log)
    with urllib.request.urlopen(f"{address}/data/plugin/profile/runs") as answer:
        runs = json.loads(gzip.decompress(answer.read()))
    assert sorted(runs) == sorted(path.name for path in (recording / "tensorflow").iterdir())

    browser.get(f"{address}/?darkMode=false#profile")
    choose(browser, "Trace Viewer", than="Overview")
    shown = until(lambda: titles(browser), "event in the trace viewer")
    browser.switch_to.default_content()
    browser.save_screenshot(str(tmp_path / "trace-viewer.png"))
    names = {title for _, title in shown}
    assert {"keras_profile.function_tracing", "keras_profile.iterator_creation",
            "keras_profile.loop"} <= names
    # TensorBoard itself puts the number to a step's name: it has taken it for a step.
    steps = {thread for thread, title in shown if re.fullmatch(r"predict \d+", title)}
    phases = {thread for thread, title in shown if title.startswith("keras_profile.")}
    assert steps == phases
    assert len(steps) == 1
    assert {path: path.stat().st_mtime_ns for path in recording.rglob("*")} == before
