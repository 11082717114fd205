"""Whether TensorBoard will show the traces in a log folder, and what to do if it will not."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from ....number_words import size
from ..checkup import Facts, LogFile, LogFolder
from .check import Verdict, fails, ok, warning

#: At most this many files are named.
_NAMED = 3

#: What to do about a trace of an old release that is in no recording.
_RECORD_AGAIN = (
    "record the workload in that environment, which converts the trace: "
    "keras-profile profile TARGET --python PATH"
)

#: A trace counts as newer than TensorBoard's own files if the difference in seconds is more than
#: copying a folder may take.
_OLDER_S = 2.0


def traces(facts: Facts) -> Verdict:
    """There is a trace."""
    folder = _folder(facts)
    found = folder.all_traces
    if not found:
        return fails(
            f"there is no trace in {folder.path}",
            "give a report's folder reports/NAME/tensorboard, or a recording traces/NAME",
        )
    return ok(f"{_count(found)}, {size(sum(trace.bytes for trace in found))}")


def places(facts: Facts) -> Verdict:
    """Every trace is in a plugins/profile/RUN, where TensorBoard looks for runs."""
    folder = _folder(facts)
    wrong = folder.not_listed
    if not wrong:
        return ok(f"all lie in plugins/profile/RUN below {folder.path}" if folder.all_traces else "no trace")
    text = f"TensorBoard lists no run for {_named(wrong)}: not in plugins/profile/RUN below {folder.path}"
    if folder.above is not None:
        return fails(
            text,
            "give TensorBoard the folder above plugins:",
            shlex.join(["tensorboard", "--logdir", folder.above]),
        )
    first = wrong[0].rpartition("/")[0]
    run = f"{folder.path}/plugins/profile/{_new_run(folder, first.rpartition('/')[2] or 'run')}"
    misplaced = [f"{folder.path}/{path}" for path in wrong if path.rpartition("/")[0] == first]
    return fails(
        text,
        "move the files of each run into their own folder there, for example:",
        f"mkdir -p {shlex.quote(run)} && {shlex.join(['mv', *misplaced, run])}",
    )


def whole_files(facts: Facts) -> Verdict:
    """No trace is empty or truncated."""
    folder = _folder(facts)
    empty = [trace.path for trace in folder.all_traces if not trace.bytes]
    found, advice = [], []
    if empty:
        found.append(f"empty (0 bytes): {_named(empty)}")
        advice.append(
            "TensorFlow writes an empty file when a trace passes 2 GB, without an error: record "
            "fewer calls, for example with --seconds 5, or stop the profiler earlier"
        )
    if folder.cut_short:
        found.append(f"cut short: {_named(folder.cut_short)}")
        advice.append(
            "the disk may have been full, or a copy not finished: copy these files again, or record again"
        )
    if found:
        return fails("; ".join(found), "; ".join(advice))
    return ok("none is empty or cut short" if folder.all_traces else "no trace")


def local_traces(facts: Facts) -> Verdict:
    """No run has only what TensorFlow 2.0 and 2.1 wrote."""
    found = _folder(facts).local_traces
    if not found:
        return ok("no run of TensorFlow 2.0 or 2.1")
    return _old(found, "TensorFlow 2.0 and 2.1", _RECORD_AGAIN)


def json_traces(facts: Facts) -> Verdict:
    """No run has only what TensorFlow 2.2 and 2.3 wrote."""
    found = _folder(facts).json_traces
    if not found:
        return ok("no run of TensorFlow 2.2 or 2.3 with only a .trace.json.gz")
    return _old(
        found,
        "TensorFlow 2.2 and 2.3",
        f"open the .trace.json.gz in Perfetto or chrome://tracing, or {_RECORD_AGAIN}",
    )


def caches(facts: Facts) -> Verdict:
    """TensorBoard's own files are newer than the trace that they were made from."""
    folder = _folder(facts)
    times = {trace.run: trace.modified for trace in folder.traces}
    old = [cache for cache in folder.caches if cache.modified < times.get(cache.run, 0.0) - _OLDER_S]
    if old:
        return warning(
            f"older than the trace beside it: {_named([cache.path for cache in old])}",
            "TensorBoard may show data of another trace; remove these files, it makes them again:",
            shlex.join(["rm", *(f"{folder.path}/{cache.path}" for cache in old)]),
        )
    left = [cache for cache in folder.caches if cache.run not in times]
    if left:
        return warning(
            f"there is no trace beside {_named([cache.path for cache in left])}",
            "TensorBoard lists the run but cannot show it: put the trace back, or remove these files:",
            shlex.join(["rm", *(f"{folder.path}/{cache.path}" for cache in left)]),
        )
    return ok("none is older than its trace" if folder.caches else "none")


def _old(found: Sequence[LogFile], releases: str, otherwise: str) -> Verdict:
    """Reports runs of old releases, which TensorBoard lists without a tool to show them."""
    runs = list(dict.fromkeys(trace.run for trace in found))
    run, it = ("run has", "it") if len(runs) == 1 else ("runs have", "them")
    text = f"{len(runs)} {run} only files of {releases}: today's TensorBoard lists {it} but shows no data"
    recordings = list(dict.fromkeys(trace.recording for trace in found if trace.recording is not None))
    if recordings:
        return fails(
            text,
            f"report the recording with {it}: the report has a log folder that TensorBoard can open:",
            shlex.join(["keras-profile", "report", recordings[0]]),
        )
    return fails(text, otherwise)


def _folder(facts: Facts) -> LogFolder:
    assert facts.log_folder is not None
    return facts.log_folder


def _count(found: Sequence[LogFile]) -> str:
    runs = len({trace.run for trace in found})
    return f"{len(found)} trace{'' if len(found) == 1 else 's'} in {runs} run{'' if runs == 1 else 's'}"


def _new_run(folder: LogFolder, name: str) -> str:
    """Returns ``name``, or a name derived from it that no run of the folder has."""
    taken = {
        trace.run.rpartition("/")[2] for trace in folder.all_traces if trace.path not in folder.not_listed
    }
    return name if name not in taken else f"{name}-moved"


def _named(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return ", ".join(paths[:_NAMED]) + more
