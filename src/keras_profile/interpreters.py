"""Finds the interpreter that a user means, and tells what is wrong with it."""
from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .errors import KerasProfileError

#: The recorder is Python 3.7 code.
OLDEST = (3, 7)

#: The last pyinstrument for interpreters that the newest one does not serve.
_PYINSTRUMENT = {(3, 7): "pyinstrument==4.6.2"}

#: Seconds that an interpreter gets to start.
_PATIENCE = 60


def find_interpreter(text: str) -> str:
    """The interpreter that a path, an environment's folder or its name means.

    Raises :class:`KerasProfileError` where there is none, or one that is too old or
    does not run.
    """
    # Absolute, since a name without a folder would be looked for on the search path instead.
    path = next((str(found.absolute()) for found in _candidates(text) if found.is_file()), None)
    if path is None:
        looked = ", ".join(str(folder) for folder in _environment_folders()) or "none"
        raise KerasProfileError(
            f"--python: {text} is no interpreter, no environment's folder and no environment's name",
            f"folders of environments that were searched: {looked}",
        )
    version = interpreter_version(path)
    if version < OLDEST:
        raise KerasProfileError(
            f"--python: {path} is Python {version[0]}.{version[1]}, the recorder needs 3.7 or later",
            "TensorFlow 2.0 has wheels for Python 3.7: use an environment with that",
        )
    return path


def interpreter_version(path: str) -> tuple[int, int]:
    """Major and minor version. Raises :class:`KerasProfileError` where it does not run."""
    try:
        done = subprocess.run(
            [path, "-c", "import sys; print(sys.version_info[0], sys.version_info[1])"],
            capture_output=True, text=True, timeout=_PATIENCE, check=False)
        major, minor = (int(word) for word in done.stdout.split())
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise KerasProfileError(
            f"--python: {path} does not run as a Python interpreter",
            f"try it: {path} -c 'print(1)'",
        ) from error
    return major, minor


def bring_pyinstrument(path: str) -> str:
    """A folder outside the environment with a pyinstrument that suits its interpreter.

    Installed once by the interpreter's own pip, which may download it. Raises
    :class:`KerasProfileError` where that fails.
    """
    version = interpreter_version(path)
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = cache / "keras_profile" / "pyinstrument" / f"python{version[0]}.{version[1]}"
    if (folder / "pyinstrument").is_dir():
        return str(folder)
    done = subprocess.run(
        [path, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
         "--target", str(folder), _PYINSTRUMENT.get(version, "pyinstrument")],
        capture_output=True, text=True, check=False)
    if done.returncode or not (folder / "pyinstrument").is_dir():
        raise KerasProfileError(
            f"--with-pyinstrument: pip of {path} could not install pyinstrument",
            "leave the option away: the capture is then skipped and the report says so",
            trace=done.stderr)
    return str(folder)


def _candidates(text: str) -> Iterator[Path]:
    path = Path(text)
    yield path
    for folder in (path, *(parent / text for parent in _environment_folders())):
        yield folder / "bin" / "python"
        yield folder / "python.exe"
        yield folder / "Scripts" / "python.exe"


def _environment_folders() -> list[Path]:
    """Where conda, virtualenvwrapper and pyenv keep environments by name."""
    folders = [Path.home() / ".virtualenvs", Path.home() / ".conda" / "envs",
               Path.home() / "miniconda3" / "envs", Path.home() / "anaconda3" / "envs"]
    for variable, below in (("CONDA_PREFIX", "envs"), ("MAMBA_ROOT_PREFIX", "envs"),
                            ("WORKON_HOME", ""), ("PYENV_ROOT", "versions")):
        if os.environ.get(variable):
            folders.append(Path(os.environ[variable]) / below)
    return [folder for folder in folders if folder.is_dir()]
