"""Decides which calls are recorded, and which of them are alike."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Any, Tuple

from ..frameworks import shape_of
from ..frameworks.keras import is_model_layer, keras_root
from ..protocol import ENTRY_POINT_OF, MODEL, entry_point_of_call
from .describing import shapes
from .groups import Group, Groups
from .identity import Models, is_symbolic, shapes_key
from .shared_layers import SharedLayers
from .sites import Sites

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from ..protocol import events


_Place = Tuple[int, int, str, int]
_MOST_PLACES = 500


class _Last:
    """A call whose group is known: the next call of the same model, with an input of the same shape, is
    in the same group."""

    __slots__ = ("dtype", "group", "kind", "model", "shape", "thing")

    def __init__(self, thing: weakref.ref[Any], value: Any, group: Group, model: int) -> None:
        self.thing = thing
        self.kind = type(value)
        self.dtype = value.dtype
        self.shape = shape_of(value)
        self.group = group
        self.model = model

    def is_such(self, thing: Any, value: Any) -> bool:
        return (
            type(value) is self.kind
            and value.dtype is self.dtype
            and self.thing() is thing
            and shape_of(value) == self.shape
        )


def _place(entry: str, arguments: tuple[Any, ...], frame: FrameType) -> _Place:
    return id(frame.f_code), frame.f_lasti, entry, id(arguments[0])


def _input(arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
    return arguments[1] if len(arguments) > 1 else options.get("x")


class Classifier:
    """Separates the user's inference calls from others, and finds the group of each."""

    def __init__(self, tell: Callable[[events.Event], None]) -> None:
        self.groups = Groups()
        self.sites = Sites(tell)
        self._models = Models()
        self._shared_layers: dict[int, SharedLayers] = {}  # of each site
        #: The user's last call from each place: by code object, offset, entry point and model.
        self._last: dict[_Place, _Last] = {}
        self._root: str | None = None
        self._lock = threading.Lock()

    def known_group(
        self, entry: str, arguments: tuple[Any, ...], options: dict[str, Any], frame: FrameType
    ) -> tuple[Group, int] | None:
        """Returns :meth:`group_of` for a call that is like the last one from its place; None for others."""
        if options.get("training") is True:
            return None
        entry = entry_point_of_call(entry, options)
        last = self._last.get(_place(entry, arguments, frame))
        if last is None or not last.is_such(arguments[0], _input(arguments, options)):
            return None
        return last.group, last.model

    def is_users_inference(
        self, entry: str, arguments: tuple[Any, ...], options: dict[str, Any], frame: FrameType
    ) -> bool:
        """Whether it is the user's own call, on values, and not for training.

        There is no doubt about what is called by name; what is called as ``thing(x)`` may be anything.
        """
        entry_point = ENTRY_POINT_OF[entry]
        if entry_point.method:
            return True
        if self.sites.by_framework(frame) or options.get("training") is True:
            return False
        thing = arguments[0]
        if entry_point.called == MODEL and not (hasattr(thing, "predict") or is_model_layer(thing)):
            return False
        values = list(arguments[1:2]) + list(options.values())[:1]
        return not any(is_symbolic(value) for value in values)

    def group_of(
        self, entry: str, arguments: tuple[Any, ...], options: dict[str, Any], frame: FrameType
    ) -> tuple[Group, int]:
        """Returns the group of a call from the user's ``frame``, and the number of its model."""
        value = _input(arguments, options)
        entry = entry_point_of_call(entry, options)
        model, kind = self._models.number_and_kind(arguments[0])
        with self._lock:
            group, new = self.groups.find(self.sites.number(frame), entry, kind, shapes_key(value))
        if new:
            group.shared_layers = self._shared_layers.setdefault(group.site, SharedLayers())
            group.entry = entry
            group.root = self._root_of(arguments[0])
        group.models_seen.add(model)
        if group.varying:
            group.note_shapes(shapes(value))
            if new:  # forgets calls that were in other groups before
                self._last.clear()
        elif self.sites.is_users(frame) and shape_of(value) is not None:
            self._remember(_place(entry, arguments, frame), arguments[0], value, group, model)
        return group, model

    def _remember(self, place: _Place, thing: Any, value: Any, group: Group, model: int) -> None:
        try:
            reference = weakref.ref(thing)
        except TypeError:  # it allows no weak reference
            return
        if len(self._last) >= _MOST_PLACES:
            self._last.clear()
        self._last[place] = _Last(reference, value, group, model)

    def _root_of(self, model: Any) -> str | None:
        """Returns the package of the model's Keras; that of another model if it is not from Keras."""
        root = keras_root(model)
        if root is not None:
            self._root = root
        return root or self._root
