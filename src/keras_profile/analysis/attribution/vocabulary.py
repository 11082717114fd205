"""The phases there are: short, stable and closed, the same in every generation."""

from __future__ import annotations

#: Phase by phase what is meant, in the order of a call.
PHASES: dict[str, str] = {
    "entry": "the entry point's own lines: arguments checked, parts called in order",
    "loop": "the lines of the loop over batches",
    "input_standardization": "inputs checked and converted to what the data adapter takes",
    "data_adapter": "the class that suits the kind of input is chosen and built",
    "dataset_building": "a tf.data pipeline is put together, dataset by dataset",
    "iterator_creation": "an iterator over the pipeline is made, its threads started",
    "batch_fetching": "the next batch is waited for",
    "function_building": "the function that runs the model is made or looked up",
    "function_tracing": "Python is run to build a TensorFlow graph",
    "compilation": "XLA compiles a graph",
    "dispatch": "a traced function's inputs are bound and the right trace is looked up",
    "execution": "a traced function runs: the model itself, and the wait for it",
    "eager_execution": "layers run op by op, without a traced function",
    "callbacks": "callbacks and the list that holds them",
    "progress_bar": "the progress bar is drawn",
    "output_assembly": "outputs are converted, collected and concatenated",
    "state_reset": "metrics and state are reset or written back",
    "synchronization": "pending work is waited for",
    "distribution": "the distribution strategy: scope, merge, reduce",
    "teardown": "what the call leaves behind is destroyed: iterators, tensor handles, functions",
    "garbage_collection": "Python's cyclic garbage collector runs",
    "undivided": "on another backend than TensorFlow: from running the model on, with the wait for it",
    "unattributed": "what no function of the internals table accounts for",
}

#: The outermost frame of these wins over all below it: the ops that are built while
#: tracing count as tracing. Garbage collection wins even over the other two.
STICKY = ("function_tracing", "teardown", "garbage_collection")

#: The phases in which the user's model runs.
RUNS_THE_MODEL = ("execution", "eager_execution")

#: What is not told apart where a call of the backend comes back before its result is there: any of
#: these may hold the wait for it.
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

#: What the internals table says of functions that are no phase: their time belongs to
#: the function that called them.
TRANSPARENT = "transparent"

#: The same of functions whose callees, too, belong to whoever called them: they walk
#: structures or set attributes, and run nothing of a phase's own.
HELPER = "helper"

#: What has no phase of its own.
NO_PHASE = (TRANSPARENT, HELPER)

#: These stand for the lines of their functions alone, so what is unnamed below them
#: is unattributed.
OWN_LINES_ONLY = ("entry", "loop")

UNATTRIBUTED = "unattributed"
NUMBER = {phase: number for number, phase in enumerate(PHASES)}
