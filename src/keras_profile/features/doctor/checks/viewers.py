"""Whether the other viewers of a recording are installed: TensorBoard and snakeviz.

Reports do not depend on them, so a missing one is a warning.
"""

from __future__ import annotations

import shlex

from ....launch.interpreters import pip_command
from ..checkup import Facts, Installed
from .check import Verdict, fails, ok, release, warning

#: The versions of TensorBoard and its plugin with which traces were opened in a real browser.
TRIED = {"tensorboard": "2.21.0", "tensorboard_plugin_profile": "2.24.2"}

#: The first TensorFlow next to which these two can be installed: older ones need an older protobuf, and
#: come with the TensorBoard of their own release.
_FIRST_BESIDE = (2, 21)

#: The names under which TensorFlow is installed.
_TENSORFLOW = ("tensorflow", "tensorflow_cpu", "tensorflow_intel", "tensorflow_macos")

#: TensorBoard before the first version imports pkg_resources, which setuptools has only before the second.
_FIRST_WITHOUT_PKG_RESOURCES, _FIRST_SETUPTOOLS_WITHOUT = (2, 21), (82,)


def tensorboard(facts: Facts) -> Verdict:
    """TensorBoard is installed, here or in the interpreter that is checked."""
    place = _with_tensorboard(facts)
    version = place.packages.get("tensorboard")
    if version is None:
        return warning(
            "not installed; needed only for traces in TensorBoard, not for the page", *_to_install(facts)
        )
    return ok(f"{version}{_where(facts, place)}")


def profile_plugin(facts: Facts) -> Verdict:
    """TensorBoard has the plugin that shows traces: xprof, by its own name or its old one."""
    place = _with_tensorboard(facts)
    found = {
        name: place.packages[name]
        for name in ("tensorboard_plugin_profile", "xprof")
        if name in place.packages
    }
    if found:
        return ok(", ".join(f"{name} {version}" for name, version in found.items()) + _where(facts, place))
    if "tensorboard" not in place.packages:
        return warning("not installed", "the command at tensorboard's line installs it too")
    return warning(
        f"not installed{_where(facts, place)}: TensorBoard has no Profile tab without it", *_to_install(facts)
    )


def setuptools(facts: Facts) -> Verdict:
    """setuptools still has what TensorBoard imports from it."""
    place = _with_tensorboard(facts)
    board, version = place.packages.get("tensorboard"), place.packages.get("setuptools")
    found = f"{version}{_where(facts, place)}" if version else "not installed"
    if board is None or release(board) >= _FIRST_WITHOUT_PKG_RESOURCES:
        return ok(found if version else f"{found}, and not needed")
    if version is None or release(version) >= _FIRST_SETUPTOOLS_WITHOUT:
        return fails(
            f"{found}; TensorBoard {board} needs setuptools<82 to start",
            command=pip_command(place.executable, "setuptools<82"),
        )
    return ok(f"{found}, as TensorBoard {board} needs it")


def snakeviz(facts: Facts) -> Verdict:
    """snakeviz is installed here, where ``keras-profile open --in snakeviz`` starts it."""
    version = facts.here.packages.get("snakeviz")
    if version is None:
        return warning(
            "not installed; needed only for keras-profile open --in snakeviz",
            command=pip_command(facts.here.executable, "snakeviz"),
        )
    return ok(version)


def _with_tensorboard(facts: Facts) -> Installed:
    """Returns where to look for TensorBoard: here, unless only the checked interpreter has it."""
    checked = facts.installed
    if "tensorboard" not in facts.here.packages and checked is not None and "tensorboard" in checked.packages:
        return checked
    return facts.here


def _where(facts: Facts, place: Installed) -> str:
    """Returns where that is, if the two interpreters differ."""
    if facts.installed is None or facts.installed.executable == facts.here.executable:
        return ""
    return ", beside keras-profile" if place is facts.here else ", in the checked environment"


def _to_install(facts: Facts) -> tuple[str, str]:
    """Returns advice and command to install TensorBoard and its plugin without harming a TensorFlow."""
    pins = [f"{name.replace('_', '-')}=={version}" for name, version in TRIED.items()]
    beside = [facts.here.packages[name] for name in _TENSORFLOW if name in facts.here.packages]
    if all(release(version)[:2] >= _FIRST_BESIDE for version in beside):
        return "", pip_command(facts.here.executable, *pins)
    own = shlex.join([facts.here.executable, "-m", "venv", "tensorboard-env"])
    return (
        f"install them in a separate environment, since TensorFlow {beside[0]} needs other packages:",
        f"{own} && {pip_command('tensorboard-env/bin/python', *pins)}",
    )
