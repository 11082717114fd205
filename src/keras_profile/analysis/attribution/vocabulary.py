"""All phases: a short, stable and closed list, the same in every generation."""

from __future__ import annotations

#: What each phase means, in the order of a call.
PHASES: dict[str, str] = {
    "entry": "the entry point's own lines: check arguments, call the parts in order",
    "loop": "the lines of the loop over batches",
    "input_standardization": "check inputs and convert them for the data adapter",
    "data_adapter": "choose and build the class for this kind of input",
    "dataset_building": "build a tf.data pipeline, dataset by dataset",
    "iterator_creation": "create an iterator over the pipeline and start its threads",
    "batch_fetching": "wait for the next batch",
    "function_building": "make or look up the function that runs the model",
    "function_tracing": "run Python to build a TensorFlow graph",
    "compilation": "compile a graph with XLA",
    "dispatch": "bind a traced function's inputs and look up the right trace",
    "execution": "run a traced function: the model itself, and the wait for it",
    "eager_execution": "run layers op by op, without a traced function",
    "callbacks": "callbacks and the list that holds them",
    "progress_bar": "draw the progress bar",
    "output_assembly": "convert, collect and concatenate outputs",
    "state_reset": "reset or write back metrics and state",
    "synchronization": "wait for pending work",
    "distribution": "the distribution strategy: scope, merge, reduce",
    "teardown": "destroy what the call leaves behind: iterators, tensor handles, functions",
    "garbage_collection": "run Python's cyclic garbage collector",
    "undivided": "on a backend other than TensorFlow: from running the model on, with the wait for it",
    "unattributed": "not covered by any function of the internals table",
}

#: The outermost frame of these wins over all below it: the ops that are built while
#: tracing count as tracing. Garbage collection wins even over the other two.
STICKY = ("function_tracing", "teardown", "garbage_collection")

#: The phases in which the user's model runs.
RUNS_THE_MODEL = ("execution", "eager_execution")

#: If a call of the backend returns before its result is ready, these phases cannot be separated: any of
#: them may contain the wait.
UNDIVIDED = "undivided"
HOLDS_THE_WAIT = (
    "entry",
    "loop",
    "batch_fetching",
    "dispatch",
    *RUNS_THE_MODEL,
    "callbacks",
    "progress_bar",
    "output_assembly",
    "state_reset",
    "synchronization",
    "teardown",
    "unattributed",
)

#: The internals table marks functions that are not a phase with this: their time belongs to the
#: function that called them.
TRANSPARENT = "transparent"

#: The same for functions whose callees also belong to their caller: they walk structures or set
#: attributes, and run no phase of their own.
HELPER = "helper"

#: What has no phase of its own.
NO_PHASE = (TRANSPARENT, HELPER)

#: These cover only the lines of their own functions: an unnamed function below them is unattributed.
OWN_LINES_ONLY = ("entry", "loop")

UNATTRIBUTED = "unattributed"
NUMBER = {phase: number for number, phase in enumerate(PHASES)}
