"""What was called, with which inputs, and what is known of both that may make a call slow.

A field whose type has :data:`Absent` is missing from recordings that were made before it existed:
rules that need it cannot tell. Null means that the recorder looked and found nothing to say.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import UNSET

from .described import says
from .ranges import Count, Nanoseconds
from .recorded import Recorded

Absent: TypeAlias = msgspec.UnsetType
#: What users, layers and datasets may give for a setting.
Plain: TypeAlias = bool | int | float | str | None


class Place(msgspec.Struct, frozen=True):
    """A line of somebody's source."""

    file: Annotated[str, says("path")]
    line: Annotated[Count, says("number")]
    function: Annotated[str, says("that the line is in")]


class Input(msgspec.Struct, frozen=True):
    """One array, or what brings them."""

    shape: Annotated[
        list[Count | None] | None, says("null where it is unknown; a size is null where it varies")
    ]
    dtype: Annotated[str | None, says("null where it is unknown")]
    kind: Annotated[
        str,
        says(
            "`array`, `tensor`, `dataset`, `generator` or `pydataset`; of another kind that a program "
            "calls a function with the name of its class"
        ),
    ]


class Layer(msgspec.Struct, frozen=True, rename={"layer_class": "class"}):
    """A layer, and what of it matters for speed: most have the first three keys alone."""

    layer: Annotated[str, says("name")]
    layer_class: Annotated[str, says("name of its class")]
    parent: Annotated[str | None, says("name of the layer that it is in, null for the model's own")] = None
    dtype_policy: Annotated[str | Absent, says("where it is not `float32`")] = UNSET
    quantization: Annotated[str | Absent, says("how it is quantised")] = UNSET
    activation: Annotated[Plain | Absent, says("of recurrent layers, as those below")] = UNSET
    recurrent_activation: Annotated[Plain | Absent, says("name")] = UNSET
    recurrent_dropout: Annotated[Plain | Absent, says("share")] = UNSET
    unroll: Annotated[Plain | Absent, says("whether its loop is unrolled")] = UNSET
    use_bias: Annotated[Plain | Absent, says("whether it has a bias")] = UNSET
    implementation: Annotated[Plain | Absent, says("which of Keras' it uses")] = UNSET
    return_sequences: Annotated[Plain | Absent, says("whether it gives every step")] = UNSET
    stateful: Annotated[Plain | Absent, says("whether it keeps its state from batch to batch")] = UNSET
    groups: Annotated[int | Absent, says("of convolutions, where there is more than one")] = UNSET
    wraps: Annotated[str | Absent, says("of `TimeDistributed` the class of the layer in it")] = UNSET
    time_steps: Annotated[int | Absent | None, says("of the same, null where they vary")] = UNSET


class DatasetStep(msgspec.Struct, frozen=True):
    """A step of a `tf.data.Dataset`."""

    kind: Annotated[str, says("such as `Map` or `Batch`")]
    batch_size: Annotated[int | Absent, says("where it has one, as those below")] = UNSET
    parallel: Annotated[int | Absent, says("how many calls run at once; negative for as many as fit")] = UNSET
    buffer_size: Annotated[int | Absent, says("elements that are kept ready")] = UNSET
    python: Annotated[bool | Absent, says("whether its function calls Python for each element")] = UNSET
    generator: Annotated[bool | Absent, says("whether its function is a Python generator")] = UNSET
    function: Annotated[str | Absent | None, says("the function's name")] = UNSET
    count: Annotated[int | Absent, says("of `Repeat` and `Take`; negative for no end")] = UNSET
    elements: Annotated[
        int | Absent | None, says("how many it gives; negative for no end, null where that is not known")
    ] = UNSET


class PyDatasetFacts(msgspec.Struct, frozen=True):
    """How a `PyDataset` or `Sequence` is read."""

    batches: Annotated[Plain, says("how many it has")] = None
    workers: Annotated[Plain, says("threads or processes that read it")] = None
    use_multiprocessing: Annotated[Plain, says("whether these are processes")] = None
    max_queue_size: Annotated[Plain, says("batches that are kept ready")] = None


class InputLine(msgspec.Struct, frozen=True):
    """A line of the user's that makes batches."""

    where: Annotated[str, says("file, line and function")]
    source: Annotated[str, says("the line itself, empty where it cannot be read")]
    samples: Annotated[Count, says("in how many a thread was there")]


class InputLines(msgspec.Struct, frozen=True):
    """What the threads that make batches did, looked at a hundred times a second."""

    samples: Annotated[Count, says("how often it was looked, in calls that are not measured")]
    lines: Annotated[list[InputLine], says("the lines that were seen most often")]


class ProcessFacts(msgspec.Struct, frozen=True):
    """The threads of the process."""

    python_threads: Annotated[Count, says("threads of Python")]
    threads: Annotated[Count | None, says("all threads, null where the system does not tell")]
    intra_op_threads: Annotated[
        int | None, says("what TensorFlow was set to use in one op; 0 for as many as there are processors")
    ]
    inter_op_threads: Annotated[int | None, says("the same, for ops at once")]


class MovedData(msgspec.Struct, frozen=True):
    """An op that moves data where that is slow or needless."""

    op: Annotated[str, says("its name in the graph")]
    kind: Annotated[
        Literal["many_axes", "weights", "softmax", "one_hot"],
        says(
            "`many_axes` for a transpose of more than 8, `weights` for one of weights, `softmax` for one of "
            "the two around a softmax along another axis than the last, `one_hot` for a product with one-hot "
            "rows"
        ),
    ]
    shape: Annotated[
        list[Count | None] | None, says("of what is moved; null where it is open, as a size of it")
    ]


class Switches(msgspec.Struct, frozen=True):
    """What TensorFlow was set to do beyond running ops. Null where the release has no such switch."""

    check_numerics: Annotated[bool | None, says("`tf.debugging.enable_check_numerics()`")] = None
    dump_debug_info: Annotated[bool | None, says("`tf.debugging.experimental.enable_dump_debug_info()`")] = (
        None
    )
    op_determinism: Annotated[bool | None, says("`tf.config.experimental.enable_op_determinism()`")] = None
    data_debug_mode: Annotated[bool | None, says("`tf.data.experimental.enable_debug_mode()`")] = None
    log_device_placement: Annotated[bool | None, says("`tf.debugging.set_log_device_placement(True)`")] = None
    jit_everywhere: Annotated[bool | None, says("`tf.config.optimizer.set_jit(True)`")] = None
    profiler: Annotated[bool | None, says("whether a trace of `tf.profiler` was being recorded")] = None
    tape: Annotated[bool | None, says("whether a `tf.GradientTape` recorded the first call")] = None


class GraphLoop(msgspec.Struct, frozen=True):
    """A loop of a graph."""

    op: Annotated[str, says("the name in the graph of the op that runs it")]
    body: Annotated[str, says("name of the function that it runs in each step")]


class BuiltGraph(msgspec.Struct, frozen=True):
    """A graph that was built in the first call."""

    function: Annotated[str, says("name of the function that was traced")]
    pipeline: Annotated[bool, says("whether `tf.data` asked for it")]
    ops: Annotated[Count, says("ops in the graph")]
    moves: Annotated[
        list[MovedData] | None, says("ops that move data needlessly; null where it is not known")
    ] = None
    checks: Annotated[int | Absent, says("how many of them are of TensorFlow's debugger")] = UNSET
    loops: Annotated[list[GraphLoop] | None, says("loops in the graph; null where it is not known")] = None


class TracedFunction(msgspec.Struct, frozen=True):
    """A graph that was built in a warm call."""

    function: Annotated[str, says("name of the function that was traced")]
    arguments: Annotated[list[str], says("what it was traced for")]
    where: Annotated[str | None, says("the user's line, null where there is none")]
    pipeline: Annotated[bool, says("whether `tf.data` asked for it")]
    ops: Annotated[Count, says("ops in the graph")]


class LoadedModel(msgspec.Struct, frozen=True):
    """A model that was loaded or copied within a call."""

    function: Annotated[str, says("of Keras")]
    where: Annotated[str | None, says("the user's line, null where there is none")]


class InnerCall(msgspec.Struct, frozen=True):
    """A method that runs a model, called within a call, from one line."""

    function: Annotated[str, says("such as `predict`")]
    where: Annotated[str | None, says("the user's line, null where there is none")]
    count: Annotated[Count, says("how often")]
    rows: Annotated[Count | None, says("the fewest of a call, null where none tells")]


class CallSite(msgspec.Struct, frozen=True):
    """The line of a program that makes the calls, and how it makes them."""

    file: Annotated[str, says("path")]
    line: Annotated[Count, says("number")]
    function: Annotated[str, says("that the line is in")]
    source: Annotated[str, says("the line itself")]
    through: Annotated[Place | None, says("the library's line that called Keras for it, null for none")]
    entry: Annotated[str, says("entry point")]
    calls: Annotated[Count, says("how many")]
    total_ns: Annotated[Nanoseconds, says("of all of them")]
    rows: Annotated[Count | None, says("of the first input, null where they vary")]
    longest_run: Annotated[
        Count,
        says("how many calls follow each other on one thread without another line's call or a long pause"),
    ]
    row_range: Annotated[
        list[int] | Absent | None, says("the fewest and the most rows of the first input")
    ] = UNSET
    models_in_run: Annotated[
        Count | Absent, says("how many different models the calls that follow each other are of")
    ] = UNSET


class DataFlow(msgspec.Struct, frozen=True):
    """Where the inputs of a line's calls come from, by some of its first calls."""

    calls: Annotated[Count, says("that were looked at, each with the one before")]
    from_outputs: Annotated[Count, says("of these the ones whose input is made of the output before")]
    same_input: Annotated[Count, says("of these the ones whose input is the input before")]


class EventLoopCalls(msgspec.Struct, frozen=True):
    """Calls on the thread of a running event loop, of which nothing else runs meanwhile."""

    coroutine: Annotated[str, says("that makes the calls")]
    where: Annotated[str, says("its line")]
    calls: Annotated[Count, says("how many")]
    total_ns: Annotated[Nanoseconds, says("of all of them")]
    longest_ns: Annotated[Nanoseconds, says("the longest time in which the loop did nothing but calls")]
    longest_calls: Annotated[Count, says("how many calls these are")]
    tasks_in_a_row: Annotated[
        Count, says("of how many tasks calls follow each other at most, with hardly a pause between")
    ]
    waited: Annotated[Count, says("at the end of how many calls something else of the loop was ready")]
    most_waiting: Annotated[
        Count | None, says("how much at most: callbacks, timers, sockets; null where the loop does not show")
    ]


class MadeModels(msgspec.Struct, frozen=True):
    """A function that makes models outside of the calls, by line."""

    function: Annotated[str, says("of Keras")]
    where: Annotated[str, says("the user's line")]
    count: Annotated[Count, says("how often")]
    median_ns: Annotated[Nanoseconds, says("of one time")]


class Strategy(msgspec.Struct, frozen=True):
    """A `tf.distribute` strategy."""

    name: Annotated[str, says("name of its class")]
    replicas: Annotated[Count, says("how many devices share the rows")]


class ModelObjects(msgspec.Struct, frozen=True):
    """How many models the calls of a program's line were of."""

    objects: Annotated[Count, says("models")]
    calls: Annotated[Count, says("calls")]
    made_by: Annotated[list[MadeModels], says("what made models beside the calls")]
    compiled_by: Annotated[
        list[MadeModels] | Absent, says("what compiled models beside the calls, as above")
    ] = UNSET
    weights_set: Annotated[list[MadeModels], says("what set the weights of models beside the calls")] = []


class InProgram(msgspec.Struct, frozen=True):
    """What a call took in the program, and what it takes alone, made again after the program's end."""

    warm_calls: Annotated[Count, says("calls of the program after the first ones, with nothing installed")]
    warm_ns: Annotated[Nanoseconds | None, says("their median; null without one")]
    again_calls: Annotated[Count, says("calls that were made again, under all captures")]
    again_ns: Annotated[
        Nanoseconds | None, says("the median of those with nothing installed; null without one")
    ]
    without_callbacks: Annotated[
        bool, says("whether those left out the callbacks that the program gives to the call")
    ] = False


class Workload(msgspec.Struct, frozen=True):
    """What was called, with which inputs."""

    target: Annotated[
        str,
        says(
            "what was given as target, for models from Python their name. Paths are of the machine that "
            "recorded: look before you publish a report"
        ),
    ]
    entry_point: Annotated[str, says("see [entry points](commands.md#entry-points)")]
    inputs: Annotated[list[Input], says("one for each input")]
    announcements: Annotated[list[str], says("what was chosen for the user, in sentences")]
    batch_size: Annotated[Plain, says("as given, or null")]
    steps: Annotated[Plain, says("as given, or null")]
    compiled: Annotated[bool | None, says("whether the model is compiled; null for signatures")]
    run_eagerly: Annotated[bool, says("whether the model runs eagerly")]
    verbose: Annotated[bool, says("whether `predict` shows its bar")]
    layers: Annotated[list[Layer], says("at any depth, in the order that they run in")]
    input_source: Annotated[
        str | None,
        says(
            "the file or function, `given with the model`, `given by the program`, or "
            "`made from the model's input specification`"
        ),
    ] = None
    model_class: Annotated[str | None, says("name of the model's class, or null")] = None
    parameters: Annotated[Count | None, says("their number, or null")] = None
    experimental_run_tf_function: Annotated[
        bool | Absent | None,
        says("the model's flag of that name, which releases about TensorFlow 2.0 have; null without it"),
    ] = UNSET
    jit_compile: Annotated[
        Plain | Absent, says("as the model has it; null where the release or the model has no such setting")
    ] = UNSET
    steps_per_execution: Annotated[int | Absent | None, says("the same")] = UNSET
    dtype_policy: Annotated[str | Absent | None, says("the same")] = UNSET
    strategy: Annotated[
        Strategy | Absent | None, says("that the model was made under; null for TensorFlow's own")
    ] = UNSET
    functions_run_eagerly: Annotated[
        bool | Absent | None, says("whether functions are set to run eagerly in the whole process")
    ] = UNSET
    varying: Annotated[bool | Absent, says("whether the input was made again for each call")] = UNSET
    callbacks: Annotated[list[str] | Absent, says("class names of the callbacks that `predict` is given")] = (
        UNSET
    )
    dataset: Annotated[
        list[DatasetStep] | Absent | None,
        says("the steps of the `tf.data.Dataset`, from the last to the first; null where the input is none"),
    ] = UNSET
    pydataset: Annotated[PyDatasetFacts | Absent | None, says("null where the input is none")] = UNSET
    input_lines: Annotated[
        InputLines | Absent | None,
        says("the lines of yours that make the batches; null where nobody looked, or calls are short"),
    ] = UNSET
    process: Annotated[ProcessFacts | Absent, says("threads of the process")] = UNSET
    switches: Annotated[
        Switches | Absent, says("switches that slow calls down, as they were in the first call")
    ] = UNSET
    input_shapes: Annotated[
        list[list[list[Count]]] | Absent,
        says("the shapes of the arrays in up to four warm calls before the measured ones"),
    ] = UNSET
    traced: Annotated[
        list[list[TracedFunction]] | Absent, says("for each of those calls the graphs that were built in it")
    ] = UNSET
    cold_traces: Annotated[
        list[BuiltGraph] | Absent, says("the graphs that were built in the first call")
    ] = UNSET
    loads: Annotated[
        list[LoadedModel] | Absent | None,
        says(
            "the models that were loaded or copied in the first of those calls; null where another "
            "profiler was active"
        ),
    ] = UNSET
    inner_calls: Annotated[
        list[InnerCall] | Absent | None,
        says("the methods that run a model within the first of those calls, by line; null as before"),
    ] = UNSET
    settling_ns: Annotated[
        list[Nanoseconds] | Absent,
        says("how long those calls took; the first of them is slower, since the recorder looks into it"),
    ] = UNSET
    threads_in_keras: Annotated[
        list[Count] | Absent,
        says("after each of those calls, how many other threads were running a model"),
    ] = UNSET
    call_sites: Annotated[
        list[CallSite] | Absent, says("in the report of a program the line of the calls; else empty")
    ] = UNSET
    event_loop: Annotated[
        EventLoopCalls | Absent | None,
        says("the calls of a program that block an event loop; null where none does"),
    ] = UNSET
    models: Annotated[ModelObjects | Absent, says("in the report of a program alone")] = UNSET
    data_flow: Annotated[DataFlow | Absent, says("the same")] = UNSET
    in_program: Annotated[
        InProgram | Absent, says("in the report of a program whose calls were made again after its end")
    ] = UNSET


class RecordedWorkload(Recorded[Workload]):
    """The workload, and the JSON object that it was read from."""

    kind = Workload
