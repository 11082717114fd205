"""The limits of trials: time, memory, rows."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Limits:
    """The limits of a session of trials. A budget is the requested time for measuring."""

    #: Building, warming up and comparing all changes may take the longer of these. There is a minimum
    #: time since importing and tracing take seconds whatever was requested.
    admission_budgets: float = 2.0
    admission_s: float = 30.0

    #: A change counts as hung after the longest of these.
    hung_after_budgets: float = 1.0
    hung_after_calls: int = 60  # of the original
    hung_after_s: float = 30.0

    #: In a user's process it is then interrupted, at the earliest after so many seconds. If that has not
    #: helped after so many more seconds, it hangs in native code.
    least_patience_s: float = 2.0
    native_patience_s: float = 30.0

    #: A separate process gets this much more time, to import TensorFlow and load the model; and how long
    #: that is expected to take.
    starting_s: float = 60.0
    expected_starting_s: float = 8.0
    #: The expected time to build and compare a change, in calls of the original.
    admission_calls: int = 5
    #: The watcher that kills hung changes must not act on one in a separate process: the session kills that.
    forever_s: float = 86400.0

    #: How long outputs are compared on other inputs, and again on many rows.
    comparing_s: float = 1.0

    #: The number of many rows grows by this factor up to the first thousand, as long as a call with so
    #: many rows is not expected to take longer than ``many_rows_s``.
    rows_growth: int = 8
    first_many_rows: int = 1024
    many_rows_s: float = 10.0
    #: From there it grows by up to this factor, as far as time and memory allow.
    further_growth: int = 16
    #: Fewer rows than these are not many: they show nothing that the other inputs do not show.
    least_many_rows: int = 64
    #: The batch size with which ``predict`` computes the outputs of many rows.
    large_batch: int = 1024

    #: The memory that all layers' outputs for a batch of many rows may take.
    many_rows_bytes: int = 2**29
    #: How many times its input a row is assumed to need if the layers' outputs are not known.
    unknown_growth: int = 100
    #: The memory that many rows and their outputs, which are kept, may take.
    kept_bytes: int = 2**28
    #: The memory for copies of a model's variables, which are kept since calls may assign them.
    state_bytes: int = 2**28
    #: A change's larger batch may take this share of the free memory.
    memory_share: float = 0.5

    #: If everything has to end in time: the shares for building and comparing, here and in other processes,
    #: and for building the calls with other numbers of rows; with less time left than this there are none.
    admission_share: float = 0.5
    admission_elsewhere_share: float = 0.7
    building_share: float = 0.5
    least_scaling_s: float = 1.0

    #: The share of the budget for how costs grow with the rows, if there are rows; and the share for
    #: changes that need their own process, if there are any.
    scaling_share: float = 0.2
    processes_share: float = 0.3

    def in_all(self, seconds: float) -> Limits:
        """Returns the limits if building and comparing also have to end within ``seconds``."""
        return replace(
            self,
            admission_budgets=0.5,
            admission_s=0.0,
            hung_after_budgets=0.3,
            hung_after_calls=20,
            hung_after_s=2.0,
            starting_s=max(15.0, 0.5 * seconds),
            comparing_s=min(self.comparing_s, 0.04 * seconds),
            many_rows_s=min(self.many_rows_s, 0.08 * seconds),
            scaling_share=0.1,
        )

    def hung_s(self, budget_s: float, call_ns: int) -> float:
        """Returns after how many seconds a change counts as hung; ``call_ns`` is the original's."""
        return max(
            self.hung_after_budgets * budget_s, self.hung_after_calls * call_ns / 1e9, self.hung_after_s
        )


LIMITS = Limits()
