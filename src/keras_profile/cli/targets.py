"""Tells whether a target is a program, which Python runs, or a model, which Keras loads."""

from __future__ import annotations

import ast
import re
import warnings
import zipfile
from pathlib import Path

from ..errors import KerasProfileError

#: The suffixes of each kind, whatever the files contain.
_PROGRAMS, _MODELS = (".py", ".pyw", ".pyc", ".pyz"), (".keras", ".h5", ".hdf5")
#: The module of a folder or an archive that Python runs, and the file by which an exported folder is known.
_MAIN, _EXPORTED = "__main__.py", "saved_model.pb"
#: A first line that starts Python.
_SHEBANG = re.compile(rb"#!.*python", re.IGNORECASE)
#: Compiled code has this after the two bytes of its version.
_COMPILED = b"\r\n"
#: How many bytes of a file are read to see whether it is Python.
_MOST = 10_000_000

#: The target by which Python reads the program from standard input.
STANDARD_INPUT = "-"


def is_program(target: str) -> bool:
    """Whether a target is a program, which plain Python could run.

    Raises :class:`KerasProfileError` if it exists and is neither a program nor a model.

    >>> is_program("net.py"), is_program("net.py:build"), is_program("net.keras")
    (True, False, False)
    """
    path = Path(target)
    if target == STANDARD_INPUT:
        return True
    if path.is_dir():
        return _is_of_folder(path)
    if path.suffix in _MODELS:
        return False
    if path.suffix in _PROGRAMS and ":" not in path.name:
        return True
    if not path.exists():
        return False  # a function of a module or a file, or a mistake that its reader explains
    if not path.is_file() or _is_python(path):  # a pipe can be read only once, by Python
        return True
    raise KerasProfileError(
        f"{target}: expected a program or a model, found a file of neither kind",
        f"give a model file ({' or '.join(_MODELS[:2])}), or a program that python {target} could run",
    )


def _is_of_folder(folder: Path) -> bool:
    if (folder / _MAIN).is_file():
        return True
    if (folder / _EXPORTED).is_file():
        return False
    raise KerasProfileError(
        f"{folder}: expected a program or a model, found a folder with neither {_MAIN} nor {_EXPORTED}",
        "give a script in it, a folder written by model.export(), or a .keras file",
    )


def _is_python(path: Path) -> bool:
    """Whether a file is Python's: code, compiled code, or an archive with a main module."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return _MAIN in archive.namelist()
        with path.open("rb") as file:
            code = file.read(_MOST)
    except zipfile.BadZipFile:
        return False
    except OSError as error:
        raise KerasProfileError(f"{path}: cannot be read: {error.strerror}") from error
    if _SHEBANG.match(code) or code[2:4] == _COMPILED:
        return True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the code is not run here
            ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
