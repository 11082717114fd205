"""Chromium for the tests of pages, and viewers that the program starts."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import pytest

from support import browser


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """A browser that keeps what pages write to its console."""
    with browser.chromium(tmp_path_factory.mktemp("chromium")) as started:
        yield started


@pytest.fixture
def show_page(chromium):
    """Opens a file as wide as asked for, light or dark."""

    def open_page(path, width=1280, dark=False):
        chromium.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
        )
        chromium.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]},
        )
        chromium.get_log("browser")
        chromium.get(path.as_uri())
        return chromium

    return open_page


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
                [
                    sys.executable,
                    "-m",
                    "keras_profile",
                    "open",
                    str(recording),
                    "--in",
                    viewer,
                    "--no-browser",
                ],
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
            )
        programs.append(program)
        hung = threading.Timer(100, program.kill)
        hung.start()
        address = program.stdout.readline().strip()
        hung.cancel()
        assert address.startswith("http://127.0.0.1:"), log.read_text()
        assert "press Ctrl-C to stop" in program.stdout.readline()
        addresses.append(address)
        return address

    yield start
    for program in programs:
        program.send_signal(signal.SIGINT)
        assert program.wait(30) == 0
    for address in addresses:
        with pytest.raises(urllib.error.URLError, match="refused"):
            urllib.request.urlopen(address, timeout=10)
