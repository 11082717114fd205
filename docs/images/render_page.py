"""Makes the pictures of the page, with Chromium: ``python render_page.py TRACES/NAME``.

Given the folder of a program's report instead, it makes the picture of that.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

from selenium import webdriver

from keras_profile.analysis.reports import make_report
from keras_profile.output.reports import render_page
from keras_profile.recordings.opened import open_recording

#: Picture, place in the page, size, dark or light.
PICTURES = (
    ("page-answer.png", "", "#top", 1040, 690, "light"),
    ("page-time.png", "view=time", "#explore", 1180, 760, "light"),
    ("page-left.png", "", "#explore", 1180, 720, "dark"),
)
PROGRAM_PICTURES = (("page-program.png", "", "main", 1040, 760, "light"),)


def main() -> None:
    given = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        if (given / "report.html").is_file():
            page, pictures = (given / "report.html").resolve(), PROGRAM_PICTURES
        else:
            page, pictures = Path(scratch) / "report.html", PICTURES
            page.write_bytes(render_page(make_report(open_recording(given)), open_recording(given)))
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or "chromium"
        for flag in (
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--no-first-run",
            f"--user-data-dir={scratch}/profile",
        ):
            options.add_argument(flag)
        browser = webdriver.Chrome(
            options=options, service=webdriver.ChromeService(shutil.which("chromedriver"))
        )
        try:
            for name, place, top, width, height, theme in pictures:
                browser.execute_cdp_cmd(
                    "Emulation.setDeviceMetricsOverride",
                    {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
                )
                browser.execute_cdp_cmd(
                    "Emulation.setEmulatedMedia",
                    {"features": [{"name": "prefers-color-scheme", "value": theme}]},
                )
                browser.get("about:blank")
                browser.get(f"{page.as_uri()}#{place}")
                time.sleep(1)
                browser.execute_script(
                    "document.querySelector(arguments[0]).scrollIntoView({behavior: 'instant'})", top
                )
                time.sleep(0.5)
                browser.save_screenshot(str(Path(__file__).parent / name))
        finally:
            browser.quit()


if __name__ == "__main__":
    main()
