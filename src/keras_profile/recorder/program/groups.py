"""Groups of calls that are alike: same call site, entry point, model and input shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..facts.function_traces import Traces
from ..facts.input_lines import InputLines
from ..protocol import COLD, SETTLING, events
from ..workload.schedule import LONG_CALL_NS
from .data_flow import DataFlow
from .held import Held
from .loop_calls import LoopCalls
from .shared_layers import SharedLayers

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from .describing import Call
    from .instruments import Block

#: At most this many input shapes from one site and model get a group each; beyond that, all are one.
MOST_SHAPES = 8
#: Calls after the first that are looked at more closely and do not count.
SETTLING_CALLS = 2
#: How many shapes are noted for a group whose inputs vary.
_NOTED_SHAPES = 50
#: How many bare calls the median is of, and after how many it is computed again.
_WINDOW, _EVERY = 61, 16
#: How many calls are a group's first ones. And how many bare calls are made before an instrument is
#: asked for again if none may be used now: in the first calls, and later.
_FIRST_CALLS, _REST_AT_FIRST, _REST = 10, 1, 4


class Group:
    """What is known about a group while the program runs. Times are in ns.

    Groups that differ only in shapes have the same ``base``; ``site`` is the call site's number.
    """

    def __init__(
        self, number: int, base: int, site: int, varying: bool, flow: DataFlow | None = None
    ) -> None:
        self.number = number
        self.base = base
        self.site = site
        self.varying = varying
        #: For all calls of the same base, whatever their shapes.
        self.flow = DataFlow() if flow is None else flow
        #: For all calls of the same site, whatever their model.
        self.shared_layers = SharedLayers()
        self.entry = ""
        self.root: str | None = None
        self.loop_calls = LoopCalls(base)
        #: One call as the user wrote it and its inputs, for recipes; and why recipes cannot be tried.
        self.call: Call | None = None
        self._inputs: Any = None
        self.workload: dict[str, Any] | None = None
        self.unknown: str | None = None
        self.total_ns = 0
        #: Calls in a row under one instrument have the number of their block; what follows, the next.
        self.block_number = 0
        self._calls = 0
        self._last_ns = 0
        self._bare: list[int] = []
        self._bare_calls = 0
        self._median: int | None = None
        self._block: Block | None = None
        self._bare_left = 0
        self._settles = False
        self._cold_traces: Any = None
        self._traces: Any = None
        #: Warm calls that should have been watched for traces, and were not, since another thread's call was.
        self.unwatched = 0
        self._input_lines: dict[bool, InputLines] = {}  # of the first call, and of those that settle
        self._shapes: list[Any] = []
        #: Keys of the shapes of all calls of the same line, model and entry point so far.
        self.keys_seen: set[Hashable] = set()
        #: Numbers of the models that its calls use.
        self.models_seen: set[int] = set()

    # --- how long its calls take ---

    def flags(self) -> int:
        """Returns the flags of the next call, which depend on how many there were before."""
        if self._calls == 0:
            return COLD
        least = 1 if self._last_ns > LONG_CALL_NS else SETTLING_CALLS
        return SETTLING if self._calls <= least else 0

    def count(self, wall_ns: int) -> None:
        """Counts a call."""
        self._calls += 1
        self._last_ns = wall_ns
        self.total_ns += wall_ns

    def bare_done(self, wall_ns: int) -> None:
        """Learns from a bare call."""
        if len(self._bare) >= _WINDOW:
            del self._bare[0]
        self._bare.append(wall_ns)
        self._bare_calls += 1
        if self._bare_calls % _EVERY == 1 or self._bare_calls < _EVERY:
            self._median = sorted(self._bare)[len(self._bare) // 2]

    @property
    def has_bare(self) -> bool:
        return bool(self._bare)

    @property
    def call_ns(self) -> int:
        """How long a call takes, as far as is known."""
        return self._median if self._median is not None else self._last_ns

    # --- whose turn it is ---

    def turn(self, choose: Callable[[Group], Block | None]) -> Block | None:
        """Returns the instruments' block that the next call is part of; None for a bare call.

        ``choose`` is asked for a new block if none is under way and enough calls were bare.
        """
        if self._block is None and self._bare_left > 0:
            self._bare_left -= 1
        elif self._block is None:
            self._block = choose(self)
            if self._block is None:
                self._bare_left = _REST_AT_FIRST if self._calls < _FIRST_CALLS else _REST
        return self._block

    def block_call_done(self) -> None:
        """Counts a call of the block."""
        block = self._block
        assert block is not None
        if block.settling:
            block.settling = False
        else:
            block.left -= 1
        if block.left <= 0:
            self._block = None
            self.block_number += 1
            # The interpreter adapts again once the instrument is gone: the first of the bare calls
            # that follow settles. After the group's first calls, at least one more counts.
            self._settles = True
            self._bare_left = 2 if self._calls > _FIRST_CALLS else 1

    def give_up_block(self) -> None:
        """Ends the block: its instrument failed, or the call raised."""
        self._block = None

    def settles(self) -> bool:
        """Whether the call that was just made is the first after a block; true only once."""
        settles, self._settles = self._settles, False
        return settles

    # --- what it calls ---

    def traces_of(self, flags: int) -> Any:
        """Returns what watches the traces in a call with these ``flags``."""
        if flags & COLD:
            self._cold_traces = Traces(sizes_only=True, in_program=True)
            return self._cold_traces
        if self._traces is None:
            self._traces = Traces(in_program=True)
        return self._traces

    def input_lines_of(self, flags: int) -> InputLines:
        """Returns what watches which lines make the batches of a call with these ``flags``."""
        return self._input_lines.setdefault(bool(flags & COLD), InputLines())

    def note_shapes(self, shapes: Any) -> None:
        """Notes the shapes of a call's inputs, which vary in this group."""
        if len(self._shapes) < _NOTED_SHAPES:
            self._shapes.append(shapes)

    def is_of(self, call: Call | None, inputs: Any, workload: dict[str, Any], unknown: str | None) -> None:
        """Learns what is called from the first ``call``, which is None if it cannot be made again."""
        cold = [] if self._cold_traces is None else self._cold_traces.describe()
        workload["varying"] = self.varying
        workload["cold_traces"] = [trace for one in cold for trace in one]
        if unknown is not None:
            workload["announcements"] = list(workload["announcements"]) + [
                "changes cannot be tried here: " + unknown
            ]
        if call is not None:
            call.keys_seen, call.models_seen, call.flow = self.keys_seen, self.models_seen, self.flow
        self.call, self._inputs, self.workload, self.unknown = call, inputs, workload, unknown

    @property
    def inputs(self) -> Any:
        """The kept inputs of the call, None if there are none or they are gone."""
        return self._inputs.thing if isinstance(self._inputs, Held) else self._inputs

    def event(self) -> events.Group:
        """Returns the event that reports it; its workload must be known."""
        assert self.workload is not None
        # Calls that settle say more than the first, if there are any.
        lines = self._input_lines.get(False) or self._input_lines.get(True)
        self.workload.update(
            input_lines=None if lines is None else lines.describe(),
            input_shapes=self._shapes,
            event_loop=self.loop_calls.describe(),
            traced=[] if self._traces is None else self._traces.describe(),
            unwatched=self.unwatched,
        )
        self.workload["shared_layers"] = self.shared_layers.describe(self.models_seen)
        if self.flow.output_shape is not None:
            self.workload["output_shape"] = self.flow.output_shape
        if self.flow.calls:
            self.workload["data_flow"] = self.flow.describe()
        return events.Group(
            group=self.number,
            site=self.site,
            entry=self.entry,
            base=self.base,
            varying=self.varying,
            workload=self.workload,
        )


class Groups:
    """Finds the group of a call."""

    def __init__(self) -> None:
        self.all: list[Group] = []
        self._by_key: dict[Hashable, Group] = {}
        #: (site, entry, kind of model) -> (number, shapes seen, where inputs come from)
        self._bases: dict[Hashable, tuple[int, set[Hashable], DataFlow]] = {}

    def find(self, site: int, entry: str, kind: Hashable, shapes: Hashable) -> tuple[Group, bool]:
        """Returns the group of such a call, and whether it is new."""
        base_key = (site, entry, kind)
        group = self._by_key.get((base_key, shapes))
        if group is not None:
            return group, False
        number, seen, flow = self._bases.setdefault(base_key, (len(self._bases), set(), DataFlow()))
        seen.add(shapes)
        varying = len(seen) > MOST_SHAPES
        key = (base_key, "varying" if varying else shapes)
        group = self._by_key.get(key)
        if group is None:
            group = self._by_key[key] = Group(len(self.all), number, site, varying, flow)
            group.keys_seen = seen
            self.all.append(group)
            new = True
        else:
            new = False
        if varying:
            # All calls that follow are in this one group, including those with the first shapes.
            for shape in seen:
                self._by_key[base_key, shape] = group
        return group, new
