"""Chromium, driven as a person would use it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import requirements

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    "--window-size=1280,900",
)


@contextmanager
def chromium(folder: Path) -> Iterator[Any]:
    """A browser that keeps what pages write to its console; ``folder`` is for its profile."""
    requirements.package("selenium")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = requirements.program("chromium", "chromium-browser", "google-chrome")
    driver = requirements.program("chromedriver")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (*FLAGS, f"--user-data-dir={folder}"):
        options.add_argument(flag)
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        yield started
    finally:
        started.quit()
