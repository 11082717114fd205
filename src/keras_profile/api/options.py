"""The options and their defaults, shared by the command line and the Python interface.

Nothing heavy is imported here: the command line's help is made from these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..recorder.protocol import CAPTURES, RECORDING_SHARE
from ..recorder.protocol.requests import TrialOptions


@dataclass(frozen=True)
class RecipeOptions:
    """Which recipes are tried on calls that were recorded."""

    #: Their ids; None for all that fit, an empty sequence for none.
    recipes: Sequence[str] | None = None
    #: Also recipes that alter results.
    approximate: bool = False
    #: Also recipes that need their own process.
    processes: bool = False

    def trials(self, seconds: float) -> TrialOptions | None:
        """The recorder's options to measure recipes for ``seconds``; None if none is tried."""
        if not self.tries:
            return None
        return TrialOptions(seconds, self.recipes, self.approximate, self.processes)

    @property
    def tries(self) -> bool:
        """Whether any recipe is to be tried."""
        return self.recipes is None or len(self.recipes) > 0


@dataclass(frozen=True)
class ProfileOptions(RecipeOptions):
    """How a model is called, with which inputs, and how it is measured."""

    #: The entry point; None for ``predict``, or the signature of an exported folder.
    entry: str | None = None
    #: A ``.npy`` or ``.npz`` file or ``file.py:callable``; None for the target's own inputs, or inputs
    #: generated from the model's input specification.
    input: str | None = None
    #: Rows of input; None for all given ones, or 32 generated ones.
    rows: int | None = None
    #: ``predict``'s ``batch_size``.
    batch_size: int | None = None
    #: ``predict``'s ``steps``.
    steps: int | None = None
    #: Call the input's callable again before each call.
    vary_input: bool = False
    #: ``file.py:callable`` that returns ``predict``'s callbacks.
    callbacks: str | None = None
    #: Compile the model first, or load it uncompiled; None to leave it as it is.
    compiled: bool | None = None
    #: Run the model eagerly.
    eager: bool = False
    #: Show ``predict``'s progress bar, and measure it.
    verbose: bool = False
    #: Run the code in a model file.
    trust_model: bool = False
    #: Which captures are taken.
    captures: Sequence[str] = CAPTURES
    #: How long to measure, beyond import and build.
    seconds: float = 30.0
    #: The share of it that goes to recording if recipes are tried.
    recording_share: float = RECORDING_SHARE

    @property
    def recording_seconds(self) -> float:
        """How long calls are recorded."""
        return self.seconds * self.recording_share if self.tries else self.seconds

    @property
    def trial_seconds(self) -> float:
        """How long recipes are measured."""
        return self.seconds - self.recording_seconds


@dataclass(frozen=True)
class ProgramOptions(RecipeOptions):
    """How the calls of a program, or of a part of it, are recorded while it runs."""

    #: Which captures are taken.
    captures: Sequence[str] = CAPTURES
    #: Record calls in more detail; the program may take longer.
    thorough: bool = False
    #: Keep inputs in memory, for recipes to be tried on.
    keep_inputs: bool = True
    #: Replay the calls that matter after the end, under all captures.
    replay: bool = True
    #: Watch what is traced in all calls, and not only in a line's first ones.
    all_traces: bool = False
    #: How long to replay and to try recipes; None for as long as the program took, and longer for
    #: long calls, within limits.
    seconds: float | None = None
