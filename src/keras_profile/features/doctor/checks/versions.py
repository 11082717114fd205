"""Whether the interpreter, TensorFlow, its Keras and what they rest on fit together.

What does not fit is known by what importing TensorFlow raised, and the recorder says
which package is to blame: no version is judged here by itself.
"""

from __future__ import annotations

from ..checkup import Facts, Failure
from .check import Verdict, because, fails, not_checked, ok, release, warning

#: Packages with a line of their own, by the names under which they are blamed.
_OWN_LINES = ("protobuf", "numpy", "h5py")

#: The first TensorFlow in which TF_USE_LEGACY_KERAS has an effect.
_FIRST_WITH_LEGACY_KERAS = (2, 16)

#: Reading the clock takes less than this, in ns, where the system does not have to be asked for
#: each reading. A probe reads it twice, and a call under spans has some hundred of them.
_SLOW_CLOCK_NS = 1000


def interpreter(facts: Facts) -> Verdict:
    """The interpreter itself starts and answers."""
    if facts.installed is None:
        return because(facts.failure, "it does not answer")
    return ok(facts.installed.python)


def tensorflow(facts: Facts) -> Verdict:
    """TensorFlow is there, and imports."""
    if facts.tensorflow is not None:
        return ok(f"{facts.tensorflow}, imported")
    return _not_imported(facts.failure)


def keras(facts: Facts) -> Verdict:
    """Keras is there, the one that TensorFlow wants or a variable asks for."""
    assert facts.installed is not None
    settings = facts.installed.settings
    legacy = settings.get("TF_USE_LEGACY_KERAS")
    asked = "" if legacy is None else f", TF_USE_LEGACY_KERAS={legacy}"
    blamed = _blamed(facts, "keras", "tf_keras")
    if blamed is not None:
        name = blamed.package
        found = facts.installed.packages.get(name)
        what = f"{name} {found} does not suit this TensorFlow" if found else f"there is no {name}"
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
            f"TF_USE_LEGACY_KERAS has no effect before TensorFlow 2.16, and this is "
            f"{known.tensorflow}: unset it",
        )
    backend = settings.get("KERAS_BACKEND", known.backend)
    if backend != known.backend:
        return warning(text, f"KERAS_BACKEND={backend} has no effect on this Keras: unset it")
    return ok(text)


def protobuf(facts: Facts) -> Verdict:
    """protobuf is of a version that this TensorFlow works with."""
    return _rests_on(facts, "protobuf")


def numpy(facts: Facts) -> Verdict:
    """NumPy is of a version that this TensorFlow works with."""
    return _rests_on(facts, "numpy")


def h5py(facts: Facts) -> Verdict:
    """A model file in HDF5 can be written and read, for which h5py must suit Keras."""
    assert facts.installed is not None
    version = facts.installed.packages.get("h5py", "not installed")
    blamed = _blamed(facts, "h5py")
    if blamed is not None:
        return fails(f"{version} does not suit this TensorFlow: {blamed.message}", command=blamed.command)
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
            "probes and sampling read it all the time and slow the call by "
            "it: look at the inflation of each capture in reports; in a virtual machine, another clock "
            "source of the system may be faster",
        )
    return ok(f"reading it takes {cost} ns")


def _rests_on(facts: Facts, package: str) -> Verdict:
    """The line of a package that TensorFlow rests on."""
    assert facts.installed is not None
    version = facts.installed.packages.get(package)
    blamed = _blamed(facts, package)
    if blamed is not None:
        return fails(
            f"{version} does not suit this TensorFlow" if version else "it is missing", command=blamed.command
        )
    if facts.tensorflow is None:
        return not_checked(f"{version or 'not installed'}; TensorFlow could not be imported")
    return ok(version or "not installed")


def _not_imported(failure: Failure | None) -> Verdict:
    """What an import failed of; where that has a line of its own, what fixes it stands there."""
    if failure is not None and failure.package in _OWN_LINES:
        return fails(failure.message, f"{failure.package} is to blame, see its line")
    return because(failure, "it could not be imported")


def _blamed(facts: Facts, *packages: str) -> Failure | None:
    """What kept TensorFlow from being imported, where one of these is to blame for it."""
    failure = facts.failure
    if facts.frameworks is None and failure is not None and failure.package in packages:
        return failure
    return None
