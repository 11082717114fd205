"""What can be asked for, with its defaults. The command line and the Python interface share it.

Nothing heavy is imported here: the command line's help is made of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..recorder.protocol import CAPTURES, RECORDING_SHARE
from ..recorder.protocol.requests import TrialOptions


@dataclass(frozen=True)
class RecipeOptions:
    """Which recipes are tried on calls that were recorded."""

    #: Their identities; None for all that fit, an empty sequence for none.
    recipes: Sequence[str] | None = None
    #: Also those that alter results.
    approximate: bool = False
    #: Also those that need a process of their own.
    processes: bool = False

    def trials(self, seconds: float) -> TrialOptions | None:
        """What a recorder is told: recipes are measured for ``seconds``. None where none is tried."""
        if not self.tries:
            return None
        return TrialOptions(seconds, self.recipes, self.approximate, self.processes)

    @property
    def tries(self) -> bool:
        """Whether any recipe is to be tried."""
        return self.recipes is None or len(self.recipes) > 0


@dataclass(frozen=True)
class ProfileOptions(RecipeOptions):
    """What is called of a model and with what, and how it is measured."""

    #: The entry point; None for ``predict``, or the signature of an exported folder.
    entry: str | None = None
    #: A ``.npy`` or ``.npz`` file or ``file.py:callable``; None for inputs that the target brings or
    #: that are made from the model's input specification.
    input: str | None = None
    #: Rows of input, None for all that are given or 32 that are made.
    rows: int | None = None
    #: ``predict``'s ``batch_size``.
    batch_size: int | None = None
    #: ``predict``'s ``steps``.
    steps: int | None = None
    #: Call the input's callable again before each call.
    vary_input: bool = False
    #: ``file.py:callable`` that returns ``predict``'s callbacks.
    callbacks: str | None = None
    #: Compile the model first, or load it uncompiled; None for as it is.
    compiled: bool | None = None
    #: Run the model eagerly.
    eager: bool = False
    #: Show ``predict``'s progress bar, and measure it.
    verbose: bool = False
    #: Run the code that a model file brings.
    trust_model: bool = False
    #: Which captures are taken.
    captures: Sequence[str] = CAPTURES
    #: How long to measure, beyond import and build.
    seconds: float = 30.0
    #: So much of it goes to recording where recipes are tried.
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
    """How the calls of a program, or of a piece of one, are recorded while it does its work."""

    #: Which captures are taken.
    captures: Sequence[str] = CAPTURES
    #: Record calls in more detail, and let the program take longer.
    thorough: bool = False
    #: Keep inputs in memory, for recipes to be tried on.
    keep_inputs: bool = True
    #: Make the calls that matter again after the end, under all captures.
    replay: bool = True
    #: How long that and trying recipes take; None for as long as the program took, within limits.
    seconds: float | None = None
