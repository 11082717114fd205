"""Finds the interpreter that a user means, and explains what is wrong with it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from ..errors import KerasProfileError, ending
from .shells import command_line

#: The recorder is Python 3.7 code.
OLDEST = (3, 7)

#: The last pyinstrument for interpreters that the newest one does not support.
_PYINSTRUMENT = {(3, 7): "pyinstrument==4.6.2"}

#: Seconds that an interpreter gets to start.
_PATIENCE = 60

#: How many of a program's last lines are shown.
_LAST_LINES = 15

#: Where the interpreter lies in an environment's folder: of venv and of conda on Windows, and on POSIX.
_ON_WINDOWS = (os.path.join("Scripts", "python.exe"), "python.exe")
_ON_POSIX = (os.path.join("bin", "python"),)
#: Those of this system first: a folder may be shared.
_BELOW = _ON_WINDOWS + _ON_POSIX if os.name == "nt" else _ON_POSIX + _ON_WINDOWS


def find_interpreter(text: str) -> str:
    """The interpreter of a path, an environment's folder or name, or a command.

    Raises :class:`KerasProfileError` if there is none, or it is too old or does not run.
    """
    # Absolute, since a name without a folder would be looked for on the search path instead.
    path = next((str(found.absolute()) for found in _candidates(text) if found.is_file()), None)
    if path is None:
        raise _none_found(text)
    version = interpreter_version(path)
    if version < OLDEST:
        raise KerasProfileError(
            f"--python: expected Python 3.7 or later, found {version[0]}.{version[1]} at {path}",
            "give an environment with Python 3.7 or later; TensorFlow 2.0 and later run there",
        )
    return path


def interpreter_version(path: str) -> tuple[int, int]:
    """Major and minor version. Raises :class:`KerasProfileError` if it does not run."""
    try:
        done = subprocess.run(
            [path, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise KerasProfileError(
            f"--python: {path} did not start within {_PATIENCE} s", f"try it: {_trial(path)}"
        ) from error
    except OSError as error:
        raise KerasProfileError(
            f"--python: {path} cannot be started as a Python interpreter: {error.strerror}",
            "give the path of an interpreter, such as bin/python in an environment",
        ) from error
    # A start file of the environment may print before the answer.
    version = re.search(r"(\d+)\.(\d+)\s*$", done.stdout.decode(errors="replace"))
    if done.returncode or version is None:
        said = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
        raise KerasProfileError(
            f"--python: {path} does not run as a Python interpreter ({ending(done.returncode)}); "
            + ("see its last output above" if said else "it printed nothing"),
            f"try it: {_trial(path)}",
            trace="\n".join(said[-_LAST_LINES:]),
        )
    return int(version[1]), int(version[2])


def pip_command(python: str, *what: str) -> str:
    """The command that installs into an interpreter's environment, to show and copy.

    >>> pip_command("env/bin/python", "setuptools<82")
    "env/bin/python -m pip install 'setuptools<82'"
    """
    return command_line([python, "-m", "pip", "install", *what])


def bring_pyinstrument(path: str) -> str:
    """A folder outside the environment with a pyinstrument that suits its interpreter.

    Installed once by the interpreter's own pip, which may download it. Raises
    :class:`KerasProfileError` if that fails.
    """
    version = interpreter_version(path)
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = cache / "keras_profile" / "pyinstrument" / f"python{version[0]}.{version[1]}"
    if (folder / "pyinstrument").is_dir():
        return str(folder)
    done = subprocess.run(
        [
            path,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--target",
            str(folder),
            _PYINSTRUMENT.get(version, "pyinstrument"),
        ],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode or not (folder / "pyinstrument").is_dir():
        raise KerasProfileError(
            f"--with-pyinstrument: pip of {path} could not install pyinstrument",
            "omit the option: the capture is then skipped, and the report says so",
            trace=done.stderr,
        )
    return str(folder)


def _none_found(text: str) -> KerasProfileError:
    if Path(text).is_dir():
        return KerasProfileError(
            f"--python: expected an environment, found a folder without {_BELOW[0]}: {text}",
            "give the folder of a virtual or conda environment, or the path of its interpreter",
        )
    if os.path.dirname(text):
        return KerasProfileError(
            f"--python: no such file or folder: {text}", f"the working folder is {os.getcwd()}"
        )
    looked = ", ".join(str(folder) for folder in _environment_folders()) or "none"
    return KerasProfileError(
        f"--python: no interpreter, environment or command is called {text}",
        f"give its path; searched for environments in: {looked}",
    )


def _trial(path: str) -> str:
    """A command that shows whether an interpreter runs."""
    return command_line([path, "-c", "print(1)"])


def _candidates(text: str) -> Iterator[Path]:
    path = Path(text)
    yield path
    for folder in (path, *(parent / text for parent in _environment_folders())):
        for below in _BELOW:
            yield folder / below
    command = shutil.which(text)
    if command:
        yield Path(command)


def _environment_folders() -> list[Path]:
    """Where conda, virtualenvwrapper and pyenv keep environments by name."""
    home = Path.home()
    folders = [home / ".virtualenvs", home / "Envs", home / ".conda" / "envs"]
    folders += [home / ".pyenv" / "versions", home / ".pyenv" / "pyenv-win" / "versions"]
    folders += [home / name / "envs" for name in ("miniconda3", "anaconda3", "miniforge3", "mambaforge")]
    for variable, below in (
        ("CONDA_PREFIX", "envs"),
        ("MAMBA_ROOT_PREFIX", "envs"),
        ("WORKON_HOME", ""),
        ("PYENV_ROOT", "versions"),
    ):
        if os.environ.get(variable):
            folders.append(Path(os.environ[variable]) / below)
    return list(dict.fromkeys(folder for folder in folders if folder.is_dir()))
