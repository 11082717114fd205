"""What is exported, in the programs that it is for: they read it, and their totals are the recording's.

speedscope is driven in Chromium: it imports a file, and what it writes back is what it has
understood. The Firefox Profiler is asked through its own command line. Both come from npm.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from keras_profile import cli
from keras_profile.analysis.reports import make_report
from keras_profile.output.exporting import export_format
from keras_profile.recordings.json_files import read_recording
from keras_profile.recordings.opened import open_recording
from support import requirements

ROOT = Path(__file__).parents[2]
PACKAGES = ("speedscope@1.25.0", "@firefox-devtools/profiler-cli@0.10.0")
PATIENCE = 45

#: Makes speedscope save the file again that it has read, and catches it.
SAVED = """
const done = arguments[0], make = URL.createObjectURL;
URL.createObjectURL = blob => {
  URL.createObjectURL = make;
  blob.text().then(done);
  return make.call(URL, blob);
};
window.dispatchEvent(new KeyboardEvent('keydown', {key: 's', keyCode: 83, ctrlKey: true}));
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """The folder of speedscope's and the Firefox Profiler's packages."""
    npm = requirements.program("npm")
    folder = tmp_path_factory.mktemp("npm")
    done = subprocess.run(
        [npm, "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund", *PACKAGES],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode:
        requirements.missing(f"npm could not install {' and '.join(PACKAGES)}: {done.stderr[-500:]}")
    return folder / "node_modules"


@pytest.fixture(scope="module")
def recording():
    return ROOT / "traces" / "demo-keras-3.15"


@pytest.fixture
def exported(recording, tmp_path):
    """Exports the recording in a format, by the command; the file."""

    def export(name):
        path = tmp_path / f"demo{export_format(name).suffix}"
        assert cli.main(["export", str(recording), "--format", name, "--output", str(path)]) == 0
        return path

    return export


@pytest.fixture(scope="module")
def report(recording):
    return make_report(open_recording(recording))


def walls(recording, capture):
    return sum(read_recording(recording).content.calls.wall(capture))


@pytest.fixture
def speedscope(chromium, packages, tmp_path):
    """Lets speedscope read a file; its profiles as it has understood them."""
    page = packages / "speedscope" / "dist" / "release" / "index.html"

    def read(path):
        script = tmp_path / "load.js"
        data = base64.b64encode(path.read_bytes()).decode()
        script.write_text(f"speedscope.loadFileFromBase64({json.dumps(path.name)}, '{data}')")
        chromium.get("about:blank")
        chromium.get(f"{page.as_uri()}#localProfilePath={script}")
        end = time.monotonic() + PATIENCE
        while " - speedscope" not in chromium.title:
            assert time.monotonic() < end, "speedscope did not read the file"
            time.sleep(0.2)
        return json.loads(chromium.execute_async_script(SAVED))

    return read


def length(profile):
    return profile["endValue"] - profile["startValue"]


def own_times(file, profile):
    """The own time of each frame of an evented profile, by name."""
    names = [frame["name"] for frame in file["shared"]["frames"]]
    open_frames, now, own = [], 0, {}
    for event in profile["events"]:
        if open_frames:
            own[names[open_frames[-1]]] = own.get(names[open_frames[-1]], 0) + event["at"] - now
        now = event["at"]
        if event["type"] == "O":
            open_frames.append(event["frame"])
        else:
            open_frames.pop()
    return own


def test_speedscope_reads_its_own_format(speedscope, exported, recording, report):
    file = speedscope(exported("speedscope"))
    by_name = {profile["name"].split(",")[0]: profile for profile in file["profiles"]}
    internals, phases = file["profiles"][:2]
    assert internals["name"].startswith("internals in ")
    assert length(internals) == length(phases) == walls(recording, "spans")
    assert length(by_name["sampled Python functions"]) == report.attribution.total_ns
    # The shares of the phases are those of the report, but for what has no function of the
    # table: how much of that is unattributed the report knows by sampling.
    own = own_times(file, phases)
    for phase in report.attribution.phases:
        if phase.share > 0.1:
            assert own[f"[{phase.phase}]"] / length(phases) == pytest.approx(phase.share, abs=0.03)
    traced = [profile for profile in file["profiles"] if profile["name"].startswith("TensorFlow's trace")]
    assert len(traced) > 2
    assert all(length(profile) == length(traced[0]) >= walls(recording, "tensorflow") for profile in traced)


def test_speedscope_reads_chrome_s_format(speedscope, exported, recording):
    file = speedscope(exported("chrome"))
    profiles = {profile["name"]: profile for profile in file["profiles"]}
    spans, phases = (
        next(
            profile
            for name, profile in profiles.items()
            if name.startswith("spans") and f"{thread} (tid" in name
        )
        for thread in ("calling thread", "phases")
    )
    content = read_recording(recording).content.calls
    all_ns = sum(content.wall("spans")) + sum(content.wall("spans", cold=True))
    assert sum(own_times(file, spans).values()) == pytest.approx(all_ns / 1000)
    assert sum(own_times(file, phases).values()) == pytest.approx(all_ns / 1000)


def test_speedscope_reads_collapsed_stacks_and_pprof(speedscope, exported, report):
    total_ns = report.attribution.total_ns
    (stacks,) = speedscope(exported("collapsed"))["profiles"]
    assert abs(length(stacks) * 1000 - total_ns) <= 500
    (profile,) = speedscope(exported("pprof"))["profiles"]
    assert (profile["unit"], length(profile)) == ("nanoseconds", total_ns)


@pytest.fixture
def firefox(packages, tmp_path):
    """The Firefox Profiler's command line with a file loaded; what it answers to a question."""
    node = requirements.program("node")
    program = packages / "@firefox-devtools" / "profiler-cli" / "dist" / "profiler-cli.js"
    environment = os.environ | {
        "PROFILER_CLI_SESSION_DIR": str(tmp_path / "session"),
        "PROFILER_CLI_NO_SYMBOLICATE": "1",
    }

    def ask(*arguments):
        return subprocess.run(
            [node, str(program), *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def load(path):
        # Its server may take longer than it waits for it.
        first = ask("load", str(path))
        end = time.monotonic() + PATIENCE
        while ask("thread", "list", "--json").returncode:
            assert time.monotonic() < end, first.stderr
            time.sleep(0.3)
        return lambda *arguments: json.loads(ask(*arguments, "--json").stdout)

    yield load
    ask("stop", "--all")


def test_the_firefox_profiler_reads_its_format(firefox, exported, recording):
    answer = firefox(exported("firefox"))
    threads = answer("thread", "list")["threads"]
    by_capture = {}
    for thread in threads:
        by_capture.setdefault(thread["processName"].split(":")[0], []).append(thread)
    assert list(by_capture) == ["spans", "tensorflow", "pyinstrument"]
    assert len(by_capture["tensorflow"]) > 2
    samples = answer("thread", "samples", "--thread", by_capture["spans"][0]["threadHandle"])
    content = read_recording(recording).content.calls
    all_ns = sum(content.wall("spans")) + sum(content.wall("spans", cold=True))
    assert samples["categoryBreakdown"]["totalSamples"] == pytest.approx(all_ns / 1e6)
    phases = {one["name"] for one in samples["categoryBreakdown"]["categories"] if one["samples"]}
    assert {"iterator_creation", "function_tracing", "execution", "entry"} <= phases
    assert by_capture["spans"][0]["markerCount"] > 50
