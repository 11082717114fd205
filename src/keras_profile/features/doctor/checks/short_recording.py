"""Whether a recording works: internals are found, probes installed, a trace written and read back."""

from __future__ import annotations

from ....launch.interpreters import pip_command
from ..checkup import CheckRecording, Facts
from .check import Verdict, because, fails, ok, warning

#: At most this many missing internals are named. If more than this share of a generation's internals
#: is missing, the table is not for that generation.
_NAMED, _MUCH = 5, 0.1

#: How the module names of samplers end that are not written in C.
_SLOW_SAMPLER = "_python"


def made(facts: Facts) -> Verdict:
    """A short recording of the tiny model is made, and can be read."""
    made = facts.recording
    if made is None:
        return because(facts.failure, "the recording ended without a message")
    made_under = [f"{made.calls.get(name, 0)} under {name}" for name in made.captures]
    return ok(f"calls made: {', '.join(made_under)}")


def internals(facts: Facts) -> Verdict:
    """The functions of the internals table are found: all those of a known generation."""
    made = _recording(facts)
    if made.coverage is None:
        return fails(
            "no function of the internals table was found in this release",
            "all time will be unattributed; docs/internals.md says how to add rows for a release",
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
            f"{advice}; this release differs much from all known ones, so expect much time in "
            "unattributed; docs/internals.md says how to add rows",
        )
    return warning(text, f"{advice}; their time counts for their callers")


def probes(facts: Facts) -> Verdict:
    """Probes can be put on these functions, and calls go through them."""
    made = _recording(facts)
    spans = made.captures["spans"]
    if spans.status != "ok" or not made.calls.get("spans"):
        return fails(
            f"no call could be made under probes: {spans.reason or 'none was made'}",
            "without probes no time can be attributed to phases; for details: keras-profile demo --debug",
        )
    mechanism = str(spans.details.mechanism or None)
    if mechanism == "monitoring":
        mechanism = "sys.monitoring"
    without = f"; without one: {', '.join(made.unprobed)}" if made.unprobed else ""
    return ok(f"through {mechanism}, {_calls(made, 'spans')} under probes{without}")


def trace(facts: Facts) -> Verdict:
    """TensorFlow's trace is written and read back: events, steps, annotated phases."""
    made = _recording(facts)
    capture = made.captures["tensorflow"]
    if capture.status != "ok":
        return fails(
            f"no trace was recorded: {capture.reason}",
            "the report then lacks only TensorFlow's own events and layers",
        )
    if not made.trace_events:
        return fails(
            "the recorded trace has no events",
            "check whether another profiler runs in this environment, such as a profiler server",
        )
    text = f"{made.trace_events} events, {made.steps} steps, {len(made.annotated)} phases annotated"
    if made.steps < made.calls["tensorflow"]:
        return warning(
            text,
            f"{made.calls['tensorflow']} calls were made; those without a step cannot be "
            "distinguished in the trace",
        )
    if not made.annotated:
        return warning(text, "TensorBoard will not show Keras phases")
    return ok(text)


def profiler_options(facts: Facts) -> Verdict:
    """How the profiler handles ProfilerOptions, for users who pass them: keras_profile passes none."""
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
    return ok(f"honoured: asked for {asked}, {options.python_events} Python calls are in the trace")


def sampling(facts: Facts) -> Verdict:
    """pyinstrument samples, with a timer that costs little."""
    made = _recording(facts)
    assert facts.installed is not None
    capture = made.captures["pyinstrument"]
    version = facts.installed.packages.get("pyinstrument")
    command = pip_command(facts.installed.executable, "pyinstrument")
    if version is None and capture.status == "skipped":
        return warning(
            "not installed; reports will lack the check by sampling and the flame graph of samples",
            "use --with-pyinstrument, or install it:",
            command,
        )
    if capture.status != "ok":
        return warning(
            f"{version}: sampling failed: {capture.reason}",
            "reports will lack the check by sampling and the flame graph of samples",
        )
    if not made.samples:
        return warning(
            f"{version}: no samples in {_calls(made, 'pyinstrument')}",
            "reports will lack the check by sampling and the flame graph of samples",
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
    """Returns levels in a few words.

    >>> _levels({"host_tracer_level": 1, "python_tracer_level": 1, "device_tracer_level": 0})
    'host 1, python 1, device 0'
    """
    return ", ".join(
        f"{name.partition('_')[0]} {levels[name]}"
        for name in ("host_tracer_level", "python_tracer_level", "device_tracer_level")
    )
