"""Environments with real releases of TensorFlow and Keras, made when they are needed.

Run as a program it makes those named, or all: ``python environments.py [NAME ...]``.
They are kept outside the clone, in ``$KERAS_PROFILE_ENVIRONMENTS`` or the user's cache
folder, each in a folder whose name holds a digest of its pins, so that changed pins make
a new one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Generation:
    """A release to test on: the Python it needs, and what is installed into it."""

    name: str
    python: str
    pins: tuple[str, ...]

    @property
    def folder(self) -> Path:
        digest = hashlib.sha256(repr((self.python, self.pins)).encode()).hexdigest()[:10]
        return cache_folder() / f"{self.name}-{digest}"

    @property
    def interpreter(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables that choose this Keras among those installed there."""
        return {"TF_USE_LEGACY_KERAS": "1"} if self.name.startswith("tf_keras") else {}


#: Those of Keras 2, then those of Keras 3. pyinstrument 4.6.2 is the last with a wheel for Python 3.7.
GENERATIONS = {
    generation.name: generation
    for generation in (
        Generation(
            "tf-2.0",
            "3.7",
            ("tensorflow==2.0.0", "protobuf<3.21", "numpy<1.19", "h5py<3", "pyinstrument==4.6.2"),
        ),
        Generation(
            "tf-2.1",
            "3.7",
            ("tensorflow-cpu==2.1.4", "protobuf<3.21", "numpy<1.19", "h5py<3", "pyinstrument==4.6.2"),
        ),
        Generation("tf-2.2", "3.8", ("tensorflow-cpu==2.2.3", "protobuf<3.21", "pyinstrument")),
        Generation("tf-2.4", "3.8", ("tensorflow-cpu==2.4.4", "protobuf<3.21", "pyinstrument")),
        Generation(
            "tf-2.6", "3.8", ("tensorflow-cpu==2.6.5", "keras==2.6.0", "protobuf<3.21", "pyinstrument")
        ),
        Generation("tf-2.9", "3.9", ("tensorflow-cpu==2.9.3", "protobuf<3.20", "numpy<2", "pyinstrument")),
        Generation("tf-2.11", "3.9", ("tensorflow-cpu==2.11.0", "protobuf<3.20", "numpy<2", "pyinstrument")),
        Generation("tf-2.15", "3.10", ("tensorflow-cpu==2.15.1", "keras==2.15.0", "pyinstrument")),
        Generation("tf_keras-2.21", "3.12", ("tensorflow-cpu==2.21.0", "tf_keras==2.21.0", "pyinstrument")),
        Generation("keras-3.0", "3.11", ("tensorflow-cpu==2.16.2", "keras==3.0.5", "pyinstrument")),
        Generation("keras-3.6", "3.12", ("tensorflow-cpu==2.18.1", "keras==3.6.0", "pyinstrument")),
        Generation("keras-3.15", "3.12", ("tensorflow-cpu==2.21.0", "keras==3.15.1", "pyinstrument")),
    )
}


#: Older than what can be profiled.
TENSORFLOW_1 = Generation("tf-1.15", "3.7", ("tensorflow-cpu==1.15.0", "protobuf<3.21", "numpy<1.19"))


@dataclass(frozen=True)
class Mismatch:
    """A generation's environment with other versions of some packages in front of its own."""

    name: str
    generation: str
    pins: tuple[str, ...]

    @property
    def folder(self) -> Path:
        base = GENERATIONS[self.generation]
        digest = hashlib.sha256(repr((str(base.folder), self.pins)).encode()).hexdigest()[:10]
        return cache_folder() / f"{self.name}-{digest}"


#: What users get who let pip choose, or who upgrade one package alone.
MISMATCHES = {
    mismatch.name: mismatch
    for mismatch in (
        Mismatch("protobuf-4", "tf-2.4", ("protobuf==4.25.9",)),
        Mismatch("protobuf-5", "keras-3.15", ("protobuf==5.29.5",)),
        Mismatch("numpy-1.24", "tf-2.4", ("numpy==1.24.4",)),
        Mismatch("numpy-2", "tf-2.15", ("numpy==2.2.6",)),
        Mismatch("h5py-3", "tf-2.0", ("h5py==3.8.0",)),
        Mismatch("keras-2", "keras-3.0", ("keras==2.15.0",)),
    )
}


def cache_folder() -> Path:
    """Where the environments are kept."""
    given = os.environ.get("KERAS_PROFILE_ENVIRONMENTS")
    if given:
        return Path(given).resolve()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "keras_profile" / "environments"


def find_python(version: str) -> str | None:
    """An interpreter of that minor version: from PATH, or below pyenv's root."""
    found = shutil.which(f"python{version}")
    if found and _version(found) == version:
        return found
    roots = [os.environ.get("PYENV_ROOT"), str(Path.home() / ".pyenv"), _pyenv_root()]
    for root in roots:
        for path in sorted(Path(root).glob(f"versions/{version}.*/bin/python")) if root else []:
            if _version(str(path)) == version:
                return str(path)
    return sys.executable if _version(sys.executable) == version else None


@contextmanager
def making(folder: Path) -> Iterator[bool]:
    """Tells whether ``folder`` is complete. If not it is empty, and complete once the block is left.

    Tests run in several processes: one makes it, the others wait for that.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        is_made = (folder / "complete").exists()
        if not is_made:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        yield is_made
        (folder / "complete").touch()


def make(generation: Generation) -> Path:
    """The environment's interpreter, made if it is not there.

    Raises ``LookupError`` where this machine has no Python of the version.
    """
    with making(generation.folder) as is_made:
        if is_made:
            return generation.interpreter
        python = find_python(generation.python)
        if python is None:
            raise LookupError(f"{generation.name} needs Python {generation.python}, which is not installed")
        subprocess.run([python, "-m", "venv", str(generation.folder)], check=True)
        pip = [str(generation.interpreter), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        # The pip that comes with Python 3.7 does not know the wheels' present tags.
        subprocess.run([*pip, "-U", "pip"], check=True)
        subprocess.run([*pip, *generation.pins], check=True)
    return generation.interpreter


def make_mismatch(mismatch: Mismatch) -> Path:
    """The folder of a mismatched environment, made if it is not there.

    It finds the packages of its generation through a path file: they are not installed
    twice. Raises ``LookupError`` as :func:`make`.
    """
    base = make(GENERATIONS[mismatch.generation])
    with making(mismatch.folder) as is_made:
        if is_made:
            return mismatch.folder
        subprocess.run([str(base), "-m", "venv", str(mismatch.folder)], check=True)
        python = mismatch.folder / "bin" / "python"
        (_packages(python) / "generation.pth").write_text(f"{_packages(base)}\n")
        subprocess.run(
            [
                str(python),
                "-m",
                "pip",
                "install",
                "-q",
                "--disable-pip-version-check",
                "--no-deps",
                *mismatch.pins,
            ],
            check=True,
        )
    return mismatch.folder


#: What programs look at themselves with, and what else takes turns on their threads.
INSTRUMENTS = ("coverage", "gevent", "eventlet", "uvloop", "memray", "py-spy")


def make_instruments() -> Path:
    """A folder with :data:`INSTRUMENTS` for the interpreter that runs, for its PYTHONPATH."""
    digest = hashlib.sha256(repr((sys.version_info[:2], INSTRUMENTS)).encode()).hexdigest()[:10]
    folder = cache_folder() / f"instruments-{digest}"
    with making(folder) as is_made:
        if not is_made:
            pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
            subprocess.run([*pip, "--target", str(folder), *INSTRUMENTS], check=True)
    return folder


def _packages(python: Path) -> Path:
    """Where an interpreter's packages are installed."""
    code = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True)
    return Path(done.stdout.strip())


def _version(python: str) -> str | None:
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def _pyenv_root() -> str | None:
    pyenv = shutil.which("pyenv")
    if pyenv is None:
        return None
    done = subprocess.run([pyenv, "root"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


if __name__ == "__main__":
    for wanted in sys.argv[1:] or [*GENERATIONS, *MISMATCHES, TENSORFLOW_1.name]:
        try:
            made = (
                make_mismatch(MISMATCHES[wanted])
                if wanted in MISMATCHES
                else make({**GENERATIONS, TENSORFLOW_1.name: TENSORFLOW_1}[wanted])
            )
            print(wanted, made, flush=True)
        except LookupError as lacking:
            print(wanted, f"cannot be made: {lacking}", flush=True)
