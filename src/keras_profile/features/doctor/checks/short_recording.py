"""Whether a recording works: internals found, probes in place, a trace written and read back."""

from __future__ import annotations

from ....launch.interpreters import pip_command
from ..checkup import CheckRecording, Facts
from .check import Verdict, because, fails, ok, warning

#: Up to so many missing internals are named, and a table that lacks more of a generation
#: than this share is not its table any more.
_NAMED, _MUCH = 5, 0.1

#: Python samplers that are not written in C, by how their module's name ends.
_SLOW_SAMPLER = "_python"


def made(facts: Facts) -> Verdict:
    """A short recording of the tiny model is made, and can be read."""
    made = facts.recording
    if made is None:
        return because(facts.failure, "the recording ended without a word")
    made_under = [f"{made.calls.get(name, 0)} under {name}" for name in made.captures]
    return ok(f"calls made: {', '.join(made_under)}")


def internals(facts: Facts) -> Verdict:
    """The functions of the internals table are found, those of a known generation."""
    made = _recording(facts)
    if made.coverage is None:
        return fails(
            "none of the internals table is found in this release",
            "all of a call will be unattributed: is it a release that the table should know?",
        )
    coverage = made.coverage
    text = f"generation {coverage.generation}, {coverage.resolved} of the table's functions found"
    if not coverage.missing:
        return ok(text)
    names = ", ".join(f"{internal.module}.{internal.qualname}" for internal in coverage.missing[:_NAMED])
    if len(coverage.missing) > _NAMED:
        names += f" and {len(coverage.missing) - _NAMED} more"
    text += f", {len(coverage.missing)} of that generation missing"
    advice = f"missing: {names}"
    if len(coverage.missing) > _MUCH * coverage.resolved:
        return warning(
            text,
            f"{advice}; this release is unlike every known one, so expect much time in "
            "unattributed: docs/internals.md says how to add rows",
        )
    return warning(text, f"{advice}; what they do counts to their callers")


def probes(facts: Facts) -> Verdict:
    """Probes can be put on these functions, and calls go through them."""
    made = _recording(facts)
    spans = made.captures["spans"]
    if spans.status != "ok" or not made.calls.get("spans"):
        return fails(
            f"no call could be made under probes: {spans.reason or 'none was made'}",
            "without them no time can be given to phases; see all of it: keras-profile demo --debug",
        )
    mechanism = str(spans.details.mechanism or None)
    if mechanism == "monitoring":
        mechanism = "sys.monitoring"
    without = f"; without one: {', '.join(made.unprobed)}" if made.unprobed else ""
    return ok(f"by {mechanism}, {_calls(made, 'spans')} under them{without}")


def trace(facts: Facts) -> Verdict:
    """TensorFlow's trace is written and read back: events, steps, annotated phases."""
    made = _recording(facts)
    capture = made.captures["tensorflow"]
    if capture.status != "ok":
        return fails(
            f"no trace was recorded: {capture.reason}",
            "the report is whole without it, but for TensorFlow's own events and layers",
        )
    if not made.trace_events:
        return fails(
            "the trace that was recorded has no events",
            "does another profiler run in this environment, such as a profiler server?",
        )
    text = f"{made.trace_events} events, {made.steps} steps, {len(made.annotated)} phases annotated"
    if made.steps < made.calls["tensorflow"]:
        return warning(
            text,
            f"{made.calls['tensorflow']} calls were made: those without a step cannot be "
            "told apart in the trace",
        )
    if not made.annotated:
        return warning(text, "TensorBoard will show no phases of Keras")
    return ok(text)


def profiler_options(facts: Facts) -> Verdict:
    """What the profiler makes of ProfilerOptions. keras_profile passes none: it is for who does."""
    options = facts.options
    assert options is not None
    if options.asked is None:
        return ok(f"{options.reason}; keras-profile passes none")
    asked = _levels(options.asked)
    if options.told is not None and options.told != options.asked:
        return ok(
            f"ignored by this release: asked for {asked}, the trace was taken with "
            f"{_levels(options.told)}; keras-profile passes none"
        )
    if options.asked["python_tracer_level"] and not options.python_events:
        return ok(
            f"ignored by this release: asked for {asked}, no Python call is in the trace; "
            "keras-profile passes none"
        )
    return ok(f"heeded: asked for {asked}, {options.python_events} Python calls are in the trace")


def sampling(facts: Facts) -> Verdict:
    """pyinstrument samples, by a timer that costs little."""
    made = _recording(facts)
    assert facts.installed is not None
    capture = made.captures["pyinstrument"]
    version = facts.installed.packages.get("pyinstrument")
    command = pip_command(facts.installed.executable, "pyinstrument")
    if version is None and capture.status == "skipped":
        return warning(
            "not installed; reports will have no check by sampling and no flame graph of samples",
            "--with-pyinstrument brings it along, or install it:",
            command,
        )
    if capture.status != "ok":
        return warning(
            f"{version}: it does not sample: {capture.reason}",
            "reports will have no check by sampling and no flame graph of samples",
        )
    if not made.samples:
        return warning(
            f"{version}: no samples in {_calls(made, 'pyinstrument')}",
            "reports will have no check by sampling and no flame graph of samples",
        )
    if made.sampler is not None and made.sampler.endswith(_SLOW_SAMPLER):
        return warning(
            f"{version}, {made.samples} samples, by a timer in Python, which is slow",
            "install a build with its timer in C:",
            pip_command(facts.installed.executable, "--force-reinstall", "pyinstrument"),
        )
    return ok(f"{version}, {made.samples} samples, by its timer in C")


def page(facts: Facts) -> Verdict:
    """The page of a recording can be made."""
    return ok(f"report.html made of the recording, {_recording(facts).page_bytes / 1e6:.1f} MB")


def _recording(facts: Facts) -> CheckRecording:
    assert facts.recording is not None
    return facts.recording


def _calls(made: CheckRecording, capture: str) -> str:
    count = made.calls.get(capture, 0)
    return f"{count} call{'' if count == 1 else 's'}"


def _levels(levels: dict[str, int]) -> str:
    """Levels in few words.

    >>> _levels({"host_tracer_level": 1, "python_tracer_level": 1, "device_tracer_level": 0})
    'host 1, python 1, device 0'
    """
    return ", ".join(
        f"{name.partition('_')[0]} {levels[name]}"
        for name in ("host_tracer_level", "python_tracer_level", "device_tracer_level")
    )
