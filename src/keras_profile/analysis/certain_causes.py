"""Causes that are read from settings or counted: no clock is needed to tell whether a call has them.

A rule reports a cause only if it costs a part of the call. These are facts, whatever they cost.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import UNSET

from ..model.workload import Switches, TracedFunction, Workload

#: What a call has, by the id of the rule of that cause.
_HAS: dict[str, Callable[[Workload, Switches], bool | None]] = {
    "run_eagerly": lambda facts, _: facts.run_eagerly or facts.functions_run_eagerly is True,
    "retraced": lambda facts, _: bool(warm_traces(facts)),
    "model_loaded": lambda facts, _: bool(facts.loads) and facts.loads is not UNSET,
    "strategy_in_use": lambda facts, _: bool(facts.strategy) and facts.strategy is not UNSET,
    "debugger_left_on": lambda _, switches: switches.check_numerics or switches.dump_debug_info,
    "data_debug_mode": lambda _, switches: switches.data_debug_mode,
    "recorded_by_tape": lambda _, switches: switches.tape,
    "switches_left_on": lambda _, switches: switches.op_determinism or switches.log_device_placement,
}
#: All of them, by their ids.
CERTAIN = tuple(_HAS)


def certain_causes(facts: Workload) -> list[str]:
    """The ids of the rules whose causes the workload has for certain.

    >>> from keras_profile.model.workload import Workload
    >>> certain_causes(Workload("", "predict", [], [], None, None, True, True, False, []))
    ['run_eagerly']
    """
    switches = Switches() if facts.switches is UNSET else facts.switches
    return [rule for rule, has in _HAS.items() if has(facts, switches)]


def warm_traces(facts: Workload) -> list[TracedFunction]:
    """The graphs that were traced in the warm calls that were watched; not those that tf.data asked for."""
    return [] if facts.traced is UNSET else [one for call in facts.traced for one in call if not one.pipeline]
