"""What a recorder is asked for."""

from __future__ import annotations

import json
from copy import copy

from .captures import CAPTURES


class Request:
    """What to record. Every field is plain JSON.

    - ``folder``: an existing folder that becomes the recording.
    - ``target``: a model file or folder, or ``module:callable``, ``file.py:callable``.
    - ``entry``: one of :data:`ENTRY_POINTS`, or None for the target's natural one.
    - ``input``: a ``.npy`` or ``.npz`` file or ``file.py:callable``, or None to make
      inputs from the model's own input specification.
    - ``batch_size``, ``rows``, ``steps``: positive numbers or None.
    - ``vary_input``: call the input's callable anew before each call, outside what is measured.
    - ``callbacks``: ``file.py:callable`` that returns predict's callbacks, or None.
    - ``compiled``: True to compile first, False to load uncompiled, None for as it is.
    - ``eager``: run the model eagerly.
    - ``verbose``: show Keras' progress bar, which is then part of what is measured.
    - ``trust_model``: let the model file bring code (Keras' safe mode off).
    - ``seconds``: how long to measure, beyond import and build.
    - ``rounds``: into how many rounds to cut that time, None to choose.
    - ``captures``: which of :data:`CAPTURES`.
    - ``mechanism``: which probes (:mod:`.probes`), None to choose.
    - ``internals``: rows ``[module, qualname, phase, probed]`` of the internals table.
    - ``extra_path``: a folder that is searched for pyinstrument after all others, or None.
    - ``append``: add to the recording that the folder holds already.
    - ``survey``: tell what this interpreter is, before and after what is recorded.
    - ``trials``: None to record. To try recipes instead, a dict: ``seconds`` for measuring,
      ``recipes`` (their ids, None for all that fit), ``approximate`` (also those that alter
      results), ``processes`` (also those that need a process of their own), ``given_up``
      (key of a change -> why it is not to be tried again).
    """

    DEFAULTS = {
        "folder": None,
        "target": None,
        "entry": None,
        "input": None,
        "batch_size": None,
        "rows": None,
        "steps": None,
        "compiled": None,
        "eager": False,
        "verbose": False,
        "trust_model": False,
        "seconds": 30.0,
        "rounds": None,
        "captures": list(CAPTURES),
        "mechanism": None,
        "internals": [],
        "extra_path": None,
        "append": False,
        "vary_input": False,
        "callbacks": None,
        "trials": None,
        "survey": False,
    }

    folder: str
    target: str
    entry: str | None
    input: str | None
    batch_size: int | None
    rows: int | None
    steps: int | None
    compiled: bool | None
    eager: bool
    verbose: bool
    trust_model: bool
    seconds: float
    rounds: int | None
    captures: list[str]
    mechanism: str | None
    internals: list[tuple[str, str, str, bool]]
    extra_path: str | None
    append: bool
    vary_input: bool
    callbacks: str | None
    trials: dict[str, object] | None
    survey: bool

    def __init__(self, **fields):
        unknown = set(fields) - set(self.DEFAULTS)
        if unknown:
            raise TypeError("unknown request fields: " + ", ".join(sorted(unknown)))
        for name, default in self.DEFAULTS.items():
            setattr(self, name, fields.get(name, copy(default)))

    def replaced(self, **fields):
        """The same request with other values of these fields."""
        return Request(**{**{name: getattr(self, name) for name in self.DEFAULTS}, **fields})

    def to_json(self):
        return json.dumps({name: getattr(self, name) for name in self.DEFAULTS})

    @classmethod
    def from_json(cls, text):
        return cls(**json.loads(text))
