"""A real TensorBoard in a real browser shows the steps and phases of old and new traces."""

from __future__ import annotations

import gzip
import json
import re
import time
import urllib.request
from pathlib import Path

import pytest

from keras_profile.recorder.protocol import FILES
from keras_profile.recordings.json_files import read_recording
from support import golden, requirements
from support.browser import chromium

ROOT = Path(__file__).parents[2]
PATIENCE = 45

#: Each writes traces of another kind: without and with phases of its own, as JSON, as XSpace.
RELEASES = ("2.0.0", "2.1.4", "2.2.3", "2.6.5", "2.21.0")

#: [thread, title, begin, end] of every event that the trace viewer has loaded; the viewer
#: draws them on a canvas, which cannot be read.
EVENTS = """
const view = document.querySelector('tr-ui-timeline-view');
return view.model.getAllThreads().flatMap(
  thread => thread.sliceGroup.slices.map(slice => [thread.name, slice.title, slice.start, slice.end]));
"""

#: Makes the events of the calling thread as wide as the window, for the picture.
ZOOM = """
const view = document.querySelector('tr-ui-timeline-view');
const {min, max} = view.model.bounds;
const display = view.trackView.viewport.currentDisplayTransform.clone();
display.xSetWorldBounds(min, max, view.trackView.viewport.modelTrackContainer.canvas.clientWidth);
view.trackView.viewport.setDisplayTransformImmediately(display);
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("chromium")) as started:
        started.set_window_size(1500, 1000)
        yield started


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
def tensorboard(opened):
    """Opens a recording in TensorBoard, by the command; its address."""

    def start(recording):
        requirements.package("tensorboard_plugin_profile")
        return opened(recording, "tensorboard")

    return start


def recording_of(release):
    """A recording with traces of a TensorFlow release."""
    for folder in golden.recordings():
        version = read_recording(folder).content.environment.facts.tensorflow
        if version == release and (folder / FILES["tensorflow"]).is_dir():
            return folder
    pytest.fail(f"there is no recording of TensorFlow {release} with traces")


def in_viewer(browser, script):
    """What a script returns in the trace viewer, a page in the plugin's page."""
    browser.switch_to.default_content()
    for _ in range(2):
        browser.switch_to.frame(browser.find_element("tag name", "iframe"))
    return browser.execute_script(script)


@pytest.mark.parametrize("release", RELEASES)
def test_tensorboard_shows_steps_and_phases(browser, tensorboard, tmp_path, release):
    recording = recording_of(release)
    before = {path: path.stat().st_mtime_ns for path in recording.rglob("*")}
    address = tensorboard(recording)
    base, _, asked = address.partition("/?")
    with urllib.request.urlopen(f"{base}/data/plugin/profile/runs") as answer:
        runs = json.loads(gzip.decompress(answer.read()))
    assert sorted(runs) == sorted(path.name for path in (recording / "tensorflow").iterdir())

    browser.get(f"{base}/?darkMode=false&{asked}")
    shown = until(lambda: in_viewer(browser, EVENTS), "event in the trace viewer")
    in_viewer(browser, ZOOM)
    browser.switch_to.default_content()
    browser.save_screenshot(str(tmp_path / "trace-viewer.png"))
    phases = [event for event in shown if event[1].endswith(" keras_profile")]
    assert {
        "entry keras_profile",
        "loop keras_profile",
        "function_tracing keras_profile",
        "iterator_creation keras_profile",
    } <= {title for _, title, _, _ in phases}
    # TensorBoard itself puts the number to a step's name: it has taken it for a step.
    steps = [event for event in shown if re.fullmatch(r"predict \d+", event[1])]
    assert steps
    for thread, _, begin, end in steps:
        within = {
            title for its, title, first, last in phases if its == thread and begin <= first and last <= end
        }
        assert {"entry keras_profile", "function_tracing keras_profile"} <= within
    assert {thread for thread, _, _, _ in phases} == {thread for thread, _, _, _ in steps}
    assert {path: path.stat().st_mtime_ns for path in recording.rglob("*")} == before
