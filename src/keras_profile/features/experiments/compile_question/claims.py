"""The claims of the answer to the compile() question, each with the condition for it to hold.

The question and its answer: https://stackoverflow.com/q/58378374. A claim is a row of
:data:`CLAIMS`; its judge turns measured facts into a verdict and a text about what was
measured. This file contains no measured values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .reproduction import (
    CANNOT_TELL,
    DOES_NOT_HOLD,
    HOLDS,
    ClaimResult,
    ClaimVerdict,
    InternalFact,
    InternalName,
    Spans,
    Timing,
    WorkloadFacts,
)

#: Two processes that measure the same thing differ by up to this factor.
SAME_WITHIN = 1.25
#: With fewer calls than this on either side, no difference between times is concluded.
LEAST_CALLS = 5
#: The slowdowns that the answer reports: the one for its code, and the smallest one.
CLAIMED_SLOWDOWN, CLAIMED_LEAST_SLOWDOWN = 30, 10

#: An internal: the end of its module's name, and its qualified name. First the one in the
#: answer's release, then those that do the same work in later ones.
PROCESS_INPUTS = (
    ("engine.training_v2", "_process_inputs"),
    ("engine.data_adapter", "DataHandler.__init__"),
    ("backend.tensorflow.trainer", "TFEpochIterator.__init__"),
    ("trainers.epoch_iterator", "EpochIterator.__init__"),
)
CREATE_GRAPH = (
    ("eager.function", "Function._create_graph_function"),
    ("polymorphic_function.tracing_compiler", "TracingCompiler._create_concrete_function"),
    ("polymorphic_function.tracing_compilation", "_create_concrete_function"),
)
#: The training loops from which Keras chose.
COMPILED_LOOP = ("engine.training_v2", "Loop.predict")
UNCOMPILED_LOOP = ("engine.training_arrays", "ArrayLikeTrainingLoop.predict")
LOOPS = (
    COMPILED_LOOP,
    UNCOMPILED_LOOP,
    ("engine.training_generator", "EagerDatasetOrIteratorTrainingLoop.predict"),
    ("engine.training_generator", "GeneratorLikeTrainingLoop.predict"),
    ("engine.training_generator", "GeneratorOrSequenceTrainingLoop.predict"),
)
#: What makes the function that predict then calls, and that function.
COMPILED_FUNCTION = ("engine.training_v2_utils", "_make_execution_function.<locals>.distributed_function")
UNCOMPILED_FUNCTION = ("engine.training", "Model._make_predict_function")
PREDICT_FUNCTIONS = (
    COMPILED_FUNCTION,
    UNCOMPILED_FUNCTION,
    ("engine.training", "Model.make_predict_function"),
    ("backend.tensorflow.trainer", "TensorFlowTrainer.make_predict_function"),
    ("backend.jax.trainer", "JAXTrainer.make_predict_function"),
)
#: The adapter that the answer found.
ADAPTER = "TensorLikeDataAdapter"

Facts = Mapping[str, WorkloadFacts]
Names = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Judgement:
    """A verdict, and a text about what was measured."""

    verdict: ClaimVerdict
    measured: str


@dataclass(frozen=True)
class Claim:
    """A claim; ``rule`` says in words when it holds according to ``judge``."""

    id: str
    text: str
    claimed: str
    rule: str
    judge: Callable[[Facts], Judgement]


class _CannotTellError(Exception):
    """Raised if a fact is missing; the text says why."""


def judge_claims(facts: Facts) -> list[ClaimResult]:
    """Returns every claim with its verdict, in the table's order."""
    results = []
    for claim in CLAIMS:
        try:
            judged = claim.judge(facts)
        except _CannotTellError as error:
            judged = Judgement(CANNOT_TELL, str(error))
        results.append(
            ClaimResult(claim.id, claim.text, claim.claimed, claim.rule, judged.verdict, judged.measured)
        )
    return results


# --- facts, or why there are none ---


def _workload(facts: Facts, name: str) -> WorkloadFacts:
    if name not in facts:
        raise _CannotTellError("not measured")
    found = facts[name]
    if found.timing is None:
        raise _CannotTellError(f"{found.title}: {found.reason or 'not measured'}")
    return found


def _timing(facts: Facts, name: str) -> Timing:
    timing = _workload(facts, name).timing
    assert timing is not None
    return timing


def _spans(facts: Facts, name: str) -> Spans:
    found = _workload(facts, name)
    if found.spans is None:
        raise _CannotTellError(f"{found.title}: the spans capture failed")
    return found.spans


def _speedup(facts: Facts, name: str, baseline: str) -> tuple[float, tuple[float, float]]:
    """Returns the speed-up over compiled predict, if there are enough calls."""
    base, timing = _timing(facts, baseline), _timing(facts, name)
    if timing.speedup is None or timing.speedup_ci95 is None:
        raise _CannotTellError("not measured")
    least = min(base.calls, timing.calls)
    if least < LEAST_CALLS:
        raise _CannotTellError(
            f"{_factor(timing.speedup)} from {least} calls, too few to conclude: increase --seconds"
        )
    return timing.speedup, timing.speedup_ci95


def _is(found: InternalFact | InternalName, name: tuple[str, str]) -> bool:
    return found.qualname == name[1] and f".{found.module}".endswith(f".{name[0]}")


def _warm(spans: Spans, names: Names) -> InternalFact | None:
    """Returns the first of ``names`` that ran in warm calls."""
    return next((found for name in names for found in spans.warm if _is(found, name)), None)


def _ran(spans: Spans, names: Names) -> list[tuple[str, str]]:
    """Returns which of ``names`` ran, in the cold call or later, in the order of ``names``."""
    everything: list[InternalFact | InternalName] = [*spans.cold, *spans.warm]
    return [name for name in names if any(_is(found, name) for found in everything)]


# --- words ---


def _short(qualname: str) -> str:
    return qualname.rpartition("<locals>.")[2]


def _factor(value: float) -> str:
    return f"{value:.1f}×" if value < 9.95 else f"{value:.0f}×"


def _with_interval(value: float, interval: tuple[float, float]) -> str:
    return f"{_factor(value)} ({_factor(interval[0])[:-1]}–{_factor(interval[1])[:-1]})"


def _percent(share: float) -> str:
    return f"{share:.1%}"


def _share_text(found: InternalFact, names: Names) -> str:
    low, high = found.share_ci95
    text = f"{_percent(found.share)} ({low:.1%}–{high:.1%})"
    return text if _is(found, names[0]) else f"{text} in {found.qualname}, its successor"


def _verdict(holds: bool) -> ClaimVerdict:
    return HOLDS if holds else DOES_NOT_HOLD


def _against(interval: tuple[float, float], limit: float) -> ClaimVerdict:
    """Holds above the limit, not below it; an interval that contains the limit decides nothing."""
    low, high = interval
    if low > limit:
        return HOLDS
    return DOES_NOT_HOLD if high < limit else CANNOT_TELL


# --- judges ---


def _slowdown(facts: Facts) -> Judgement:
    value, interval = _speedup(facts, "tiny_uncompiled", "tiny_compiled")
    return Judgement(_against(interval, CLAIMED_LEAST_SLOWDOWN), _with_interval(value, interval))


def _most_of_compiled(names: Names) -> Callable[[Facts], Judgement]:
    """Judges whether an internal takes more than half of the compiled call."""

    def judge(facts: Facts) -> Judgement:
        found = _warm(_spans(facts, "tiny_compiled"), names)
        if found is None:
            raise _CannotTellError(f"neither {_short(names[0][1])} nor a successor ran")
        return Judgement(_against(found.share_ci95, 0.5), _share_text(found, names))

    return judge


def _neither_uncompiled(facts: Facts) -> Judgement:
    compiled, uncompiled = _spans(facts, "tiny_compiled"), _spans(facts, "tiny_uncompiled")
    wanted = [found for names in (PROCESS_INPUTS, CREATE_GRAPH) if (found := _warm(compiled, names))]
    if not wanted:
        raise _CannotTellError("neither runs in the compiled call of this release")
    there = [
        other
        for internal in wanted
        for other in uncompiled.warm
        if (other.module, other.qualname) == (internal.module, internal.qualname)
    ]
    if there:
        return Judgement(
            DOES_NOT_HOLD,
            "uncompiled: "
            + ", ".join(f"{internal.qualname} {_percent(internal.share)}" for internal in there),
        )
    return Judgement(HOLDS, "no call of " + " or ".join(internal.qualname for internal in wanted))


def _medium_share(facts: Facts) -> Judgement:
    found = _warm(_spans(facts, "medium_compiled"), PROCESS_INPUTS)
    if found is None:
        raise _CannotTellError("neither _process_inputs nor a successor ran")
    opposite: dict[ClaimVerdict, ClaimVerdict] = {
        HOLDS: DOES_NOT_HOLD,
        DOES_NOT_HOLD: HOLDS,
        CANNOT_TELL: CANNOT_TELL,
    }
    return Judgement(opposite[_against(found.share_ci95, 0.01)], _share_text(found, PROCESS_INPUTS))


def _same_verdict(low: float, high: float) -> ClaimVerdict:
    """Judges whether a factor's interval is close to 1, or away from it."""
    if low >= 1 / SAME_WITHIN and high <= SAME_WITHIN:
        return HOLDS
    return DOES_NOT_HOLD if low > SAME_WITHIN or high < 1 / SAME_WITHIN else CANNOT_TELL


def _medium_same(facts: Facts) -> Judgement:
    value, (low, high) = _speedup(facts, "medium_uncompiled", "medium_compiled")
    return Judgement(_same_verdict(low, high), f"{value:.2f}× ({low:.2f}–{high:.2f}) the time before")


def _train_function(facts: Facts) -> Judgement:
    value, (low, high) = _speedup(facts, "tiny_train_function", "tiny_compiled")
    return Judgement(
        _same_verdict(1 / high, 1 / low), f"{1 / value:.2f}× ({1 / high:.2f}–{1 / low:.2f}) the time before"
    )


def _flag(facts: Facts) -> Judgement:
    before = _workload(facts, "tiny_uncompiled").flag
    after = _workload(facts, "tiny_compiled").flag
    if before is None and after is None:
        raise _CannotTellError("models of this release have no such flag")
    return Judgement(_verdict(before is False and after is True), f"{before} before, {after} after")


def _loops(facts: Facts) -> Judgement:
    spans = _spans(facts, "tiny_compiled")
    compiled = _ran(spans, LOOPS)
    uncompiled = _ran(_spans(facts, "tiny_uncompiled"), LOOPS)
    if not compiled and not uncompiled:
        # A predict that the table knows calls no loop that is a separate function.
        if not any(found.qualname.endswith(".predict") for found in spans.warm):
            raise _CannotTellError("no known predict or predict loop ran")
        return Judgement(DOES_NOT_HOLD, "this release has one loop")
    text = f"compiled {_loop_names(compiled)}; uncompiled {_loop_names(uncompiled)}"
    return Judgement(_verdict(compiled == [COMPILED_LOOP] and uncompiled == [UNCOMPILED_LOOP]), text)


def _loop_names(names: Names) -> str:
    return (
        " and ".join(
            f"{module.rpartition('.')[2]}.{qualname.rpartition('.')[0]}" for module, qualname in names
        )
        or "no known one"
    )


def _adapters(facts: Facts) -> Judgement:
    compiled, uncompiled = (
        sorted(
            {
                found.qualname.partition(".")[0]
                for found in _spans(facts, name).warm
                if found.qualname.endswith("Adapter.__init__")
            }
        )
        for name in ("tiny_compiled", "tiny_uncompiled")
    )
    if not compiled and not uncompiled:
        raise _CannotTellError("no known data adapter was made")
    return Judgement(
        _verdict(compiled == [ADAPTER] and not uncompiled),
        f"compiled {', '.join(compiled) or 'none'}; uncompiled {', '.join(uncompiled) or 'none'}",
    )


def _predict_functions(facts: Facts) -> Judgement:
    compiled = _ran(_spans(facts, "tiny_compiled"), PREDICT_FUNCTIONS)
    uncompiled = _ran(_spans(facts, "tiny_uncompiled"), PREDICT_FUNCTIONS)
    if not compiled and not uncompiled:
        raise _CannotTellError("no known predict function, or maker of one, ran")
    text = "; ".join(
        f"{label} {' and '.join(_short(qualname) for _, qualname in names) or 'no known one'}"
        for label, names in (("compiled", compiled), ("uncompiled", uncompiled))
    )
    return Judgement(
        _verdict(COMPILED_FUNCTION in compiled and COMPILED_FUNCTION not in uncompiled and bool(uncompiled)),
        text,
    )


def _new_graph(facts: Facts) -> Judgement:
    compiled = _spans(facts, "tiny_compiled").traced_per_call
    uncompiled = _spans(facts, "tiny_uncompiled").traced_per_call
    return Judgement(
        _verdict(compiled >= 1 and uncompiled == 0),
        f"functions traced per call: compiled {compiled:g}, uncompiled {uncompiled:g}",
    )


def _faster(name: str) -> Callable[[Facts], Judgement]:
    """Judges whether a workaround is faster than compiled predict."""

    def judge(facts: Facts) -> Judgement:
        value, interval = _speedup(facts, name, "tiny_compiled")
        return Judgement(_against(interval, SAME_WITHIN), _with_interval(value, interval))

    return judge


_MORE_THAN_HALF = "the 95% CI of its share lies above 50%"
_FASTER = f"the 95% CI of the speed-up against compiled predict lies above {SAME_WITHIN}×"
_SAME = f"the 95% CI of the factor lies between {1 / SAME_WITHIN:.1f} and {SAME_WITHIN}"

#: The table, in the order in which it is shown.
CLAIMS = (
    Claim(
        "slowdown",
        "compile() slows the tiny model's predict down",
        f"{CLAIMED_SLOWDOWN}×",
        f"the 95% CI lies above {CLAIMED_LEAST_SLOWDOWN}×, the lowest factor in the answer",
        _slowdown,
    ),
    Claim(
        "process_inputs",
        "_process_inputs is most of the compiled call",
        "81%",
        _MORE_THAN_HALF,
        _most_of_compiled(PROCESS_INPUTS),
    ),
    Claim(
        "create_graph_function",
        "_create_graph_function is most of the compiled call",
        "72%",
        _MORE_THAN_HALF,
        _most_of_compiled(CREATE_GRAPH),
    ),
    Claim(
        "neither_uncompiled",
        "neither occurs in the uncompiled call",
        "absent",
        "no warm call before compile() runs them or their successors in this release",
        _neither_uncompiled,
    ),
    Claim(
        "medium_process_inputs",
        "_process_inputs is negligible on the medium model",
        "<1%",
        "the 95% CI of its share lies below 1%",
        _medium_share,
    ),
    Claim("medium_same", "compile() does not slow the medium model down", "equal", _SAME, _medium_same),
    Claim(
        "new_graph",
        "only compiled predict makes new graphs in each call",
        "each call",
        "warm compiled calls trace at least one function each, uncompiled ones none",
        _new_graph,
    ),
    Claim(
        "flag",
        "compile() sets model._experimental_run_tf_function",
        "False before, True after",
        "the model's flag has these values",
        _flag,
    ),
    Claim(
        "training_loop",
        "compile() changes the training loop",
        "training_v2.Loop; before training_arrays.ArrayLikeTrainingLoop",
        "these loops ran, and no other",
        _loops,
    ),
    Claim(
        "data_adapter",
        "compiled data goes through a data adapter",
        f"{ADAPTER}; before none",
        "warm compiled calls make this adapter, uncompiled ones make none",
        _adapters,
    ),
    Claim(
        "distribution_function",
        "compile() changes the distribution function",
        "distributed_function; before another",
        "the compiled model ran this function, the uncompiled one made another",
        _predict_functions,
    ),
    Claim("train_function", "building the train function changes nothing", "equal", _SAME, _train_function),
    Claim(
        "weights_loaded",
        "faster: weights loaded into an uncompiled model",
        "faster",
        _FASTER,
        _faster("tiny_weights_loaded"),
    ),
    Claim(
        "loaded_uncompiled",
        "faster: load_model(path, compile=False)",
        "faster",
        _FASTER,
        _faster("tiny_loaded_uncompiled"),
    ),
    Claim("call", "faster: model(x)", "faster", _FASTER, _faster("tiny_call")),
    Claim(
        "call_inference",
        "faster: model(x, training=False)",
        "faster",
        _FASTER,
        _faster("tiny_call_inference"),
    ),
    Claim(
        "predict_on_batch",
        "faster: predict_on_batch",
        "worth trying",
        _FASTER,
        _faster("tiny_predict_on_batch"),
    ),
)
