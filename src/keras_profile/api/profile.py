"""The Python interface: profile a model object that lives in this process."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from ..analysis.attribution.internals import internals_for_recorder
from ..analysis.reports import make_report
from ..errors import KerasProfileError
from ..launch import recorder_process
from ..model.program_report import ProgramFigures, ProgramReport
from ..model.report import Attribution, CallFigures, CaptureFigures, Comparison, Finding, ReportContent
from ..output import reports
from ..output.progress import ProgressDisplay
from ..output.reports import render_notebook, report_text
from ..recorder.protocol import CAPTURES, RECORDING_SHARE, Request
from ..recordings.finding import find_program, find_recording
from ..recordings.folders import empty_folder, new_folder, remove_if_empty
from ..recordings.json_files import read_recording, read_report
from ..recordings.names import TRACES, recording_name
from ..recordings.opened import OpenedProgram, open_recording


class Report:
    """A report. Its attributes are the keys of ``report.json``; it prints itself.

    ``content`` is the whole as one frozen value. With the folder of its recording it can
    write its page too.
    """

    def __init__(
        self,
        content: ReportContent,
        recording: Path | None = None,
        page: Path | None = None,
    ) -> None:
        self.content = content
        self._recording = recording
        self._page = page

    @property
    def recording(self) -> str:
        """The name of the recording that the report is of."""
        return self.content.recording

    @property
    def notes(self) -> list[str]:
        """What a reader of the figures must know about how they came to be."""
        return self.content.notes

    @property
    def environment(self) -> dict[str, object]:
        """The profiled interpreter: versions, machine, settings."""
        return self.content.environment.as_recorded

    @property
    def workload(self) -> dict[str, object]:
        """What was called, with which inputs."""
        return self.content.workload.as_recorded

    @property
    def calls(self) -> CallFigures:
        """How long cold and warm calls took."""
        return self.content.calls

    @property
    def captures(self) -> list[CaptureFigures]:
        """What each capture gave and cost."""
        return self.content.captures

    @property
    def attribution(self) -> Attribution:
        """Which phases and internals the time goes to."""
        return self.content.attribution

    @property
    def findings(self) -> list[Finding]:
        """Why it is slow, dearest first."""
        return self.content.findings

    @property
    def comparisons(self) -> list[Comparison]:
        """What changes gain, best first."""
        return self.content.comparisons

    def save(self, folder: str | Path) -> list[Path]:
        """Writes the report's files into ``folder``, which is made; their paths.

        Raises :class:`KerasProfileError` where the folder exists and holds a report, or
        cannot be written.
        """
        opened = None if self._recording is None else open_recording(self._recording)
        written = reports.write_report(self.content, empty_folder(Path(folder)), opened)
        self._page = next((path for path in written if path.name == reports.HTML_FILE), None)
        return written

    def __repr__(self) -> str:
        return report_text(self.content)

    def _repr_html_(self) -> str:
        return render_notebook(self.content, self._page)


class Program:
    """The report of a whole program. ``content`` is the whole as one frozen value; it prints itself."""

    def __init__(
        self,
        content: ProgramReport,
        recording: OpenedProgram | None = None,
        page: Path | None = None,
    ) -> None:
        self.content = content
        self._recording = recording
        self._page = page

    @property
    def recording(self) -> str:
        """The name of the recording that the report is of."""
        return self.content.recording

    @property
    def program(self) -> ProgramFigures:
        """The program's time, its processes, and what it did between calls."""
        return self.content.program

    @property
    def notes(self) -> list[str]:
        """What a reader of the figures must know about how they came to be."""
        return self.content.notes

    @property
    def groups(self) -> list[Report]:
        """The report of each group of calls that has warm ones, dearest first."""
        found = []
        for group in self.content.groups:
            report = self.content.of_group(group)
            if report is not None:
                place = None if self._recording is None else self._recording.folder / group.recording
                found.append(Report(report, place))
        return found

    def save(self, folder: str | Path) -> list[Path]:
        """Writes the report's files into ``folder``, which is made; the paths of the program's own.

        Raises :class:`KerasProfileError` where the folder exists and holds something, or where
        the recording that the groups' reports are made of is not known.
        """
        if self._recording is None:
            raise KerasProfileError(
                "expected a report with its recording, found one that was read from a file",
                "load the recording's folder, and save that",
            )
        written = reports.write_report(self.content, empty_folder(Path(folder)), self._recording)
        self._page = next((path for path in written if path.name == reports.HTML_FILE), None)
        return written

    def __repr__(self) -> str:
        return report_text(self.content)

    def _repr_html_(self) -> str:
        return render_notebook(self.content, self._page)


def profile(
    model: Any,
    x: Any = None,
    *,
    entry: str = "predict",
    batch_size: int | None = None,
    rows: int | None = None,
    steps: int | None = None,
    verbose: bool = False,
    seconds: float = 30.0,
    captures: Sequence[str] = CAPTURES,
    recipes: Sequence[str] | None = None,
    name: str | None = None,
    output: str | Path = ".",
    quiet: bool = False,
) -> Report:
    """Profiles calls of ``model`` in this process and returns the report.

    ``x`` is what the entry point is called with: arrays, tensors, nested structures of
    them, a ``tf.data.Dataset``, a ``PyDataset``, or a function that returns a new
    generator for each call; without it, inputs are made from the model's own input
    specification. ``entry`` is ``predict``, ``predict_on_batch``, ``call`` or
    ``function``; ``seconds`` is how long to measure. Six tenths of it go to the profile, the
    rest to recipes: those with the identities in ``recipes``, or all that fit; with an
    empty list none are tried. The recording goes to ``output/traces/``, and the report is
    written when :meth:`Report.save` is called.

    The model is called many times and not otherwise changed; recipes that need another
    model work on copies. A recipe that hangs cannot be stopped in this process. Raises
    :class:`keras_profile.errors.KerasProfileError` for input that does not fit.
    """
    no_recipes = recipes is not None and not recipes
    name = name or str(getattr(model, "name", None) or type(model).__name__)
    folder = new_folder(Path(output) / TRACES, recording_name(name, entry, datetime.now()))
    request = Request(
        folder=str(folder.resolve()),
        target=name,
        entry=entry,
        batch_size=batch_size,
        rows=rows,
        steps=steps,
        verbose=verbose,
        captures=list(captures),
        seconds=seconds if no_recipes else seconds * RECORDING_SHARE,
        internals=internals_for_recorder(),
    )
    try:
        with ProgressDisplay(quiet) as display:
            recorder_process.record_here(request, model, x, display)
            if not no_recipes and not read_recording(folder).content.interrupted:
                trials = request.replaced(
                    trials={
                        "seconds": seconds - request.seconds,
                        "recipes": recipes and list(recipes),
                        "approximate": False,
                        "processes": False,
                    }
                )
                with recorder_process.profile_is_kept(display):
                    recorder_process.try_here(trials, model, x, display)
        return Report(make_report(open_recording(folder)), folder)
    except BaseException:
        remove_if_empty(folder)
        raise


def load(path: str | Path) -> Report | Program:
    """The report of a recording's folder, made again, or that of a ``report.json``.

    That of a program is a :class:`Program`.

    Raises :class:`keras_profile.errors.RecordingError` where it is neither.
    """
    path = Path(path)
    saved = path if path.is_file() else path / "report.json"
    if saved.is_file():
        page = None if path.is_file() else path / reports.HTML_FILE
        page = page if page is not None and page.is_file() else None
        content = read_report(saved)
        if isinstance(content, ProgramReport):
            return Program(content, page=page)
        return Report(content, page=page)
    folder = find_program(str(path))
    if folder is not None:
        program = OpenedProgram(folder)
        return Program(make_report(program), program)
    recording = find_recording(str(path))
    return Report(make_report(open_recording(recording)), recording)
