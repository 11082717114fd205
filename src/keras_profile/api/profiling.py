"""Profiles a model: records its calls, tries recipes on them, makes the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from ..analysis.attribution.internals import internals_for_recorder
from ..analysis.rules.catalogue import RULES
from ..analysis.rules.rule import Rule
from ..launch import recorder_process
from ..launch.recorder_process import Listener
from ..output.progress import ProgressDisplay
from ..recorder.protocol.requests import RecordRequest, TryRequest
from ..recordings.folders import new_folder, remove_if_empty
from ..recordings.json_files import read_recording
from ..recordings.names import TRACES, place_and_name, recording_name
from ..recordings.opened import open_recording
from .options import ProfileOptions
from .results import Report


class Place(Protocol):
    """Where the calls are made."""

    def record(self, request: RecordRequest, listener: Listener) -> None:
        """Records the calls that are asked for. Raises :class:`KerasProfileError`."""

    def try_recipes(self, request: TryRequest, listener: Listener) -> None:
        """Tries recipes on them. Raises :class:`KerasProfileError`."""


@dataclass(frozen=True)
class InInterpreter:
    """In new processes of the interpreter ``python``."""

    python: str
    #: A folder with a pyinstrument, for an interpreter that has none.
    extra_path: str | None = None
    #: Run each capture in its own process.
    isolate: bool = False

    def record(self, request: RecordRequest, listener: Listener) -> None:
        recorder_process.record_in_process(
            replace(request, extra_path=self.extra_path), self.python, listener, self.isolate
        )

    def try_recipes(self, request: TryRequest, listener: Listener) -> None:
        recorder_process.try_in_process(request, self.python, listener)


@dataclass(frozen=True)
class InThisProcess:
    """In this process, on a live model."""

    model: Any
    inputs: Any

    def record(self, request: RecordRequest, listener: Listener) -> None:
        recorder_process.record_here(request, self.model, self.inputs, listener)

    def try_recipes(self, request: TryRequest, listener: Listener) -> None:
        recorder_process.try_here(request, self.model, self.inputs, listener)


def profile_at(
    place: Place,
    target: str,
    options: ProfileOptions,
    *,
    name: str,
    output: Path,
    quiet: bool,
    rules: Sequence[Rule] = RULES,
) -> Report:
    """The report of ``target``, whose recording goes to a new folder of ``output/traces/``.

    The folder is named after ``name``. Recipes are tried unless the recording was interrupted. Raises
    :class:`KerasProfileError`, and leaves no folder if nothing was recorded.
    """
    entry = options.entry or _natural_entry(target)
    folder = new_folder(output / TRACES, recording_name(name, entry, datetime.now()))
    request = recording_request(folder, target, options)
    try:
        with ProgressDisplay(quiet) as display:
            place.record(request, display)
            trials = options.trials(options.trial_seconds)
            if trials is not None and not read_recording(folder).content.interrupted:
                with recorder_process.profile_is_kept(display):
                    place.try_recipes(request.trying(trials), display)
        return Report.of(open_recording(folder), rules)
    except BaseException:
        remove_if_empty(folder)
        raise


def recording_request(folder: Path, target: str, options: ProfileOptions) -> RecordRequest:
    """The request to record ``target`` into ``folder``."""
    return RecordRequest(
        folder=str(folder.resolve()),
        target=target,
        entry=options.entry,
        input=options.input,
        rows=options.rows,
        batch_size=options.batch_size,
        steps=options.steps,
        vary_input=options.vary_input,
        callbacks=options.callbacks,
        compiled=options.compiled,
        eager=options.eager,
        verbose=options.verbose,
        trust_model=options.trust_model,
        captures=list(options.captures),
        seconds=options.recording_seconds,
        internals=internals_for_recorder(),
    )


def _natural_entry(target: str) -> str:
    """The entry point if none is asked for."""
    return "signature" if Path(place_and_name(target)[0]).is_dir() else "predict"
