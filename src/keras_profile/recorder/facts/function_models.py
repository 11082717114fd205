"""The models that a function of the user's refers to, as one that ``tf.function`` compiled.

Nothing of the user's is run: cells, globals and attributes are looked up as they are stored.
"""

from __future__ import annotations

from types import FunctionType, GetSetDescriptorType, MethodType
from typing import Any

from ..frameworks.keras import is_model

#: How many names of a function are looked at.
_MOST = 200


def models_of(function: Any) -> list[Any]:
    """Returns the Keras models in the closure of a Python function, in the globals that it names, and
    among the attributes of the object whose method it is.

    >>> models_of(len), models_of(None)
    ([], [])
    """
    owner = None
    if isinstance(function, MethodType):
        owner, function = function.__self__, function.__func__
    if not isinstance(function, FunctionType):
        return []
    names = function.__code__.co_names[:_MOST]
    kept = [_content(cell) for cell in function.__closure__ or ()]
    kept += [function.__globals__.get(name) for name in names]
    # A lambda of a method has the method's object in its closure.
    for one in [owner, *kept]:
        kept += _attributes(one, names)
    found: dict[int, Any] = {id(one): one for one in [owner, *kept] if is_model(one)}
    return list(found.values())


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # nothing is in it yet
        return None


def _attributes(thing: Any, names: Any) -> list[Any]:
    """Returns the attributes of an object that have these names; of classes and modules none."""
    if issubclass(type(thing), type) or is_model(thing) or not _has_own_dict(type(thing)):
        return []
    stored = object.__getattribute__(thing, "__dict__")
    return [stored[name] for name in names if name in stored] if type(stored) is dict else []


def _has_own_dict(kind: type) -> bool:
    """Whether ``__dict__`` of a class's objects is the interpreter's, and no property, which would run."""
    for base in kind.__mro__:
        if "__dict__" in base.__dict__:
            return type(base.__dict__["__dict__"]) is GetSetDescriptorType
    return False
