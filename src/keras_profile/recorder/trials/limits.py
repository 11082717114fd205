"""What trials may take: time, memory, rows."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Limits:
    """The limits of a session of trials. A budget is the time for measuring that was asked for."""

    #: Building, warming up and comparing all changes may take the longer of these. It has a least
    #: time since importing and tracing take seconds whatever was asked for.
    admission_budgets: float = 2.0
    admission_s: float = 30.0

    #: A change counts as hung after the longest of these.
    hung_after_budgets: float = 1.0
    hung_after_calls: int = 60  # of the original
    hung_after_s: float = 30.0

    #: One in a process of the user's is interrupted then, at the earliest after so many seconds. If that
    #: did not help after so many more, it hangs in native code.
    least_patience_s: float = 2.0
    native_patience_s: float = 30.0

    #: A process of its own gets so much more, to import TensorFlow and load the model; and what it is
    #: expected to take.
    starting_s: float = 60.0
    expected_starting_s: float = 8.0
    #: How many calls of the original a change is expected to take to be built and compared.
    admission_calls: int = 5
    #: Who kills hung changes is to leave alone one in a process of its own: the session kills that.
    forever_s: float = 86400.0

    #: Outputs are compared on other inputs and on many rows for so long, each.
    comparing_s: float = 1.0

    #: The number of many rows grows by this factor up to the first thousand, as long as a call of so
    #: many rows is not expected to take longer than ``many_rows_s``.
    rows_growth: int = 8
    first_many_rows: int = 1024
    many_rows_s: float = 10.0
    #: From there on it grows by up to this factor, as far as time and memory allow.
    further_growth: int = 16
    #: Fewer rows than these are not many: they show nothing that the other inputs don't.
    least_many_rows: int = 64
    #: Rows of a batch in which ``predict`` gives the many rows' outputs.
    large_batch: int = 1024

    #: What all layers' outputs for a batch of many rows may take.
    many_rows_bytes: int = 2**29
    #: How many times its input a row is assumed to need where the layers' outputs are not known.
    unknown_growth: int = 100
    #: What the many rows and their outputs may take, which are kept.
    kept_bytes: int = 2**28
    #: What a model's variables may take that are kept since calls may assign them.
    state_bytes: int = 2**28
    #: A change's larger batch may take this share of the free memory.
    memory_share: float = 0.5

    #: Where all is to end in time: what is for building and comparing, here and in other processes, and
    #: for building the calls of other numbers of rows; with less time left than this there are none.
    admission_share: float = 0.5
    admission_elsewhere_share: float = 0.7
    building_share: float = 0.5
    least_scaling_s: float = 1.0

    #: How costs grow with the rows gets this share of the budget, where there are rows; changes that
    #: need a process of their own get that one, where there are such.
    scaling_share: float = 0.2
    processes_share: float = 0.3

    def in_all(self, seconds: float) -> Limits:
        """The limits where building and comparing are to end within ``seconds`` as well."""
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
        """After how many seconds a change is taken for hung; ``call_ns`` is of the original."""
        return max(
            self.hung_after_budgets * budget_s, self.hung_after_calls * call_ns / 1e9, self.hung_after_s
        )


LIMITS = Limits()
