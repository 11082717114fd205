"""Takes away from this process what Windows has not, and adds what it has instead.

A folder with this module in ``PYTHONPATH`` makes each Python process like one on Windows, as far as
the standard library goes: no forks, pseudo-terminals, sessions, inherited descriptors and POSIX
signals, no ``/proc``, no renaming and removing of files that somebody has open, no names that are
kept for devices, and a code page as the encoding of text.
"""

import builtins
import ctypes
import io
import locale
import os
import re
import shutil
import signal
import subprocess
import sys

import psutil

CODE_PAGE = "cp1252"
_CTRL_C, _BREAK, _NEW_GROUP = 0, 12, 0x200

#: What is asked about, before it is gone.
_open, _os_open, _listdir, _readlink = builtins.open, os.open, os.listdir, os.readlink
_kill, _killpg, _getpgid = os.kill, os.killpg, os.getpgid
_start = subprocess.Popen.__init__
_function = ctypes.PyDLL.__getitem__

MODULES = ("fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty")
OF_OS = (
    "O_CLOEXEC",
    "O_NOCTTY",
    "O_NOFOLLOW",
    "O_NONBLOCK",
    "fork",
    "forkpty",
    "getegid",
    "geteuid",
    "getgid",
    "getpgid",
    "getuid",
    "killpg",
    "mkfifo",
    "openpty",
    "posix_spawn",
    "pread",
    "register_at_fork",
    "sched_getaffinity",
    "setsid",
    "sysconf",
    "ttyname",
    "wait4",
)
OF_SIGNAL = (
    "SIGALRM",
    "SIGHUP",
    "SIGKILL",
    "SIGPIPE",
    "SIGQUIT",
    "SIGUSR1",
    "SIGUSR2",
    "alarm",
    "pthread_kill",
    "pthread_sigmask",
    "setitimer",
)
_HIDDEN = ("/proc", "/sys/fs/cgroup")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def _check_hidden(path):
    hidden = isinstance(path, (str, os.PathLike)) and os.fspath(path).startswith(_HIDDEN)
    # psutil knows all of this on Windows, too, from elsewhere.
    if hidden and not sys._getframe(2).f_code.co_filename.startswith(os.path.dirname(psutil.__file__)):
        raise FileNotFoundError(2, "there is no such file on Windows", path)


def _check_name(path):
    if isinstance(path, (str, os.PathLike)):
        name = os.path.basename(os.fspath(path))
        if re.search('[<>:"|?*]|[. ]$', name) or _DEVICE.match(name):
            raise OSError(22, "Windows has no such name", path)


def _open_text(file, mode="r", buffering=-1, encoding=None, *further, **named):
    _check_hidden(file)
    if set(mode) & set("wax"):
        _check_name(file)
    if "b" not in mode and encoding in (None, "locale"):
        encoding = CODE_PAGE
    return _open(file, mode, buffering, encoding, *further, **named)


def _open_descriptor(path, flags, *further, **named):
    _check_hidden(path)
    if flags & os.O_CREAT:
        _check_name(path)
    return _os_open(path, flags, *further, **named)


def _list(path="."):
    _check_hidden(path)
    return _listdir(path)


def _is_open(path):
    """Whether any process has the file open, or one below the folder."""
    full = os.path.realpath(path)
    for process in filter(str.isdigit, _listdir("/proc")):
        try:
            for number in _listdir(f"/proc/{process}/fd"):
                found = _readlink(f"/proc/{process}/fd/{number}")
                if found == full or found.startswith(full + os.sep):
                    return True
        except OSError:
            continue
    return False


def _unless_open(function, paths):
    def call(*arguments, **named):
        for path in arguments[:paths]:
            _check_name(path)
            if not named and os.path.lexists(path) and _is_open(path):
                raise PermissionError(13, "somebody has it open", path)
        return function(*arguments, **named)

    return call


def _unless_named(function):
    def call(path, *further, **named):
        _check_name(path)
        return function(path, *further, **named)

    return call


def _start_as_windows(self, *arguments, **named):
    for name in ("pass_fds", "start_new_session", "preexec_fn", "process_group", "user", "umask"):
        if named.get(name):
            raise ValueError(name + " is not supported on Windows platforms")
    if named.pop("creationflags", 0) & _NEW_GROUP:
        named["start_new_session"] = True
    _start(self, *arguments, **named)


def _function_of_python(self, name):
    """The interpreter's library has none of the C library's functions."""
    if not name.startswith(("Py", "_Py")):
        raise AttributeError(f"function {name!r} not found")
    return _function(self, name)


def _kill_as_windows(pid, number):
    """Ctrl-C for all of the console, Ctrl-Break for a group, and any other signal is the end."""
    if number == _CTRL_C:
        assert pid == 0, "a group that is new gets no Ctrl-C"
        _killpg(_getpgid(0), signal.SIGINT)
    elif number == _BREAK:
        _killpg(pid, _BREAK)
    elif pid == os.getpid() and number in (signal.SIGINT, signal.SIGTERM):
        _kill(pid, number)
    else:
        _kill(pid, 9)


def _become_windows():
    for name in MODULES:
        sys.modules[name] = None
    for name in OF_OS:
        if hasattr(os, name):
            delattr(os, name)
    for name in OF_SIGNAL:
        delattr(signal, name)
    signal.CTRL_C_EVENT, signal.CTRL_BREAK_EVENT, signal.SIGBREAK = _CTRL_C, _BREAK, _BREAK
    subprocess.CREATE_NEW_PROCESS_GROUP = _NEW_GROUP
    subprocess.Popen.__init__ = _start_as_windows
    subprocess.Popen.kill = subprocess.Popen.terminate = lambda self: self.send_signal(signal.SIGTERM)
    os.kill = _kill_as_windows
    ctypes.PyDLL.__getitem__ = _function_of_python
    builtins.open = io.open = _open_text
    os.open, os.listdir = _open_descriptor, _list
    os.replace, os.rename = _unless_open(os.replace, 2), _unless_open(os.rename, 2)
    os.remove, os.unlink = _unless_open(os.remove, 1), _unless_open(os.unlink, 1)
    os.mkdir = _unless_named(os.mkdir)
    shutil._use_fd_functions = False
    locale.getpreferredencoding = lambda do_setlocale=True: CODE_PAGE
    sys.like_windows = True


_become_windows()
