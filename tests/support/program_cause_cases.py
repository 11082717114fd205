"""Causes outside of the calls, as paths made by hand: each with a healthy twin of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from .streams import activity, imported, library, line

LOOP, PLAIN = {"looped": True}, {}


@dataclass(frozen=True)
class ProgramCase:
    """Paths of a program of ten seconds, with their ms; ``least`` is what the cause has at least.

    ``activities`` are (kind, line, how often, ms each). ``healthy`` are such paths without the cause.
    """

    cause: str
    name: str
    paths: list = field(default_factory=list)
    at: int = 30
    least: int = 0
    activities: tuple = ()
    healthy: list = field(default_factory=list)
    healthy_activities: tuple = ()


def _at(looped, *below, number=30, source="x = f(y)"):
    return [line(number, source, **looped), *below]


_TENSOR = library("tensorflow.python.framework.tensor", "_TensorIterator.__next__")
_SLICE = library("tensorflow.python.ops.tensor_getitem_override", "_slice_helper")
_FLOAT = library("tensorflow.python.framework.ops", "_EagerTensorBase.__float__")
_NUMPY = library("tensorflow.python.framework.ops", "_EagerTensorBase.numpy")
_WRAPPER = library("tensorflow.python.util.traceback_utils", "filter_traceback.<locals>.error_handler")
_DATASET = library("tensorflow.python.data.ops.iterator_ops", "OwnedIterator.__next__")
_WEIGHTS = library("keras.src.layers.layer", "Layer.get_weights")
_CLEAR = library("keras.src.utils.global_state", "clear_session")
_MATMUL = library("tensorflow.python.ops.math_ops", "matmul")
_OPS = library("keras.src.ops.numpy", "add")
_GREATER = library("tensorflow.python.ops.gen_math_ops", "greater")
_CTC = library("keras.src.ops.nn", "ctc_decode")
_NMS = library("tensorflow.python.ops.image_ops_impl", "non_max_suppression")
_OLD_CTC = library("tensorflow.python.keras.backend", "ctc_decode")
_RESIZE = library("PIL.Image", "Image.resize")
_LOAD = library("keras.src.utils.image_utils", "load_img")
_OLD_TEXT = library("tensorflow.python.keras.preprocessing.text", "Tokenizer.texts_to_sequences")
_BUILD = library("keras.src.models.sequential", "Sequential.__init__")
_SET = library("keras.src.layers.layer", "Layer.set_weights")
_VOCABULARY = library("keras.src.layers.preprocessing.text_vectorization", "TextVectorization.get_vocabulary")
_CONFIG = library("keras.src.models.functional", "Functional.get_config")
_OTHER = library("pandas.core.frame", "DataFrame.apply")

CASES = [
    ProgramCase(
        "tensor_elements",
        "iterated",
        [(_at(LOOP, _TENSOR, _SLICE), 4000)],
        healthy=[(_at(PLAIN, _SLICE), 4000)],
    ),
    ProgramCase(
        "tensor_elements",
        "indexed",
        [(_at(LOOP, _WRAPPER, _SLICE), 900)],
        healthy=[(_at(LOOP, _DATASET), 900)],
    ),
    ProgramCase(
        "tensor_elements", "made_numbers", [(_at(LOOP, _FLOAT), 900)], healthy=[(_at(LOOP, _FLOAT), 300)]
    ),
    # Each score of a tensor is compared: the ops on elements are of the same cause.
    ProgramCase(
        "tensor_elements",
        "compared",
        [
            (_at(LOOP, _TENSOR, _SLICE, source="for score in scores:"), 2000),
            (_at(LOOP, _GREATER, number=31, source="if score > limit:"), 3000),
        ],
        healthy=[(_at(LOOP, _DATASET), 900)],
    ),
    ProgramCase("values_copied", "numpy", [(_at(LOOP, _NUMPY), 2000)], healthy=[(_at(PLAIN, _NUMPY), 2000)]),
    ProgramCase(
        "values_copied", "get_weights", [(_at(LOOP, _WEIGHTS), 2000)], healthy=[(_at(LOOP, _WEIGHTS), 100)]
    ),
    ProgramCase(
        "session_cleared", "clear_session", [(_at(LOOP, _CLEAR), 2000)], healthy=[(_at(PLAIN, _CLEAR), 2000)]
    ),
    ProgramCase(
        "session_cleared",
        "collected",
        [(_at(LOOP, source="gc.collect()"), 2000)],
        healthy=[(_at(LOOP, source="collection.add(1)"), 900)],
    ),
    ProgramCase(
        "state_exported",
        "vocabulary",
        [(_at(LOOP, _VOCABULARY, _NUMPY), 2000)],
        healthy=[(_at(PLAIN, _VOCABULARY, _NUMPY), 2000)],
    ),
    ProgramCase(
        "state_exported",
        "configuration",
        [(_at(LOOP, _CONFIG), 2000)],
        healthy=[(_at(LOOP, _CONFIG), 200)],
    ),
    ProgramCase(
        "dataset_waited_for",
        "next",
        [(_at(LOOP, _DATASET, source="for x, y in batches:"), 4000)],
        healthy=[(_at(LOOP, _DATASET, source="for x, y in batches:"), 900)],
    ),
    ProgramCase("models_made", "built", [(_at(LOOP, _BUILD), 2000)], healthy=[(_at(PLAIN, _BUILD), 2000)]),
    ProgramCase("models_made", "weights_set", [(_at(LOOP, _SET), 2000)], healthy=[(_at(PLAIN, _SET), 2000)]),
    ProgramCase(
        "models_made",
        "loaded",
        at=12,
        least=1500,
        activities=(("load_model", 12, 5, 300),),
        healthy_activities=(("load_model", 12, 1, 1500),),
    ),
    ProgramCase(
        "models_made",
        "compiled",
        at=12,
        least=1500,
        activities=(("compile", 12, 30, 50),),
        healthy_activities=(("compile", 12, 30, 5),),
    ),
    ProgramCase("decoding", "ctc", [(_at(LOOP, _CTC), 7000)], healthy=[(_at(LOOP, _CTC), 200)]),
    ProgramCase("decoding", "old_ctc", [(_at(PLAIN, _OLD_CTC), 7000)], healthy=[(_at(PLAIN, _MATMUL), 7000)]),
    ProgramCase("decoding", "nms", [(_at(LOOP, _NMS), 2000)], healthy=[(_at(LOOP, _NMS), 200)]),
    ProgramCase(
        "preprocessing", "resized", [(_at(LOOP, _RESIZE), 2000)], healthy=[(_at(PLAIN, _RESIZE), 2000)]
    ),
    ProgramCase(
        "preprocessing", "loaded", [(_at(LOOP, _LOAD, _RESIZE), 2000)], healthy=[(_at(LOOP, _LOAD), 300)]
    ),
    ProgramCase(
        "preprocessing", "tokenised", [(_at(LOOP, _OLD_TEXT), 2000)], healthy=[(_at(PLAIN, _OLD_TEXT), 2000)]
    ),
    ProgramCase(
        "single_ops",
        "tensorflow",
        [(_at(LOOP, _WRAPPER, _MATMUL), 2000)],
        healthy=[(_at(PLAIN, _MATMUL), 2000)],
    ),
    ProgramCase("single_ops", "keras", [(_at(LOOP, _OPS), 2000)], healthy=[(_at(LOOP, _DATASET), 900)]),
    ProgramCase("python_loops", "own", [(_at(LOOP), 3000)], healthy=[(_at(PLAIN), 3000)]),
    ProgramCase(
        "python_loops", "of_a_library", [(_at(LOOP, _OTHER), 3000)], healthy=[(_at(LOOP, _OTHER), 800)]
    ),
    ProgramCase(
        "slow_imports",
        "another_package",
        [([line(2, "import pandas"), imported("pandas")], 2000)],
        at=0,
        healthy=[
            ([line(2, "import keras"), activity("import"), imported("keras"), imported("pandas")], 2000)
        ],
        healthy_activities=(("import", 2, 1, 2000),),
    ),
]
