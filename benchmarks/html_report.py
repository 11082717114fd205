"""How fast the page opens and pans, how much memory and room it takes, beside other viewers.

    python benchmarks/html_report.py [--samples 10000 100000 1000000] [--speedscope FOLDER]

Makes recordings with that many samples of stacks 60 deep, all of the demo's recording in
``traces/`` but its samples, and drives Chromium over the page of each. Load time is from
the start of the navigation to the second frame after everything is there. Frame times are
those of the browser's animation frames while the view pans, zoomed in by a half, in left
heavy and in time order; a screen with 60 frames a second gives one each 16.7 ms at best.
Memory is the page's JavaScript heap after a collection.

pyinstrument's page is of the same samples; from 100,000 on it merges them, as it says
itself. speedscope is measured where its npm package is given (npm install speedscope; then
node_modules/speedscope).
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from selenium.common.exceptions import WebDriverException

from keras_profile.analysis.drilldown.assembly import make_views
from keras_profile.analysis.reports import make_report
from keras_profile.model.call_graph import Function
from keras_profile.model.drilldown import Views
from keras_profile.model.samples import Samples
from keras_profile.output.html import render_html
from keras_profile.output.pyinstrument_page import render_pyinstrument
from keras_profile.recordings.json_files import read_recording
from keras_profile.recordings.opened import OpenedRecording, open_recording

DEMO = Path(__file__).parents[1] / "traces" / "demo-keras-3.15"
DEPTH = 60
FUNCTIONS = 2000
#: Distinct stacks, and how far above its end a path leaves another, on average.
PATHS, LEAVES_ABOVE = 50_000, 10
CALLS = 20
PAN_FRAMES = 180
PATIENCE = 600

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-precise-memory-info",
    "--js-flags=--expose-gc",
    "--allow-file-access-from-files",
    "--window-size=1600,1000",
)

#: Pans by keys, as a person would, and gives the times between animation frames in ms.
PAN = """
const [frames, done] = arguments;
const flame = document.querySelector('#view .flame');
flame.focus();
const press = (key) => flame.dispatchEvent(
  new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
press('w'); press('w');
const times = [];
let before = 0, at = 0;
function step(now) {
  if (before) times.push(now - before);
  before = now;
  press(Math.floor(at / 4) % 2 ? 'd' : 'a');
  if (at++ < frames) requestAnimationFrame(step); else done(times);
}
requestAnimationFrame(step);
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--samples", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--speedscope", type=Path, help="the folder of its npm package")
    parser.add_argument("--keep", type=Path, help="where the pages are kept (default: nowhere)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        print(
            f"{'samples':>9}  {'page':<24}{'size MB':>9}{'load ms':>9}{'heap MB':>9}   "
            "frames: median, 95%, worst ms"
        )
        for count in options.samples:
            for line in measure(count, folder, options.speedscope):
                print(line, flush=True)


def measure(count: int, folder: Path, speedscope: Path | None) -> list[str]:
    """The lines of the table for recordings of ``count`` samples."""
    samples = make_samples(count)
    begin = time.perf_counter()
    page = folder / f"report-{count}.html"
    page.write_bytes(page_of(samples))
    print(f"  (report.html of {count} samples made in {time.perf_counter() - begin:.0f} s)", file=sys.stderr)
    lines = [row(count, "keras_profile", page, drive(page, ["left", "time"]))]
    other = pyinstrument_page(samples, folder / f"pyinstrument-{count}.html")
    if other is None:
        lines.append(
            f"{count:9,}  pyinstrument: its session of so many samples does not fit into memory as JSON"
        )
    else:
        lines.append(row(count, "pyinstrument", other, drive_pyinstrument(other)))
    if speedscope is None:
        lines.append(f"{count:9,}  speedscope: not given")
    else:
        lines.append(speedscope_row(count, samples, folder, speedscope))
    return lines


def make_samples(count: int) -> Samples:
    """Samples of a program with a call tree of its own, always ``DEPTH`` deep, the same each time."""
    choose = random.Random(1)
    frames = [
        Function(
            f"/env/lib/python3.12/site-packages/package_{number % 40}/module_{number % 200}.py",
            10 + number,
            f"function_{number}",
        )
        for number in range(FUNCTIONS)
    ]
    # Each new path leaves one that there is, mostly far down: what programs do most of the
    # time they do deep below few callers.
    stacks = [tuple(choose.randrange(FUNCTIONS) for _ in range(DEPTH))]
    while len(stacks) < min(PATHS, count):
        kept = max(1, DEPTH - 1 - int(choose.expovariate(1 / LEAVES_ABOVE)))
        stacks.append(
            choose.choice(stacks)[:kept] + tuple(choose.randrange(FUNCTIONS) for _ in range(DEPTH - kept))
        )
    stacks.sort()
    at, stack_of_sample = 0, []
    for _ in range(count):
        # From one sample to the next mostly a near path, now and then any other.
        at = (
            choose.randrange(len(stacks))
            if choose.random() < 0.02
            else (at + choose.randrange(-3, 4)) % len(stacks)
        )
        stack_of_sample.append(at)
    return Samples(
        frames,
        stacks,
        stack_of_sample,
        [at * CALLS // count for at in range(count)],
        [choose.randrange(900_000, 1_100_000) for _ in range(count)],
    )


def page_of(samples: Samples) -> bytes:
    recording = read_recording(DEMO)
    content = make_report(open_recording(DEMO))
    cold, warm = OpenedRecording(recording).timelines
    views: Views = make_views(recording, content, cold, warm, samples, None, open_recording(DEMO).traces)
    return render_html(content, views)


def browser() -> Any:
    from selenium import webdriver

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not program or not driver:
        sys.exit("chromium and chromedriver are needed")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    options.page_load_strategy = "none"
    for flag in FLAGS:
        options.add_argument(flag)
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    started.set_script_timeout(PATIENCE)
    return started


def drive(page: Path, views: Sequence[str]) -> tuple[float, float, list[list[float]]]:
    """Load time in ms, heap in MB, and the frame times of each view."""
    chromium = browser()
    try:
        chromium.get(page.as_uri())
        load = until(chromium, "return performance.getEntriesByName('drawn')[0]?.startTime")
        heap = heap_mb(chromium)
        frames = []
        for view in views:
            longest = chromium.execute_script(LONGEST_CALL) if view == "time" else ""
            chromium.get(f"{page.as_uri()}#view={view}{longest}")
            time.sleep(1.0)
            frames.append(chromium.execute_async_script(PAN, PAN_FRAMES))
        return load, heap, frames
    finally:
        chromium.quit()


#: The sampled call of most samples: what time order has most boxes of.
LONGEST_CALL = """
const options = [...document.querySelectorAll('#call-choice option')].filter(
  one => one.textContent.includes('pyinstrument'));
return options.length ? '&call=' + options[0].value : '';
"""


def drive_pyinstrument(page: Path) -> tuple[float, float, list[list[float]]]:
    chromium = browser()
    try:
        begin = time.perf_counter()
        chromium.get(page.as_uri())
        until(chromium, "return document.querySelector('#app')?.innerText.length > 200")
        load = (time.perf_counter() - begin) * 1000
        return load, heap_mb(chromium), []
    finally:
        chromium.quit()


def heap_mb(chromium: Any) -> float:
    chromium.execute_script("window.gc && gc()")
    return float(chromium.execute_script("return performance.memory.usedJSHeapSize")) / 1e6


def until(chromium: Any, script: str) -> Any:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = chromium.execute_script(script)
        if found:
            return found
        time.sleep(0.02)
    raise TimeoutError(script)


def pyinstrument_page(samples: Samples, page: Path) -> Path | None:
    if len(samples.stack) > 200_000:
        return None
    texts = [f"{frame.name}\0{frame.file}\0{frame.line}" for frame in samples.frames]
    duration = sum(samples.weight_ns) / 1e9
    session = {
        "frame_records": [
            ([texts[frame] for frame in samples.stacks[stack]], weight / 1e9)
            for stack, weight in zip(samples.stack, samples.weight_ns)
        ],
        "start_time": 0.0,
        "duration": duration,
        "sample_count": len(samples.stack),
        "start_call_stack": [],
        "target_description": "benchmark",
        "cpu_time": duration,
    }
    page.write_bytes(render_pyinstrument(msgspec.json.encode(session)))
    return page


def speedscope_row(count: int, samples: Samples, folder: Path, package: Path) -> str:
    profile = {
        "$schema": "https://www.speedscope.app/file-format-schema.json",
        "name": "benchmark-profile",
        "shared": {
            "frames": [{"name": one.name, "file": one.file, "line": one.line} for one in samples.frames]
        },
        "profiles": [
            {
                "type": "sampled",
                "name": "benchmark-profile",
                "unit": "nanoseconds",
                "startValue": 0,
                "endValue": sum(samples.weight_ns),
                "weights": samples.weight_ns,
                "samples": [samples.stacks[stack] for stack in samples.stack],
            }
        ],
    }
    data = json.dumps(profile, separators=(",", ":")).encode()
    size = len(data) / 1e6
    if size > 350:
        return f"{count:9,}  speedscope: its file of {size:.0f} MB is more than a browser's longest string"
    script = folder / f"speedscope-{count}.js"
    script.write_text(f"speedscope.loadFileFromBase64('benchmark.json', '{base64.b64encode(data).decode()}')")
    chromium = browser()
    try:
        begin = time.perf_counter()
        chromium.get(
            (package / "dist" / "release" / "index.html").resolve().as_uri()
            + f"#localProfilePath={script.resolve()}"
        )
        try:
            until(chromium, "return document.title.includes('benchmark')")
        except WebDriverException as error:
            said = (error.msg or "").splitlines()[0]
            return f"{count:9,}  speedscope: of its file of {size:.0f} MB: {said}"
        load = (time.perf_counter() - begin) * 1000
        return f"{count:9,}  {'speedscope':<24}{size:9.1f}{load:9.0f}{heap_mb(chromium):9.0f}"
    finally:
        chromium.quit()


def row(count: int, name: str, page: Path, measured: tuple[float, float, list[list[float]]]) -> str:
    load, heap, frames = measured
    line = f"{count:9,}  {name:<24}{page.stat().st_size / 1e6:9.1f}{load:9.0f}{heap:9.0f}   "
    return line + "; ".join(
        f"{statistics.median(times):.1f}, {statistics.quantiles(times, n=20)[-1]:.1f}, {max(times):.1f}"
        for times in frames
    )


if __name__ == "__main__":
    main()
