"""Which calls are recorded, and which of them are alike."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from ..frameworks.keras import is_model_layer, keras_root
from ..protocol import ENTRY_POINT_OF, MODEL, entry_point_of_call
from .describing import shapes
from .groups import Group, Groups
from .identity import Models, is_symbolic, shapes_key
from .sites import Sites

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from ..protocol import events


class Classifier:
    """Tells the user's inference calls from others, and finds the group of each."""

    def __init__(self, tell: Callable[[events.Event], None]) -> None:
        self.groups = Groups()
        self.sites = Sites(tell)
        self._models = Models()
        self._root: str | None = None
        self._lock = threading.Lock()

    def is_users_inference(
        self, entry: str, arguments: tuple[Any, ...], options: dict[str, Any], frame: FrameType
    ) -> bool:
        """Whether it is the user's own call, on values, and none for training.

        Of what is called by name there is no doubt; what is called as ``thing(x)`` may be anything.
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
        """The group of a call from the user's ``frame``, and the number of its model."""
        model, kind = self._models.number_and_kind(arguments[0])
        value = arguments[1] if len(arguments) > 1 else options.get("x")
        entry = entry_point_of_call(entry, options)
        with self._lock:
            group, new = self.groups.find(self.sites.number(frame), entry, kind, shapes_key(value))
        if new:
            group.entry = entry
            group.root = self._root_of(arguments[0])
        group.models_seen.add(model)
        if group.varying:
            group.note_shapes(shapes(value))
        return group, model

    def _root_of(self, model: Any) -> str | None:
        """The package of the model's Keras; that of another model where it is none of Keras'."""
        root = keras_root(model)
        if root is not None:
            self._root = root
        return root or self._root
