"""Imports TensorFlow and its Keras, or reports what is wrong with them and what fixes it."""

from __future__ import annotations

import glob
import importlib.util
import os
import re
import shlex
import sys
from typing import Any

from ...protocol import RecorderError


def import_tensorflow() -> Any:
    """Returns TensorFlow, or raises a :class:`RecorderError` that says why not."""
    try:
        import tensorflow
    except ImportError as error:
        if error.name == "tensorflow":
            raise RecorderError(
                "no_tensorflow",
                "{} has no TensorFlow".format(sys.executable),
                "install it there: {}, or give an environment that has it with --python".format(
                    _pip("tensorflow")
                ),
                fix=_Fix(
                    "install it there, or give an environment that has it with --python: ",
                    "tensorflow",
                    _pip("tensorflow"),
                ).described(),
            ) from error
        raise _broken("TensorFlow", error) from error
    except Exception as error:
        raise _broken("TensorFlow", error) from error
    if not hasattr(tensorflow, "__version__"):
        raise RecorderError(
            "broken_tensorflow",
            "TensorFlow of {} is an empty shell: the package has no version".format(sys.executable),
            "install it again: {}".format(_pip("--force-reinstall", "tensorflow")),
            fix=_Fix("install it again: ", "tensorflow", _pip("--force-reinstall", "tensorflow")).described(),
        )
    if int(tensorflow.__version__.partition(".")[0]) < 2:
        raise RecorderError(
            "old_tensorflow",
            "{}: expected TensorFlow 2.0.0 or later, found {}".format(sys.executable, tensorflow.__version__),
            "give an environment that has TensorFlow 2 with --python, or upgrade this one: {}".format(
                _pip("tensorflow>=2")
            ),
            fix=_Fix(
                "upgrade it, or give an environment that has TensorFlow 2 with --python: ",
                "tensorflow",
                _pip("tensorflow>=2"),
            ).described(),
        )
    return tensorflow


def check_keras(seen: BaseException | None = None) -> None:
    """Raises a :class:`RecorderError` if the Keras of TensorFlow cannot be imported.

    ``seen`` is what the first attempt raised: later ones raise other things.
    """
    tensorflow = import_tensorflow()
    try:
        tensorflow.keras.layers.Layer  # noqa: B018 (later releases import Keras here)
    except Exception as error:
        fix = _backend_fix(error) or _keras_pin(tensorflow.__version__)
        raise _broken("tf.keras", seen or error, fix) from error


def unsuited(error: BaseException) -> str | None:
    """Returns what to do about an exception that a package of the wrong version is known to raise.

    None for others.
    """
    fix = find_fix(error)
    return None if fix is None else fix.advice()


def find_fix(error: BaseException) -> _Fix | None:
    """Returns what fixes an exception that a package of the wrong version is known to raise.

    None for others.
    """
    text = str(error)
    for sign, package, module, pin in _SIGNS:
        if sign in text:
            found = getattr(sys.modules.get(module), "__version__", None)
            return _Fix(
                "{} does not work with this TensorFlow; to fix it: ".format(
                    package + (" " + found if found else "")
                ),
                package,
                _pip(pin or _required(package)),
            )
    missing = re.search(r"No module named '([\w.]+)'", text)
    top = missing.group(1).partition(".")[0] if missing else "tensorflow"
    if top in ("tensorflow", "keras", "tf_keras"):
        return None
    package = _PACKAGES.get(top, top)
    return _Fix("the package {} is missing; to fix it: ".format(package), package, _pip(package))


class _Fix:
    """What is wrong in words, the package that is to blame, and the command that fixes it."""

    def __init__(self, words: str, package: str, command: str) -> None:
        self._words = words
        self._package = package
        self._command = command

    def advice(self) -> str:
        return self._words + self._command

    def described(self) -> dict[str, str]:
        """Returns it as plain data, for programs."""
        return {"package": self._package, "words": self._words.strip(), "command": self._command}


#: What errors say if another package does not suit TensorFlow: the package, its module
#: and the pin that fixes it, or None for what TensorFlow itself says it needs. Releases
#: before 2.9 do not say which versions are too new.
_SIGNS = (
    ("Descriptors cannot", "protobuf", "google.protobuf", "protobuf<3.21"),
    ("duplicate file name", "protobuf", "google.protobuf", "protobuf<3.21"),
    ("'runtime_version' from 'google.protobuf'", "protobuf", "google.protobuf", None),
    ("Protobuf Gencode/Runtime", "protobuf", "google.protobuf", None),
    ("numpy.core.multiarray failed", "numpy", "numpy", "numpy<2"),
    ("numpy.core.umath failed", "numpy", "numpy", "numpy<2"),
    ("_ARRAY_API not found", "numpy", "numpy", "numpy<2"),
    ("has no attribute 'object'", "numpy", "numpy", "numpy<1.24"),
    ("has no attribute 'bool'", "numpy", "numpy", "numpy<1.24"),
    ("has no attribute 'typeDict'", "numpy", "numpy", "numpy<1.22"),
    ("'str' object has no attribute 'decode'", "h5py", "h5py", "h5py<3"),
)

#: Packages by their modules, if the names differ. Python 3.12 dropped distutils, which
#: TensorFlow before 2.19 still imports; setuptools has it.
_PACKAGES = {
    "distutils": "setuptools",
    "pkg_resources": "setuptools",
    "google": "protobuf",
    "absl": "absl-py",
    "yaml": "pyyaml",
}

#: The names under which TensorFlow is installed, as its folders have them.
_DISTRIBUTIONS = ("tensorflow", "tensorflow_cpu", "tensorflow_intel", "tensorflow_macos")


def _broken(what: str, error: BaseException, fix: _Fix | None = None) -> RecorderError:
    fix = find_fix(error) or fix
    advice = "for details: {} -c 'import tensorflow'".format(shlex.quote(sys.executable))
    return RecorderError(
        "broken_tensorflow",
        "importing {} in {} raised {}".format(what, sys.executable, telling_line(error)),
        advice if fix is None else fix.advice(),
        fix=None if fix is None else fix.described(),
    )


def telling_line(error: BaseException) -> str:
    """Returns an error's name and the line of its text that says what happened.

    TensorFlow puts whole tracebacks into the text of its own errors.

    >>> telling_line(ImportError("Traceback (most recent call last):\\nOSError: no libcuda\\n\\nFailed"))
    'OSError: no libcuda'
    """
    lines = str(error).strip().splitlines() or [""]
    if lines[0].startswith("Traceback"):
        for line in reversed(lines):
            if re.match(r"[\w.]+(Error|Exception): ", line):
                return line.strip()
    return "{}: {}".format(type(error).__name__, lines[0].strip())


def _backend_fix(error: BaseException | None) -> _Fix | None:
    """Returns what installs the backend that KERAS_BACKEND asks for, if that could not be imported."""
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    while error is not None and backend != "tensorflow":
        if getattr(error, "name", None) == backend:
            return _Fix(
                "KERAS_BACKEND={} is set: unset it, or install this backend: ".format(backend),
                backend,
                _pip(backend),
            )
        error = error.__cause__ or error.__context__
    return None


def _keras_pin(version: str) -> _Fix | None:
    """Returns what installs the Keras that TensorFlow ``version`` uses."""
    major, minor = (int(number) for number in version.split(".")[:2])
    if (major, minor) >= (2, 16):
        if os.environ.get("TF_USE_LEGACY_KERAS") in ("1", "true", "True"):
            return _Fix(
                "TF_USE_LEGACY_KERAS is set: unset it, or install the legacy Keras: ",
                "tf_keras",
                _pip("tf_keras=={}.{}.*".format(major, minor)),
            )
        return _Fix("this TensorFlow needs Keras 3: ", "keras", _pip("keras>=3"))
    if (major, minor) >= (2, 6):
        return _Fix(
            "this TensorFlow needs the Keras of its own release: ",
            "keras",
            _pip("keras=={}.{}.*".format(major, minor)),
        )
    return None


def _required(package: str) -> str:
    """Returns the versions of ``package`` that the installed TensorFlow says it needs, as for pip."""
    wanted = re.compile(r"^Requires-Dist: ({}(?![\w.-])[^;\n]*)".format(package), re.M)
    spec = importlib.util.find_spec("tensorflow")
    for folder in (spec and spec.submodule_search_locations) or []:
        packages = glob.escape(os.path.dirname(folder))
        for name in _DISTRIBUTIONS:
            for path in glob.glob(os.path.join(packages, name + "-[0-9]*.dist-info", "METADATA")):
                with open(path, encoding="utf-8") as file:
                    found = wanted.search(file.read())
                if found:
                    return re.sub(r"[() ]", "", found.group(1))
    return package


def _pip(*what: str) -> str:
    """Returns the command that installs into this interpreter's environment."""
    words = [sys.executable, "-m", "pip", "install"] + list(what)
    return " ".join(shlex.quote(word) for word in words)
