"""Whether the interpreter, TensorFlow, its Keras and their dependencies fit together.

A mismatch shows when importing TensorFlow raises; the recorder says which package causes
it. No version is judged here by itself.
"""

from __future__ import annotations

from ..checkup import Facts, Failure
from .check import Verdict, because, fails, not_checked, ok, release, warning

#: Packages that have their own line, by the names under which they are blamed.
_OWN_LINES = ("protobuf", "numpy", "h5py")

#: The first TensorFlow in which TF_USE_LEGACY_KERAS has an effect.
_FIRST_WITH_LEGACY_KERAS = (2, 16)

#: Reading the clock takes less than this, in ns, if no system call is needed for each reading.
#: A probe reads it twice, and a call under spans has some hundred probes.
_SLOW_CLOCK_NS = 1000


def interpreter(facts: Facts) -> Verdict:
    """The interpreter itself starts and answers."""
    if facts.installed is None:
        return because(facts.failure, "it does not answer")
    return ok(facts.installed.python)


def tensorflow(facts: Facts) -> Verdict:
    """TensorFlow is installed, and can be imported."""
    if facts.tensorflow is not None:
        return ok(f"{facts.tensorflow}, imported")
    return _not_imported(facts.failure)


def keras(facts: Facts) -> Verdict:
    """Keras is installed: the one that TensorFlow needs or a variable selects."""
    assert facts.installed is not None
    settings = facts.installed.settings
    legacy = settings.get("TF_USE_LEGACY_KERAS")
    asked = "" if legacy is None else f", TF_USE_LEGACY_KERAS={legacy}"
    blamed = _blamed(facts, "keras", "tf_keras")
    if blamed is not None:
        name = blamed.package
        found = facts.installed.packages.get(name)
        what = f"{name} {found} does not work with this TensorFlow" if found else f"{name} is not installed"
        return fails(f"{what}{asked}: {blamed.message}", blamed.advice, blamed.command)
    if facts.tensorflow is None:
        return not_checked("TensorFlow could not be imported")
    if facts.frameworks is None:
        return _not_imported(facts.failure)
    known = facts.frameworks
    text = f"{known.keras} from {known.keras_root}, backend {known.backend}{asked}"
    if legacy is not None and release(known.tensorflow)[:2] < _FIRST_WITH_LEGACY_KERAS:
        return warning(
            text,
            f"unset TF_USE_LEGACY_KERAS: it has no effect before TensorFlow 2.16, and this is "
            f"{known.tensorflow}",
        )
    backend = settings.get("KERAS_BACKEND", known.backend)
    if backend != known.backend:
        return warning(text, f"unset KERAS_BACKEND={backend}: it has no effect on this Keras")
    return ok(text)


def protobuf(facts: Facts) -> Verdict:
    """protobuf has a version that this TensorFlow works with."""
    return _rests_on(facts, "protobuf")


def numpy(facts: Facts) -> Verdict:
    """NumPy has a version that this TensorFlow works with."""
    return _rests_on(facts, "numpy")


def h5py(facts: Facts) -> Verdict:
    """A model file in HDF5 can be written and read, if h5py works with Keras."""
    assert facts.installed is not None
    version = facts.installed.packages.get("h5py", "not installed")
    blamed = _blamed(facts, "h5py")
    if blamed is not None:
        return fails(
            f"{version} does not work with this TensorFlow: {blamed.message}", command=blamed.command
        )
    if facts.model_file is None:
        return not_checked(f"{version}; no model file was written")
    failure = facts.model_file.failure
    if failure is not None:
        return fails(f"{version}: {failure.message}", failure.advice, failure.command)
    return ok(f"{version}, a model file was written and read")


def clock(facts: Facts) -> Verdict:
    """Reading the clock costs little, so that probes and sampling distort little."""
    assert facts.installed is not None
    cost = facts.installed.clock_ns
    if cost > _SLOW_CLOCK_NS:
        return warning(
            f"reading it takes {cost} ns",
            "this slows calls under probes and sampling, which read it often: check the inflation of each "
            "capture in reports; in a virtual machine another clock source may be faster",
        )
    return ok(f"reading it takes {cost} ns")


def _rests_on(facts: Facts, package: str) -> Verdict:
    """Returns the line of a package that TensorFlow depends on."""
    assert facts.installed is not None
    version = facts.installed.packages.get(package)
    blamed = _blamed(facts, package)
    if blamed is not None:
        return fails(
            f"{version} does not work with this TensorFlow" if version else "not installed",
            command=blamed.command,
        )
    if facts.tensorflow is None:
        return not_checked(f"{version or 'not installed'}; TensorFlow could not be imported")
    return ok(version or "not installed")


def _not_imported(failure: Failure | None) -> Verdict:
    """Returns why an import failed; if the cause has its own line, the fix is there."""
    if failure is not None and failure.package in _OWN_LINES:
        return fails(failure.message, f"the cause is {failure.package}, see its line")
    return because(failure, "it could not be imported")


def _blamed(facts: Facts, *packages: str) -> Failure | None:
    """Returns why TensorFlow could not be imported, if one of these packages is the cause."""
    failure = facts.failure
    if facts.frameworks is None and failure is not None and failure.package in packages:
        return failure
    return None
