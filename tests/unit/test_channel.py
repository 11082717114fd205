"""The way of events from a recorder: nothing that is printed gets in, nobody else holds it open."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from keras_profile.errors import KerasProfileError
from keras_profile.launch import recorder_process
from keras_profile.launch.recorder_process import RECORDER
from keras_profile.recorder.protocol import channel, events
from keras_profile.recorder.protocol.requests import RecordRequest

#: On this announcement the driver is interrupted.
INTERRUPT_US = "interrupt us"
#: A recorder that does BEFORE, opens its channel, does DURING and ends.
CODE = """
import ctypes, os, signal, subprocess, sys, time
sys.path.insert(0, {package!r})
{before}
from recorder.protocol.channel import Channel
from recorder.protocol.events import Announce, Stage
channel = Channel(*sys.argv[2:])
def say(text):
    channel.report(Announce(text))
{during}
"""


@pytest.fixture
def recorder(tmp_path, monkeypatch):
    """Runs a recorder through the driver: the texts that it announced, and its log."""

    def run(during, before="", verbose=False):
        folder = tmp_path / "recorder"
        folder.mkdir()
        monkeypatch.setattr(recorder_process, "RECORDER", folder)
        text = CODE.format(package=str(RECORDER.parent), before=before, during=during)
        (folder / "__main__.py").write_text(text)
        told = []

        def listen(event):
            told.append(event)
            if event == events.Announce(INTERRUPT_US):
                signal.raise_signal(signal.SIGINT)

        request = RecordRequest(str(tmp_path), "net.py:build", verbose=int(verbose))
        recorder_process.record_in_process(request, sys.executable, listen)
        log = (tmp_path / recorder_process.FILES["log"]).read_text(errors="replace")
        return [one.text for one in told if isinstance(one, events.Announce)], log

    return run


def test_events_come_in_order_and_whole(recorder):
    texts, log = recorder("for number in range(300): say(str(number) * 1000)")
    assert texts == [str(number) * 1000 for number in range(300)]
    assert log == ""


EVENT = events.Announce("a lie").to_json()


@pytest.mark.parametrize(
    ("before", "logged"),
    [
        ("print('a line')", "a line\n"),
        ("print('no line', end=''); sys.stdout.flush()", "no line"),
        (f"print({EVENT!r}, flush=True)", EVENT + "\n"),
        (r"os.write(1, b'\xff\n\n\n')", "\ufffd\n\n\n"),
        (f"subprocess.run(['echo', {EVENT!r}])", EVENT + "\n"),
    ],
)
def test_what_is_printed_before_the_channel_is_there_is_logged(recorder, before, logged):
    assert recorder("say('after')", before) == (["after"], logged)


@pytest.mark.parametrize(
    "printing",
    [
        "print(TEXT)",
        "os.write(1, TEXT.encode() + b'\\n')",
        "libc = ctypes.CDLL(None); libc.puts(TEXT.encode()); libc.fflush(None)",
        "subprocess.run(['echo', TEXT])",
        "sys.__stdout__.write(TEXT + '\\n'); sys.__stdout__.flush()",
        "sys.stderr.write(TEXT + '\\n')",
        "os.system('echo ' + repr(TEXT))",
    ],
)
def test_nothing_that_is_printed_is_an_event(recorder, printing):
    texts, log = recorder(f"TEXT = {EVENT!r}\nsay('one')\n{printing}\nsys.stdout.flush(); say('two')")
    assert texts == ["one", "two"]
    assert log == EVENT + "\n"


def test_what_is_printed_without_an_end_tears_no_event(recorder):
    texts, log = recorder("os.write(1, b'half'); say('one'); os.write(1, b' of it'); say('two')")
    assert (texts, log) == (["one", "two"], "half of it")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo-terminals")
def test_a_terminal_is_what_the_program_prints_to(recorder):
    texts, log = recorder(
        "say(str((os.isatty(1), sys.stdout.isatty(), sys.stdout.line_buffering, os.isatty(2))))\n"
        "print('to the terminal'); subprocess.run(['echo', 'and its child'])",
        verbose=True,
    )
    assert texts == ["(True, True, True, False)"]
    assert log.splitlines() == ["to the terminal", "and its child"]


def test_without_pseudo_terminals_it_is_the_log(recorder, monkeypatch):
    monkeypatch.delattr(os, "openpty", raising=False)
    assert recorder("say(str(os.isatty(1))); print('to the log')", verbose=True) == (
        ["False"],
        "to the log\n",
    )


LATER = "time.sleep(60)"


@pytest.mark.parametrize(
    "leaving",
    [
        f"left = subprocess.Popen([sys.executable, '-c', 'import time; {LATER}'], close_fds=False).pid",
        "left = subprocess.Popen('exec sleep 60', shell=True).pid",
        f"left = os.fork()\nif not left: {LATER}",
        f"left = os.fork()\nif not left: os.setsid(); {LATER}",
        # A fork that Python does not see: it holds the channel, and does not hold us up.
        f"left = ctypes.CDLL(None).fork()\nif not left: {LATER}",
    ],
)
def test_who_is_left_behind_holds_nobody_up(recorder, leaving):
    began = time.monotonic()
    texts, _ = recorder(f"say('before')\n{leaving}\nsay(str(left))\nos._exit(0)")
    os.kill(int(texts[1]), signal.SIGKILL)  # raises where it is not there
    assert time.monotonic() - began < 50


def test_a_forked_child_reports_nothing(recorder):
    texts, _ = recorder(
        "child = os.fork()\n"
        "say('parent' if child else 'child')\n"
        "os.waitpid(child, 0) if child else os._exit(0)\n"
        "say('end')"
    )
    assert texts == ["parent", "end"]


@pytest.mark.parametrize(
    "taking",
    [
        "os.closerange(3, 1024)",
        "os.close(200)",
        "os.closerange(3, 1024); os.dup2(os.open(PATH, os.O_RDWR), 200)",
        "os.dup2(os.open(PATH, os.O_RDWR), 200)",
        "os.dup2(os.open(PATH, os.O_RDWR), 200); os.unlink(PATH); open(PATH, 'w').close()",
    ],
)
def test_a_descriptor_that_the_program_took_is_not_written_to(recorder, tmp_path, taking):
    path = tmp_path / "users.txt"
    path.write_text("theirs")
    with pytest.raises(KerasProfileError, match="died \\(exit code 1\\)") as found:
        recorder(f"PATH = {str(path)!r}\nsay('before')\n{taking}\nsay('after')")
    assert "closed by the program" in found.value.trace
    assert path.read_text() in ("theirs", "")


def test_an_event_that_was_torn_is_begun_again(recorder):
    texts, log = recorder(
        "write = os.write\n"
        "def half(handle, data):\n"
        "    write(handle, data[:9]); raise KeyboardInterrupt\n"
        "os.write = half\n"
        "try: say('torn')\n"
        "except KeyboardInterrupt: os.write = write\n"
        "say('whole')"
    )
    assert texts == ["whole"]
    assert log == '{"event":\n'


def test_a_slow_reader_gets_all(tmp_path):
    """More than a pipe holds, in single writes that are cut."""
    script = tmp_path / "r.py"
    script.write_text(
        CODE.format(package=str(RECORDER.parent), before="", during="for i in range(5): say('x' * 300_000)")
    )
    with open(tmp_path / "log", "ab") as log:
        started = channel.Recorder([sys.executable, str(script), "request"], log)
        arrived = []
        for event in started.events():
            time.sleep(0.05)
            arrived.append(event.text)
        assert started.process.wait() == 0
    assert arrived == ["x" * 300_000] * 5


def test_an_interrupt_goes_to_the_recorder_once(recorder):
    texts, _ = recorder(
        "signal.signal(signal.SIGINT, lambda *_: (say('interrupted'), sys.exit(0)))\n"
        "assert os.getpgid(0) == os.getpid() == os.getsid(0)\n"
        f"say({INTERRUPT_US!r}); time.sleep(60)"
    )
    assert texts == [INTERRUPT_US, "stopping; press Ctrl-C again to stop at once", "interrupted"]


def test_a_second_interrupt_ends_the_recorder(recorder, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        recorder(
            "signal.signal(signal.SIGINT, signal.SIG_IGN); print(os.getpid(), flush=True)\n"
            f"say({INTERRUPT_US!r}); say({INTERRUPT_US!r}); time.sleep(60)"
        )
    assert not is_there(int((tmp_path / recorder_process.FILES["log"]).read_text()))


def test_on_windows_a_recorder_has_a_group_of_its_own(monkeypatch):
    monkeypatch.setattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0x200, raising=False)
    assert channel.own_group() == {"creationflags": 0x200}


def test_a_recorder_ends_with_its_driver(tmp_path):
    """The driver is killed while the recorder is in a call that reports nothing."""
    model = tmp_path / "model.py"
    model.write_text(
        "import os, time\ndef build():\n"
        f"    open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(60)\n"
    )
    code = (
        "import sys; from keras_profile.launch.recorder_process import record_in_process as record;"
        "from keras_profile.recorder.protocol.requests import RecordRequest;"
        f"record(RecordRequest({str(tmp_path)!r}, '{model}:build'), sys.executable, print)"
    )
    driver = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL)
    pid = tmp_path / "pid"
    until(lambda: pid.exists() and pid.read_text())
    driver.kill()
    driver.wait()
    until(lambda: not is_there(int(pid.read_text())))


def until(is_so):
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def is_there(pid):
    """Whether a process runs; one that nobody asked for its end is none."""
    state = subprocess.run(["ps", "-o", "state=", "-p", str(pid)], stdout=subprocess.PIPE, check=False)
    return state.stdout.strip() not in (b"", b"Z")
