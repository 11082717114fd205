"""Chromium for the tests of pages, and viewers that the program starts."""
from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import pytest

FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic", "--hide-scrollbars",
    "--force-device-scale-factor=1", "--window-size=1280,900")


def missing(what):
    """Skips for what this machine lacks; in CI nothing may be lacking."""
    if os.environ.get("CI"):
        pytest.fail(f"CI must run the browser tests: {what}")
    pytest.skip(what)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """A browser that keeps what pages write to its console."""
    try:
        from selenium import webdriver
    except ImportError:
        missing("selenium is not installed")
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not program or not driver:
        missing("chromium or chromedriver is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield started
    started.quit()


@pytest.fixture
def opened(tmp_path):
    """Opens a recording in a viewer by ``keras-profile open``; the address that it prints.

    In the end Ctrl-C ends the program, and with it the viewer.
    """
    programs, addresses = [], []

    def start(recording, viewer):
        log = tmp_path / f"open-{len(programs)}.log"
        with log.open("w") as file:
            program = subprocess.Popen(
                [sys.executable, "-m", "keras_profile", "open", str(recording), "--in", viewer,
                 "--no-browser"], stdout=subprocess.PIPE, stderr=file, text=True)
        programs.append(program)
        hung = threading.Timer(100, program.kill)
        hung.start()
        address = program.stdout.readline().strip()
        hung.cancel()
        assert address.startswith("http://127.0.0.1:"), log.read_text()
        assert "Ctrl-C ends it" in program.stdout.readline()
        addresses.append(address)
        return address

    yield start
    for program in programs:
        program.send_signal(signal.SIGINT)
        assert program.wait(30) == 0
    for address in addresses:
        with pytest.raises(urllib.error.URLError, match="refused"):
            urllib.request.urlopen(address, timeout=10)
