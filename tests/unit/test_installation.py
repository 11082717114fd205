"""What is said of a TensorFlow that cannot be imported, and what fixes it."""

from __future__ import annotations

import shlex
import sys
import types

import pytest

from keras_profile.recorder.frameworks.tensorflow import installation
from keras_profile.recorder.protocol import RecorderError

PIP = f"{shlex.quote(sys.executable)} -m pip install"


@pytest.mark.parametrize(
    ("text", "package", "pin"),
    [
        ("Descriptors cannot not be created directly.\nIf this", "protobuf", "'protobuf<3.21'"),
        ("numpy.core.multiarray failed to import", "numpy", "'numpy<2'"),
        ("module 'numpy' has no attribute 'bool'.\n`np.bool` was", "numpy", "'numpy<1.24'"),
        ("No module named 'distutils'", "setuptools", "setuptools"),
        ("No module named 'absl.logging'", "absl", "absl-py"),
        ("No module named 'google.protobuf'", "protobuf", "protobuf"),
        ("No module named 'wrapt'", "wrapt", "wrapt"),
    ],
)
def test_known_errors_have_a_pin(text, package, pin):
    advice = installation.unsuited(ImportError(text))
    assert package in advice
    assert advice.endswith(f"{PIP} {pin}")


@pytest.mark.parametrize("text", ["no AVX", "No module named 'tensorflow.python'", "No module named 'keras'"])
def test_others_have_none(text):
    assert installation.unsuited(ImportError(text)) is None


def test_the_version_that_was_found_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "h5py", types.SimpleNamespace(__version__="3.8.0"))
    assert "h5py 3.8.0 does not work with this TensorFlow" in installation.unsuited(
        AttributeError("'str' object has no attribute 'decode'")
    )


@pytest.mark.parametrize(
    ("requirement", "pin"),
    [
        ("protobuf (!=4.21.0,<5.0.0dev,>=3.20.3)", "'protobuf!=4.21.0,<5.0.0dev,>=3.20.3'"),
        ("protobuf<8.0.0,>=6.31.1 ; python_version > '3'", "'protobuf<8.0.0,>=6.31.1'"),
        ("protobuf3", "protobuf"),
    ],
)
def test_what_tensorflow_asks_for_is_the_pin(monkeypatch, tmp_path, requirement, pin):
    for name, requires in (("tensorflow_cpu-2.21.0", requirement), ("tensorflow_datasets-4.9", "protobuf<1")):
        (tmp_path / f"{name}.dist-info").mkdir()
        (tmp_path / f"{name}.dist-info" / "METADATA").write_text(
            f"Name: {name}\nRequires-Dist: protobuf-other\nRequires-Dist: {requires}\n"
        )
    (tmp_path / "tensorflow").mkdir()
    (tmp_path / "tensorflow" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    error = ImportError("cannot import name 'runtime_version' from 'google.protobuf' (x.py)")
    assert installation.unsuited(error).endswith(f"{PIP} {pin}")


@pytest.mark.parametrize(
    ("version", "legacy", "pin"),
    [
        ("2.18.1", None, "'keras>=3'"),
        ("2.18.1", "1", "'tf_keras==2.18.*'"),
        ("2.9.3", None, "'keras==2.9.*'"),
        ("2.9.3", "1", "'keras==2.9.*'"),
    ],
)
def test_a_keras_that_does_not_suit(monkeypatch, version, legacy, pin):
    class TensorFlow(types.ModuleType):
        __version__ = version

        @property
        def keras(self):
            raise ImportError("Keras cannot be imported")

    monkeypatch.setitem(sys.modules, "tensorflow", TensorFlow("tensorflow"))
    monkeypatch.delenv("TF_USE_LEGACY_KERAS", raising=False)
    if legacy:
        monkeypatch.setenv("TF_USE_LEGACY_KERAS", legacy)
    with pytest.raises(RecorderError) as caught:
        installation.check_keras(AttributeError("what came first"))
    assert "AttributeError: what came first" in caught.value.message
    assert caught.value.advice.endswith(f"{PIP} {pin}")


@pytest.mark.parametrize(
    ("backend", "missing", "package"),
    [("jax", "jax", "jax"), ("torch", "torch", "torch"), ("jax", "h5py", "keras"), (None, "jax", "keras")],
)
def test_a_backend_that_is_not_installed(monkeypatch, backend, missing, package):
    class TensorFlow(types.ModuleType):
        __version__ = "2.21.0"

        @property
        def keras(self):
            try:
                raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)
            except ImportError:
                raise ImportError("Keras cannot be imported")  # noqa: B904 (as TensorFlow does it)

    monkeypatch.setitem(sys.modules, "tensorflow", TensorFlow("tensorflow"))
    monkeypatch.delenv("TF_USE_LEGACY_KERAS", raising=False)
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    if backend:
        monkeypatch.setenv("KERAS_BACKEND", backend)
    with pytest.raises(RecorderError) as caught:
        installation.check_keras()
    fix = caught.value.fix
    assert fix["package"] == package
    assert caught.value.advice == f"{fix['words']} {fix['command']}"
    assert ("KERAS_BACKEND" in caught.value.advice) == (package == backend)


def test_an_error_of_an_import_has_its_mending_for_programs(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)  # "import tensorflow" raises
    with pytest.raises(RecorderError) as caught:
        installation.import_tensorflow()
    assert caught.value.fix["package"] == "tensorflow"
    assert caught.value.fix["command"] == f"{PIP} tensorflow"
