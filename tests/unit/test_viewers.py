"""Viewers that are started: how they are waited for, ended, and what is said where they fail."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from keras_profile import cli
from keras_profile.errors import KerasProfileError
from keras_profile.features.viewers import opening, servers
from keras_profile.output import exporting
from keras_profile.output.exporting import export_format
from support.commands import heed_interrupts

DEMO = Path(__file__).parents[2] / "traces" / "demo-tf-2.0"

#: A viewer that shows nothing: it answers on its port, and only where it should.
ANSWERS = """
import http.server, pathlib, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/ready" else 404)
        self.end_headers()
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
place = pathlib.Path(sys.argv[2])
place.with_name("part").write_text(str(server.server_port))
place.with_name("part").rename(place)
server.serve_forever()
"""


@pytest.fixture
def viewer(tmp_path, monkeypatch):
    """Makes a viewer whose program is these lines."""

    def make(code, **other):
        (tmp_path / "some_viewer.py").write_text(code)
        monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
        return replace(
            servers.Viewer(
                "Some viewer",
                ("json",),
                "some-viewer==1.0",
                "some_viewer",
                "some_viewer",
                lambda path: "/ready",
                lambda path: f"/{path.name}",
                "nothing",
            ),
            **other,
        )

    return make


def prepare(folder):
    (folder / "shown").write_text("what is shown")
    return folder / "shown"


def refused(viewer):
    with pytest.raises(KerasProfileError) as caught:
        servers.run(viewer, prepare, lambda address, where: pytest.fail("it was started"))
    return caught.value


def gone(address):
    """Whether nobody listens at an address any more."""
    try:
        urllib.request.urlopen(address)
    except urllib.error.HTTPError:
        return False
    except urllib.error.URLError:
        return True
    return False


def test_a_viewer_is_waited_for_and_ended_with_its_folder(viewer):
    made = viewer(ANSWERS)
    with servers.Kept() as kept:
        server = servers.Server(made, prepare(kept.folder), kept)
        base, _, page = server.address.rpartition("/")
        assert page == "shown"
        assert urllib.request.urlopen(f"{base}/ready").status == 200
    assert gone(f"{base}/ready")
    assert not kept.folder.exists()


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_a_request_to_end_end_it(viewer, asked):
    addresses = []

    def started(address, where):
        addresses.append(address)
        threading.Timer(0.05, os.kill, [os.getpid(), asked]).start()

    before = signal.getsignal(signal.SIGTERM)
    servers.run(viewer(ANSWERS), prepare, started)
    assert signal.getsignal(signal.SIGTERM) == before
    assert gone(addresses[0])


#: Shows a viewer whose module is in the folder, and says where it is.
SHOWS = """
import sys
from pathlib import Path
from keras_profile.features.viewers import servers
def prepare(folder):
    print(folder, flush=True)
    return folder
viewer = servers.Viewer("V", (), "", "v", sys.argv[1], lambda path: "/ready", lambda path: "/ready", "")
servers.run(viewer, prepare, lambda address, where: print(address, flush=True))
"""
#: One that does not end when it is asked to.
STUBBORN = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + ANSWERS


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGKILL, ANSWERS),
        (signal.SIGHUP, ANSWERS),
        (signal.SIGTERM, ANSWERS),
        (signal.SIGINT, ANSWERS),
        (signal.SIGKILL, STUBBORN),
    ],
)
def test_whatever_ends_us_ends_the_viewer_and_removes_its_folder(viewer, monkeypatch, number, code):
    viewer(code)
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    ours = subprocess.Popen(
        [sys.executable, "-c", SHOWS, "some_viewer"],
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=heed_interrupts,
    )
    folder, address = Path(ours.stdout.readline().strip()), ours.stdout.readline().strip()
    assert folder.is_dir()
    assert not gone(address)
    ours.send_signal(number)
    ours.wait(30)
    ours.stdout.close()
    end = time.monotonic() + 30
    while folder.exists() or not gone(address):
        assert time.monotonic() < end, f"{address}, {folder}"
        time.sleep(0.05)


def test_no_folder_is_left_of_one_that_is_killed_while_it_is_made(tmp_path, monkeypatch):
    ours = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import os\n" + SHOWS.replace("return folder", "os.kill(os.getpid(), 9)"),
            "v",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    folder = Path(ours.stdout.readline().strip())
    ours.wait(30)
    ours.stdout.close()
    end = time.monotonic() + 30
    while folder.exists():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_what_is_missing_is_named_with_the_command_that_installs_it(viewer):
    error = refused(viewer("", modules=("json", "no_such_viewer")))
    assert error.message == "Some viewer needs no_such_viewer, which this environment lacks"
    assert error.advice == f"{sys.executable} -m pip install some-viewer==1.0"


def test_the_reason_of_one_that_dies_at_its_start_is_told(viewer):
    error = refused(viewer("raise SystemExit('no display')"))
    assert error.message == "Some viewer ended by itself (exit code 1); its last output: no display"
    assert error.advice.endswith("-m some_viewer --help")
    assert error.trace == ""


def test_an_old_tensorboard_needs_an_older_setuptools(viewer):
    error = refused(viewer("raise ModuleNotFoundError(\"No module named 'pkg_resources'\")"))
    assert "No module named 'pkg_resources'" in error.message
    assert error.advice == f"{sys.executable} -m pip install 'setuptools<82'"
    assert "Traceback" in error.trace


def test_one_that_has_not_the_data_is_an_error(viewer):
    error = refused(viewer(ANSWERS, ready=lambda path: "/elsewhere"))
    assert "answered with error 404 instead of its data" in error.message


def test_one_that_never_answers_is_given_up(viewer, monkeypatch):
    monkeypatch.setattr(servers, "PATIENCE_S", 0.3)
    error = refused(viewer("import time\ntime.sleep(60)"))
    assert error.message == "Some viewer was started, but did not answer within 0 s"


# --- the command ---


@pytest.fixture
def shown(monkeypatch, tmp_path, tmp_path_factory):
    """What viewers were asked to show, and what files lay there; no viewer is started."""
    monkeypatch.chdir(tmp_path)
    found = []

    def run(viewer, prepare, started):
        scratch = tmp_path_factory.mktemp("scratch")
        path = prepare(scratch)
        found.append(
            (
                viewer.name,
                path.name,
                sorted(str(one.relative_to(scratch)) for one in scratch.rglob("*") if one.is_file()),
            )
        )
        started("http://127.0.0.1:1/x", "look here")

    monkeypatch.setattr(servers, "run", run)
    monkeypatch.setattr(opening, "open_in_browser", lambda address: found.append(address) or True)
    return found


def test_tensorboard_gets_a_copy_and_the_browser_its_address(capsys, shown):
    assert cli.main(["open", str(DEMO), "--in", "tensorboard"]) == 0
    name, folder, files = shown[0]
    assert (name, folder) == ("TensorBoard", "tensorboard")
    assert "tensorboard/plugins/profile/round-01/local.xplane.pb" in files
    assert shown[1] == "http://127.0.0.1:1/x"
    assert capsys.readouterr().out == "http://127.0.0.1:1/x\n  look here; press Ctrl-C to stop\n"


def test_snakeviz_gets_a_profile_made_of_the_table(shown, tmp_path):
    assert cli.main(["open", str(DEMO), "--in", "snakeviz", "--no-browser"]) == 0
    assert shown == [("snakeviz", "demo-tf-2.0.prof", ["demo-tf-2.0.prof"])]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["perfetto", "speedscope", "firefox"])
def test_viewers_that_load_a_file_get_one_and_the_user_is_told_how(
    capsys, shown, tmp_path, monkeypatch, name
):
    monkeypatch.setattr(
        exporting, "export", lambda opened, chosen: (f"{opened.folder} {chosen}".encode(), ["a note"])
    )
    assert cli.main(["open", str(DEMO), "--in", name]) == 0
    captured = capsys.readouterr()
    path, how = captured.out.splitlines()
    assert captured.err == "keras-profile: a note\n"
    assert path == "demo-tf-2.0" + export_format(name).suffix
    assert (tmp_path / path).read_text() == f"{DEMO} {name}"
    assert "https://" in how


@pytest.fixture
def page(shown, tmp_path):
    """The page of a report of the recording."""
    place = tmp_path / "reports" / "demo-tf-2.0" / "report.html"
    place.parent.mkdir(parents=True)
    place.write_text("")
    return place


def test_the_page_of_pyinstrument_is_made_beside_the_report(capsys, shown, page):
    for _ in range(2):
        assert cli.main(["open", str(DEMO), "--in", "pyinstrument"]) == 0
        assert capsys.readouterr().out == "reports/demo-tf-2.0/pyinstrument.html\n"
    assert shown == [page.with_name("pyinstrument.html").as_uri()] * 2


def test_no_browser_prints_the_address_alone(capsys, shown, page):
    assert cli.main(["open", str(DEMO), "--no-browser"]) == 0
    assert capsys.readouterr().out == "reports/demo-tf-2.0/report.html\n"
    assert shown == []


def test_a_recording_without_what_a_viewer_shows_is_refused(capsys, shown, tmp_path):
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "recording.json").write_bytes((DEMO / "recording.json").read_bytes())
    for viewer, capture in (("tensorboard", "tensorflow"), ("snakeviz", "cprofile")):
        assert cli.main(["open", str(bare), "--in", viewer]) == 2
        assert f"--captures bare,spans,{capture}" in capsys.readouterr().err
