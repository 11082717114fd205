"""Recipes on made-up usages: which have a place, and what their code says."""

from __future__ import annotations

import ast

import pytest

from keras_profile.recipes.catalogue import RECIPES, in_order, recipe_named
from keras_profile.recipes.recipe import IN_PROCESS, ON_COPY, OWN_PROCESS, obstacle
from keras_profile.recipes.simplicity import ORDER
from keras_profile.recipes.usage import Leaf, Usage
from keras_profile.recorder.protocol import ENTRY_POINT_OF
from keras_profile.recorder.protocol.frameworks import KERAS_BATCH_SIZE


class Layer:
    def __init__(self, kind="Dense", **fields):
        self.__class__ = type(kind, (Layer,), {})
        self.__dict__.update(fields)


class Functional:
    """As much of a Keras model as recipes look at."""

    run_eagerly = False

    def __init__(self, dtype="float32", **fields):
        self.inputs = [Leaf((None, 4), dtype)]
        self.__dict__.update(fields)


def usage(rows=32, dtype="float32", model=None, modules=(), entry="predict", **changed):
    fields = {
        "entry_point": ENTRY_POINT_OF[entry],
        "kind": "array",
        "input": Leaf((rows, 4), dtype),
        "outputs": Leaf((rows, 1), "float32"),
        "keras_version": (3, 15),
        "tensorflow_version": (2, 21),
        "predict_batch_size": KERAS_BATCH_SIZE,
        "compiled": True,
        "subclassed": False,
    }
    made = Usage(model or Functional(), **fields | changed)
    made.has_module = lambda name: name in modules
    return made


def code(id, **changed):
    return [change.code for change in recipe_named(id).changes(usage(**changed))]


#: Names that a title may begin with: no other begins with a capital letter.
NAMES = {"Keras", "Dense"}


def test_identities_are_names_and_each_is_there_once():
    ids = [recipe.id for recipe in RECIPES]
    assert len(set(ids)) == len(ids) > 35
    assert all(id.isidentifier() for id in ids)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.id)
def test_each_says_what_it_is_and_why_it_may_help(recipe):
    assert recipe.where in (IN_PROCESS, ON_COPY, OWN_PROCESS)
    assert "signature" not in {ENTRY_POINT_OF[name].called for name in recipe.entries or ()}
    assert recipe.title[0].islower() or recipe.title.split()[0] in NAMES
    assert recipe.why.endswith(".")


#: Usages in which recipes apply, by name.
USAGES = {
    "usual": usage(),
    "many rows": usage(5000, batch_size=64),
    "call": usage(entry="call"),
    "TF 2.0": usage(
        keras_module="tensorflow.keras",
        keras_version=(2, 2, 4),
        tensorflow_version=(2, 0),
        model=Functional(call=lambda x, training=None: x),
    ),
    "one row": usage(rows=1, dtype="float64", verbose=True, callbacks=True),
    "eager": usage(model=Functional(run_eagerly=True)),
    "by XLA": usage(jit_compiled=True),
    "debugged": usage(switches=("check_numerics", "dump_debug_info")),
    "other runtimes": usage(modules={module for recipe in RECIPES for module in recipe.modules}),
    "layers": usage(
        entry="predict_on_batch",
        layers=[
            Layer("LSTM", recurrent_dropout=0.2, unroll=True),
            Layer("RandomFlip"),
            Layer("TimeDistributed", layer=Layer("Dense")),
            Layer("Dense", compute_dtype="bfloat16"),
        ],
    ),
    "open length": usage(model=Functional(inputs=[Leaf((None, None, 4), "float32")])),
}
#: Recipes for real datasets and generators: tests/live/test_recipes.py runs their code.
OF_DATASETS = {
    "dataset_batched",
    "dataset_prefetched",
    "dataset_parallel_map",
    "dataset_cached",
    "dataset_unshuffled",
    "input_stacked",
    "pydataset_workers",
}
APPLICABLE = [
    (recipe, name) for recipe in RECIPES for name, made in USAGES.items() if obstacle(recipe, made) is None
]


def test_every_recipe_has_a_usage_in_which_it_applies():
    assert {recipe.id for recipe, _ in APPLICABLE} | OF_DATASETS == {recipe.id for recipe in RECIPES}


@pytest.mark.parametrize(
    ("recipe", "name"), APPLICABLE, ids=[f"{recipe.id}-{name}" for recipe, name in APPLICABLE]
)
def test_what_has_a_place_has_code_that_is_python(recipe, name):
    changes = recipe.changes(USAGES[name])
    assert changes
    for change in changes:
        tree = ast.parse(change.code)
        assert tree.body[-1].targets[0].id == "y"
        assert bool(change.before) == (recipe.where == OWN_PROCESS)


def test_the_questions_workarounds_come_first_where_they_work():
    old = in_order(usage(tensorflow_version=(2, 0)))
    assert [recipe.id for recipe in old[:4]] == [
        "rebuilt_uncompiled",
        "loaded_uncompiled",
        "call_inference",
        "predict_on_batch",
    ]
    assert sorted(recipe.id for recipe in old) == sorted(recipe.id for recipe in RECIPES)
    assert in_order(usage()) == RECIPES


def test_the_code_is_the_users_own_call():
    assert code("larger_batch_size", rows=5000, batch_size=64)[0] == (
        "y = model.predict(x, batch_size=512, verbose=0)"
    )
    assert "tf.TensorSpec((32, 4), tf.float64)" in code("function_fixed_signature", dtype="float64")[0]
    assert "tf.TensorSpec((None, 4), tf.float32)" in code("function_open_batch")[0]
    assert code("rebuilt_uncompiled", entry="predict_on_batch")[0].endswith("y = fast.predict_on_batch(x)")


def test_structures_are_written_as_they_are():
    nested = {"word": Leaf((8, 1), "string"), "numbers": Leaf((8, 3), "float32")}
    written = code("function_fixed_signature", input=nested, outputs=[Leaf((8, 1), "float32")] * 2)[0]
    assert (
        "{'word': tf.TensorSpec((8, 1), tf.string), 'numbers': tf.TensorSpec((8, 3), tf.float32)}" in written
    )
    assert "tf.nest.map_structure" in written


def test_keras_is_imported_as_the_model_has_it():
    for module, line in (
        ("keras", "import keras"),
        ("tf_keras", "import tf_keras as keras"),
        ("tensorflow.keras", "from tensorflow import keras"),
    ):
        assert code("rebuilt_uncompiled", keras_module=module)[0].startswith(line + "\n")


def test_options_have_the_name_that_the_release_knows():
    assert "experimental_compile=True" in code("function_jit_compiled", tensorflow_version=(2, 4))[0]
    assert "jit_compile=True" in code("function_jit_compiled", tensorflow_version=(2, 5))[0]
    assert "experimental_relax_shapes=True" in code("function_reduce_retracing", tensorflow_version=(2, 8))[0]


def test_the_ladder_of_batch_sizes_ends_with_all_rows():
    changes = recipe_named("larger_batch_size").changes(usage(50_000))
    assert [change.batch_rows for change in changes] == [256, 2048, 16384, 50_000]


@pytest.mark.parametrize(
    ("id", "changed", "reason"),
    [
        ("larger_batch_size", {}, "all 32 rows are one batch"),
        ("rebuilt_uncompiled", {"compiled": False}, "not compiled"),
        ("run_eagerly_off", {}, "does not run eagerly"),
        ("xla_off", {}, "not compiled by XLA"),
        ("debugger_off", {}, "is not switched on"),
        ("dataset_unshuffled", {"kind": "dataset", "dataset_classes": ("BatchDataset",)}, "not shuffled"),
        (
            "dataset_cached",
            {"kind": "dataset", "dataset_classes": ("BatchDataset", "CacheDataset", "MapDataset")},
            "cached already",
        ),
        ("progress_bar_off", {}, "no progress bar"),
        ("without_callbacks", {}, "no callbacks"),
        ("predict_on_batch", {"entry": "predict_on_batch"}, "this is predict_on_batch"),
        ("predict_on_batch", {"entry": "signature", "model": None}, "exported signature"),
        ("function_fixed_signature", {"backend": "jax"}, "TensorFlow backend"),
        ("function_jit_compiled", {"tensorflow_version": (2, 0)}, "needs TensorFlow 2.1"),
        ("dataset_cached", {}, "this is an array"),
        ("onnxruntime", {}, "pip install onnx onnxruntime tf2onnx"),
        ("input_as_model_dtype", {}, "has the model's dtype"),
        ("unroll_flipped", {}, "no recurrent layers"),
        ("without_recurrent_dropout", {"layers": [Layer("LSTM", recurrent_dropout=0.0)]}, "no layer has"),
        ("float32_policy", {}, "float32"),
        ("steps_per_execution", {}, "the rows are 1 batch"),
        ("preallocated_outputs", {}, "one batch"),
    ],
)
def test_what_has_no_place_says_why(id, changed, reason):
    assert reason in obstacle(recipe_named(id), usage(**changed))


@pytest.mark.parametrize(
    ("id", "changed"),
    [
        ("larger_batch_size", {"rows": 33}),
        ("run_eagerly_off", {"model": Functional(run_eagerly=True)}),
        ("xla_off", {"jit_compiled": True}),
        ("debugger_off", {"switches": ("check_numerics",)}),
        ("dataset_unshuffled", {"kind": "dataset", "dataset_classes": ("BatchDataset", "ShuffleDataset")}),
        ("dataset_cached", {"kind": "dataset", "dataset_classes": ("MapDataset", "CacheDataset")}),
        ("progress_bar_off", {"verbose": True}),
        ("without_callbacks", {"callbacks": True}),
        ("input_as_model_dtype", {"dtype": "float64"}),
        ("onnxruntime", {"modules": ("onnx", "onnxruntime", "tf2onnx")}),
        ("without_recurrent_dropout", {"layers": [Layer("LSTM", recurrent_dropout=0.2)]}),
        ("without_augmentation", {"layers": [Layer("RandomFlip")]}),
        ("dense_for_time_distributed", {"layers": [Layer("TimeDistributed", layer=Layer("Dense"))]}),
        ("steps_per_execution", {"rows": 5000}),
    ],
)
def test_what_has_a_place_is_not_held_back(id, changed):
    assert obstacle(recipe_named(id), usage(**changed)) is None


def test_memory_of_a_row_is_that_of_all_layers_outputs():
    layers = [Layer(output=Leaf((None, 10), "float32")), Layer(output=Leaf((None, 2, 5), "float32"))]
    assert usage(layers=layers).bytes_per_row == 4 * (10 + 10)
    assert usage(layers=[Layer(output=Leaf((None, None), "float32"))]).bytes_per_row is None
    assert usage(layers=[Layer()]).bytes_per_row is None


def test_rows_and_batches():
    assert (usage(33).batches, usage(33).batch_rows) == (2, 32)
    assert (usage(33, entry="call").batch_rows, usage(33, batch_size=40).batches) == (33, 1)
    assert usage(kind="generator", input=None).rows is None


# --- what holds for every call ---


def change(id, number=0, **changed):
    return recipe_named(id).changes(usage(**changed))[number]


FIXED = ["function_fixed_signature", "concrete_function", "function_jit_compiled"]


@pytest.mark.parametrize("id", FIXED)
def test_code_for_one_shape_says_under_which_condition(id):
    assert code(id)[0].startswith("# only if every call has exactly 32 rows\n")
    assert code(id, rows=1)[0].startswith("# only if every call has exactly 1 row\n")
    # Of a model that leaves a size open, or does not say any, the rows alone are not enough.
    lengths = Leaf((8, 50), "int64", open_axes=(1,))
    assert change(id, input=lengths).condition == "only if the input of every call has the shape (8, 50)"
    unknown = Leaf((8, 50), "int64", specified=False)
    assert change(id, input=unknown).condition == "only if the input of every call has the shape (8, 50)"
    two = [Leaf((8, 5), "float32", specified=False), Leaf((8, 2), "float32")]
    assert change(id, input=two).condition.endswith("have the shapes (8, 5), (8, 2)")


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.id)
def test_what_takes_one_shape_is_not_tried_where_calls_had_several(recipe):
    one = usage(shapes_seen=[[[32, 4]]], modules=recipe.modules)
    several = usage(shapes_seen=[[[32, 4]], [[8, 4]]], modules=recipe.modules)
    if not recipe.fixed_shape:
        assert obstacle(recipe, several) == obstacle(recipe, one)
        return
    assert obstacle(recipe, one) is None
    assert obstacle(recipe, several).endswith("the calls of this line have several: 8 and 32 rows")
    assert all(one.condition for one in recipe.changes(usage()))


def test_calls_that_take_the_output_before_are_not_put_into_one():
    recipe = recipe_named("one_predict_for_many_calls")
    assert obstacle(recipe, usage(chained=False)) is None
    assert obstacle(recipe, usage(chained=True)) == (
        "each call's input is made from the output of the one before"
    )


def test_calls_of_several_models_are_not_put_into_one():
    recipe = recipe_named("one_predict_for_many_calls")
    assert obstacle(recipe, usage(models_seen=1)) is None
    assert obstacle(recipe, usage(models_seen=12)) == "the calls use 12 different models"


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ([[[1, 4]], [[2, 4]], [[3, 4]], [[8, 4]]], "1 and 2 and 3 and 8 rows"),
        ([[[rows, 4]] for rows in range(1, 2000)], "1 to 1,999 rows"),
        ([[[4, 10]], [[4, 12]]], "(4, 10), (4, 12)"),
        ([[[4, size]] for size in range(10, 20)], "(4, 10), (4, 11), (4, 12), (4, 13), …"),
    ],
)
def test_several_shapes_in_words(seen, said):
    made = usage(shapes_seen=seen)
    assert made.shapes_vary
    assert made.shapes_in_words == said


def test_an_open_graph_leaves_open_what_differs():
    lengths = Leaf((8, 50, 3), "float32", open_axes=(1,))
    made = change("function_open_batch", input=lengths)
    assert "tf.TensorSpec((None, None, 3), tf.float32)" in made.code
    assert made.condition == ""
    unknown = Leaf((8, 50, 3), "float32", open_axes=(1,), specified=False)
    assert change("function_open_batch", input=unknown).condition == (
        "only if every row has the shape (None, 3)"
    )


@pytest.mark.parametrize("entry", ["call", "call_inference", "function"])
@pytest.mark.parametrize("id", ["function_open_batch", "concrete_function", "function_reduce_retracing"])
def test_where_the_call_gives_tensors_so_does_the_code(entry, id):
    assert ".numpy()" not in code(id, entry=entry)[0]
    assert ".numpy()" in code(id, entry="predict")[0]
    assert ".numpy()" in code(id, entry="predict_on_batch")[0]


def test_arrays_are_made_tensors_where_the_call_gives_such():
    assert code("predict_on_batch", entry="call")[0] == (
        "import tensorflow as tf\n\ny = tf.convert_to_tensor(model.predict_on_batch(x))"
    )
    two = {"a": Leaf((32, 1), "float32"), "b": Leaf((32, 1), "float32")}
    assert code("predict_on_batch", entry="call", outputs=two)[0].endswith(
        "y = tf.nest.map_structure(tf.convert_to_tensor, model.predict_on_batch(x))"
    )
    assert code("predict_on_batch", entry="call", backend="jax")[0] == (
        "import keras\n\ny = keras.ops.convert_to_tensor(model.predict_on_batch(x))"
    )
    # A class's own call may give arrays.
    assert code("predict_on_batch", entry="call", gives_tensors=False) == ["y = model.predict_on_batch(x)"]


STRINGS = {
    "in": usage(input=Leaf((8, 1), "string")),
    "out": usage(outputs=Leaf((8, 1), "string")),
    "in a layer": usage(layers=[Layer("TextVectorization")]),
    "of a layer": usage(layers=[Layer("Mine", dtype="string")]),
}


@pytest.mark.parametrize("made", STRINGS.values(), ids=STRINGS)
def test_xla_is_not_tried_on_strings(made):
    assert obstacle(recipe_named("function_jit_compiled"), made) == "XLA cannot compile strings"
    assert obstacle(recipe_named("concrete_function"), made) is None


def test_what_fails_with_another_change_names_it():
    titles = {change.title for recipe, name in APPLICABLE for change in recipe.changes(USAGES[name])}
    names = {change.fails_with for recipe, name in APPLICABLE for change in recipe.changes(USAGES[name])}
    assert len(names) > 2
    assert names - {None} <= titles


def test_state_is_kept_to_one_model():
    made = usage(keeps_state=True, modules={"onnxruntime", "onnx", "tf2onnx"})
    assert "depend on the calls before" in obstacle(recipe_named("one_predict_for_many_calls"), made)
    for id in ("threads", "exported_signature", "onnxruntime"):
        assert "a copy of the model has its own state" in obstacle(recipe_named(id), made)
    assert obstacle(recipe_named("predict_on_batch"), made) is None


def test_every_recipe_has_its_place_in_the_order():
    assert {recipe.simplicity for recipe in RECIPES} == set(ORDER)
    assert [one.simplicity for one in RECIPES if one.approximate] == [ORDER[-1]] * 3


def test_before_2_2_predict_on_batch_gives_tensors():
    old = {"tensorflow_version": (2, 1), "keras_module": "tensorflow.keras", "keras_version": (2, 2, 4)}
    assert code("predict_on_batch", **old) == [
        "import numpy as np\n\ny = np.asarray(model.predict_on_batch(x))"
    ]
    two = [Leaf((32, 1), "float32")] * 2
    assert (
        "y = tf.nest.map_structure(np.asarray, model.predict_on_batch(x))"
        in code("predict_on_batch", outputs=two, **old)[0]
    )
    assert (
        "y = tf.convert_to_tensor(model.predict_on_batch(x))"
        in code("predict_on_batch", entry="call", **old)[0]
    )
