"""What was called, with which inputs, and all known facts about both that can make a call slow.

A field whose type has :data:`Absent` is missing in recordings that were made before it existed:
rules that need it cannot tell. Null means that the recorder looked and found nothing.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import UNSET

from .described import says
from .ranges import Count, Nanoseconds
from .recorded import Recorded

Absent: TypeAlias = msgspec.UnsetType
#: Values that users, layers and datasets may give to a setting.
Plain: TypeAlias = bool | int | float | str | None


class Place(msgspec.Struct, frozen=True):
    """A line of source code."""

    file: Annotated[str, says("path")]
    line: Annotated[Count, says("number")]
    function: Annotated[str, says("the line's function")]


class Padding(msgspec.Struct, frozen=True):
    """One whole number that fills the rows of an input up to one length."""

    share: Annotated[float, says("share of all steps, of the first 512 rows of a call")]
    longest: Annotated[Count, says("steps of the longest row without it")]
    at_end: Annotated[bool, says("whether it is behind the values; before them otherwise")]


class Input(msgspec.Struct, frozen=True):
    """One array, or a source of arrays."""

    shape: Annotated[list[Count | None] | None, says("null if unknown; a size is null if it varies")]
    dtype: Annotated[str | None, says("null if unknown")]
    kind: Annotated[
        str,
        says(
            "`array`, `tensor`, `dataset`, `generator` or `pydataset`; for other inputs of a program's "
            "function, the name of their class"
        ),
    ]
    padding: Annotated[Padding | Absent, says("of whole numbers with at least 16 steps, if there is any")] = (
        UNSET
    )


class Layer(msgspec.Struct, frozen=True, rename={"layer_class": "class"}):
    """A layer, and its settings that matter for speed: most layers have only the first three keys."""

    layer: Annotated[str, says("name")]
    layer_class: Annotated[str, says("name of its class")]
    parent: Annotated[str | None, says("name of the layer that contains it; null for the model's own")] = None
    dtype_policy: Annotated[str | Absent, says("if it is not `float32`")] = UNSET
    quantization: Annotated[str | Absent, says("how it is quantised")] = UNSET
    activation: Annotated[Plain | Absent, says("of recurrent layers, like those below")] = UNSET
    recurrent_activation: Annotated[Plain | Absent, says("name")] = UNSET
    recurrent_dropout: Annotated[Plain | Absent, says("share")] = UNSET
    unroll: Annotated[Plain | Absent, says("whether its loop is unrolled")] = UNSET
    use_bias: Annotated[Plain | Absent, says("whether it has a bias")] = UNSET
    implementation: Annotated[Plain | Absent, says("which of Keras' implementations it uses")] = UNSET
    return_sequences: Annotated[Plain | Absent, says("whether it returns every step")] = UNSET
    stateful: Annotated[Plain | Absent, says("whether it keeps its state from batch to batch")] = UNSET
    groups: Annotated[int | Absent, says("of convolutions, if there is more than one")] = UNSET
    wraps: Annotated[str | Absent, says("of `TimeDistributed`: class of the layer in it")] = UNSET
    time_steps: Annotated[int | Absent | None, says("of `TimeDistributed`; null if they vary")] = UNSET


class DatasetStep(msgspec.Struct, frozen=True):
    """A step of a `tf.data.Dataset`."""

    kind: Annotated[str, says("such as `Map` or `Batch`")]
    batch_size: Annotated[int | Absent, says("if it has one, also below")] = UNSET
    parallel: Annotated[int | Absent, says("how many calls run at once; negative if TensorFlow decides")] = (
        UNSET
    )
    buffer_size: Annotated[int | Absent, says("elements kept ready")] = UNSET
    python: Annotated[bool | Absent, says("whether its function calls Python for each element")] = UNSET
    generator: Annotated[bool | Absent, says("whether its function is a Python generator")] = UNSET
    function: Annotated[str | Absent | None, says("the function's name")] = UNSET
    count: Annotated[int | Absent, says("of `Repeat` and `Take`; negative if endless")] = UNSET
    elements: Annotated[
        int | Absent | None, says("number of elements; negative if endless, null if unknown")
    ] = UNSET


class PyDatasetFacts(msgspec.Struct, frozen=True):
    """How a `PyDataset` or `Sequence` is read."""

    batches: Annotated[Plain, says("number of batches")] = None
    workers: Annotated[Plain, says("threads or processes that read it")] = None
    use_multiprocessing: Annotated[Plain, says("whether workers are processes")] = None
    max_queue_size: Annotated[Plain, says("batches kept ready")] = None


class InputLine(msgspec.Struct, frozen=True):
    """A user's line that makes batches."""

    where: Annotated[str, says("file, line and function")]
    source: Annotated[str, says("the line itself; empty if it cannot be read")]
    samples: Annotated[Count, says("samples with a thread at this line")]


class InputLines(msgspec.Struct, frozen=True):
    """What the threads that make batches did, sampled a hundred times a second."""

    samples: Annotated[Count, says("number of samples, in calls that are not measured")]
    lines: Annotated[list[InputLine], says("the lines that were seen most often")]


class ProcessFacts(msgspec.Struct, frozen=True):
    """The threads of the process."""

    python_threads: Annotated[Count, says("Python threads")]
    threads: Annotated[Count | None, says("all threads; null if the system does not tell")]
    intra_op_threads: Annotated[
        int | None, says("TensorFlow's setting for threads within one op; 0 for one per processor")
    ]
    inter_op_threads: Annotated[int | None, says("the same for ops in parallel")]


class MovedData(msgspec.Struct, frozen=True):
    """An op that moves data in a slow or needless way."""

    op: Annotated[str, says("its name in the graph")]
    kind: Annotated[
        Literal["many_axes", "weights", "softmax", "one_hot"],
        says(
            "`many_axes`: a transpose of more than 8 axes; `weights`: a transpose of weights; `softmax`: one "
            "of the two transposes around a softmax on another axis than the last; `one_hot`: a product with "
            "one-hot rows"
        ),
    ]
    shape: Annotated[
        list[Count | None] | None, says("shape of the moved data; null if unknown, also for single sizes")
    ]


class Switches(msgspec.Struct, frozen=True):
    """What TensorFlow was set to do beyond running ops. Null if the release has no such switch."""

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

    op: Annotated[str, says("name in the graph of the op that runs it")]
    body: Annotated[str, says("name of the function that it runs in each step")]


class BuiltGraph(msgspec.Struct, frozen=True):
    """A graph that was built in the first call."""

    function: Annotated[str, says("name of the function that was traced")]
    pipeline: Annotated[bool, says("whether `tf.data` asked for it")]
    ops: Annotated[Count, says("ops in the graph")]
    moves: Annotated[list[MovedData] | None, says("ops that move data needlessly; null if unknown")] = None
    checks: Annotated[int | Absent, says("how many of these ops belong to TensorFlow's debugger")] = UNSET
    loops: Annotated[list[GraphLoop] | None, says("loops in the graph; null if unknown")] = None
    constant: Annotated[
        list[str] | None,
        says("name scopes whose matrix products and convolutions depend on no argument; null if unknown"),
    ] = None
    varying: Annotated[list[str] | None, says("the other name scopes with such ops; null if unknown")] = None


class TracedFunction(msgspec.Struct, frozen=True):
    """A graph that was built in a warm call."""

    function: Annotated[str, says("name of the function that was traced")]
    arguments: Annotated[list[str], says("the arguments that it was traced for")]
    where: Annotated[str | None, says("the user's line; null if there is none")]
    pipeline: Annotated[bool, says("whether `tf.data` asked for it")]
    ops: Annotated[Count, says("ops in the graph")]


class LoadedModel(msgspec.Struct, frozen=True):
    """A model that was loaded or copied within a call."""

    function: Annotated[str, says("of Keras")]
    where: Annotated[str | None, says("the user's line; null if there is none")]


class InnerCall(msgspec.Struct, frozen=True):
    """A method that runs a model, called within a call, from one line."""

    function: Annotated[str, says("such as `predict`")]
    where: Annotated[str | None, says("the user's line; null if there is none")]
    count: Annotated[Count, says("how often")]
    rows: Annotated[Count | None, says("fewest rows of a call; null if unknown")]


class CallSite(msgspec.Struct, frozen=True):
    """The line of a program that makes the calls, and how it makes them."""

    file: Annotated[str, says("path")]
    line: Annotated[Count, says("number")]
    function: Annotated[str, says("the line's function")]
    source: Annotated[str, says("the line itself")]
    through: Annotated[
        Place | None, says("the library's line that called Keras for it; null if there is none")
    ]
    entry: Annotated[str, says("entry point")]
    calls: Annotated[Count, says("how many")]
    total_ns: Annotated[Nanoseconds, says("of all of them")]
    rows: Annotated[Count | None, says("rows of the first input; null if they vary")]
    longest_run: Annotated[
        Count,
        says("most calls in a row on one thread, without another line's call or a long pause"),
    ]
    row_range: Annotated[list[int] | Absent | None, says("fewest and most rows of the first input")] = UNSET
    models_in_run: Annotated[Count | Absent, says("number of different models in that run of calls")] = UNSET
    one_position: Annotated[
        bool, says("whether the line uses one position of the output's second axis, by its source")
    ] = False


class SharedLayer(msgspec.Struct, frozen=True):
    """A layer that several models have, which a line calls in a row with the same input."""

    layer: Annotated[str, says("name")]
    models: Annotated[Count, says("how many models run it")]


class DataFlow(msgspec.Struct, frozen=True):
    """Where the inputs of a line's calls come from, judged by some of its first calls."""

    calls: Annotated[Count, says("calls that were compared with the one before")]
    from_outputs: Annotated[Count, says("those whose input is made from the output before")]
    same_input: Annotated[
        Count, says("those whose input is the input before; a large one must be the same object")
    ]
    same_part: Annotated[
        float,
        says(
            "share of the bytes of several inputs that are in arrays that stay, beside one of the same shape "
            "that changes"
        ),
    ] = 0.0
    staying_part: Annotated[
        float,
        says("the same beside one of any shape, if calls take the output of the one before"),
    ] = 0.0

    @property
    def is_chained(self) -> bool:
        """Whether most inputs are made from the output before."""
        return self.from_outputs * 2 > self.calls


class EventLoopCalls(msgspec.Struct, frozen=True):
    """Calls on the thread of a running event loop, which they block."""

    coroutine: Annotated[str, says("the coroutine that makes the calls")]
    where: Annotated[str, says("its line")]
    calls: Annotated[Count, says("how many")]
    total_ns: Annotated[Nanoseconds, says("of all of them")]
    longest_ns: Annotated[Nanoseconds, says("longest time in which the loop did nothing but calls")]
    longest_calls: Annotated[Count, says("number of calls in that time")]
    tasks_in_a_row: Annotated[Count, says("most tasks whose calls follow each other with hardly a pause")]
    waited: Annotated[Count, says("number of calls at whose end something else of the loop was ready")]
    most_waiting: Annotated[
        Count | None, says("most of these at once: callbacks, timers, sockets; null if the loop hides them")
    ]


class MadeModels(msgspec.Struct, frozen=True):
    """A function that makes models outside of the calls, by line."""

    function: Annotated[str, says("of Keras")]
    where: Annotated[str, says("the user's line")]
    count: Annotated[Count, says("how often")]
    median_ns: Annotated[Nanoseconds, says("median of one time")]


class Strategy(msgspec.Struct, frozen=True):
    """A `tf.distribute` strategy."""

    name: Annotated[str, says("name of its class")]
    replicas: Annotated[Count, says("how many devices share the rows")]


class ModelObjects(msgspec.Struct, frozen=True):
    """How many models a program's line called."""

    objects: Annotated[Count, says("number of models")]
    calls: Annotated[Count, says("number of calls")]
    made_by: Annotated[list[MadeModels], says("what made models outside of calls")]
    compiled_by: Annotated[list[MadeModels] | Absent, says("what compiled models outside of calls")] = UNSET
    weights_set: Annotated[list[MadeModels], says("what set the weights of models outside of calls")] = []


class InProgram(msgspec.Struct, frozen=True):
    """How long a call took in the program, and how long alone, replayed after the program's end."""

    warm_calls: Annotated[Count, says("calls of the program after the first ones, with nothing installed")]
    warm_ns: Annotated[Nanoseconds | None, says("their median; null without one")]
    again_calls: Annotated[Count, says("replayed calls, under all captures")]
    again_ns: Annotated[
        Nanoseconds | None, says("median of replayed calls with nothing installed; null without one")
    ]
    without_callbacks: Annotated[
        bool, says("whether replayed calls omit the callbacks that the program passes")
    ] = False


class Workload(msgspec.Struct, frozen=True):
    """What was called, with which inputs."""

    target: Annotated[
        str,
        says(
            "the target as given; for models from Python, their name. Paths are of the recording machine: "
            "check them before you publish a report"
        ),
    ]
    entry_point: Annotated[str, says("see [entry points](commands.md#entry-points)")]
    inputs: Annotated[list[Input], says("one for each input")]
    announcements: Annotated[list[str], says("choices made for the user, in sentences")]
    batch_size: Annotated[Plain, says("as given, or null")]
    steps: Annotated[Plain, says("as given, or null")]
    compiled: Annotated[bool | None, says("whether the model is compiled; null for signatures")]
    run_eagerly: Annotated[bool, says("whether the model runs eagerly")]
    verbose: Annotated[bool, says("whether `predict` shows its progress bar")]
    layers: Annotated[list[Layer], says("layers at any depth, in the order in which they run")]
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
        says("the model's flag of that name, in releases around TensorFlow 2.0; null without it"),
    ] = UNSET
    jit_compile: Annotated[
        Plain | Absent, says("the model's setting; null if the release or the model has none")
    ] = UNSET
    steps_per_execution: Annotated[int | Absent | None, says("the same")] = UNSET
    dtype_policy: Annotated[str | Absent | None, says("the same")] = UNSET
    strategy: Annotated[
        Strategy | Absent | None,
        says("the strategy that the model was made under; null for TensorFlow's default"),
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
        says("steps of the `tf.data.Dataset`, last to first; null if the input is no dataset"),
    ] = UNSET
    pydataset: Annotated[PyDatasetFacts | Absent | None, says("null if the input is no `PyDataset`")] = UNSET
    input_lines: Annotated[
        InputLines | Absent | None,
        says("your lines that make the batches; null if not sampled, or if calls are short"),
    ] = UNSET
    process: Annotated[ProcessFacts | Absent, says("threads of the process")] = UNSET
    switches: Annotated[
        Switches | Absent, says("switches that slow calls down, as set in the first call")
    ] = UNSET
    input_shapes: Annotated[
        list[list[list[Count]]] | Absent,
        says("the shapes of the arrays in up to four warm calls before the measured ones"),
    ] = UNSET
    output_shape: Annotated[
        list[Count] | Absent, says("shape of the output of a call of the program, if it has one output")
    ] = UNSET
    shared_layers: Annotated[
        list[SharedLayer] | Absent,
        says("layers that other models of the line run on the same input; only in a program's report"),
    ] = UNSET
    traced: Annotated[
        list[list[TracedFunction]] | Absent, says("the graphs that were built in each of those calls")
    ] = UNSET
    cold_traces: Annotated[
        list[BuiltGraph] | Absent, says("the graphs that were built in the first call")
    ] = UNSET
    unwatched: Annotated[
        Count | Absent,
        says("warm calls in a test that could not be watched for graphs, since another thread's call was"),
    ] = UNSET
    objects_kept: Annotated[
        float | Absent | None,
        says("Python objects that each call leaves behind; only counted to compare, null if a call failed"),
    ] = UNSET
    loads: Annotated[
        list[LoadedModel] | Absent | None,
        says(
            "the models that were loaded or copied in the first of those calls; null if another profiler "
            "was active"
        ),
    ] = UNSET
    inner_calls: Annotated[
        list[InnerCall] | Absent | None,
        says("the methods that run a model within the first of those calls, by line; null as before"),
    ] = UNSET
    settling_ns: Annotated[
        list[Nanoseconds] | Absent,
        says("how long those calls took; the first is slower, since the recorder inspects it"),
    ] = UNSET
    threads_in_keras: Annotated[
        list[Count] | Absent,
        says("how many other threads were running a model after each of those calls"),
    ] = UNSET
    call_sites: Annotated[
        list[CallSite] | Absent, says("in a program's report, the line of the calls; else empty")
    ] = UNSET
    event_loop: Annotated[
        EventLoopCalls | Absent | None,
        says("calls of a program that block an event loop; null if none does"),
    ] = UNSET
    models: Annotated[ModelObjects | Absent, says("only in a program's report")] = UNSET
    data_flow: Annotated[DataFlow | Absent, says("the same")] = UNSET
    in_program: Annotated[
        InProgram | Absent, says("in the report of a program whose calls were replayed after its end")
    ] = UNSET


class RecordedWorkload(Recorded[Workload]):
    """The workload, and the JSON object that it was read from."""

    kind = Workload
