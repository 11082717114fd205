"""Writes models that bring code, and healthy ones, and loads each.

``python hostile_models.py SOURCE FOLDER [NAME ...]``: Python 3.7 code, run by the interpreter of any release.
SOURCE is the folder of the recorder's package; of the models those are made whose name begins with a NAME.
Prints a line of JSON for each model: its name, whether it is ``hostile``, and for loading it untrusted and
trusted what the error said, if there was one, and whether its code ran.
"""

import json
import os
import shutil
import sys
import zipfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import h5py
import numpy as np
import tensorflow as tf

keras = tf.keras
layers = keras.layers
VERSION = tuple(int(part) for part in tf.__version__.split(".")[:2])
try:
    import keras as standalone

    KERAS_3 = keras.__name__.startswith("keras") and standalone.__version__[0] == "3"
except ImportError:
    KERAS_3 = False
KERAS_3 = KERAS_3 and not os.environ.get("TF_USE_LEGACY_KERAS")
#: Whether this Keras writes .keras files that are zip archives.
ARCHIVES = KERAS_3 or VERSION >= (2, 13)

#: The file that code of a model makes when it runs.
MARK = ""
CASES = {}


def case(hostile, name=None):
    def keep(function):
        CASES[name or function.__name__] = (hostile, function)
        return function

    return keep


def evil():
    """A Lambda layer whose code makes the mark."""
    return layers.Lambda(eval(f"lambda x: (open({MARK!r}, 'w').close(), x)[1]"), output_shape=(4,))


def sequential(*parts, shape=(4,)):
    model = keras.Sequential([keras.Input(shape) if KERAS_3 else layers.InputLayer(shape), *parts])
    model(np.zeros((2, *shape), "float32"))
    return model


def saved(folder, model, name):
    path = os.path.join(folder, name)
    model.save(path)
    return path


def change_h5(path, change, as_bytes=None):
    """Rewrites the model's configuration: as bytes or text, or as this release of Keras does it."""
    with h5py.File(path, "r+") as file:
        found = file.attrs["model_config"]
        is_bytes = hasattr(found, "decode")
        text = change(found.decode() if is_bytes else found)
        del file.attrs["model_config"]
        written_as_bytes = is_bytes if as_bytes is None else as_bytes
        file.attrs["model_config"] = np.bytes_(text.encode()) if written_as_bytes else text
    return path


def change_archive(path, change):
    """Rewrites config.json: ``change`` is given its text and gives text, bytes, or a list of such."""
    with zipfile.ZipFile(path) as archive:
        contents = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents:
            made = change(content.decode()) if name == "config.json" else content
            for one in made if isinstance(made, list) else [made]:
                archive.writestr(name, one)
    return path


def replaced(old, new):
    def change(text):
        assert old in text, (old, text[:1000])
        return text.replace(old, new)

    return change


LAMBDA = '"class_name": "Lambda"'
FORMS = {
    "plain": lambda text: text,
    "space": replaced(LAMBDA, '"class_name" : "Lambda"'),
    "lines": replaced(LAMBDA, '"class_name"\n:\t\r\n"Lambda"'),
    "escaped": replaced(LAMBDA, '"class_name": "\\u004cambd\\u0061"'),
    "escaped_key": replaced(LAMBDA, '"class\\u005fname": "Lambda"'),
    "twice": replaced(LAMBDA, '"class_name": "Dense", "class_name": "Lambda"'),
    "nan": lambda text: '{"unused": [NaN, -Infinity, "\\u0022"],' + text.lstrip()[1:],
}
for form in FORMS:

    @case(True, "h5_" + form)
    def h5_form(folder, form=form):
        return change_h5(saved(folder, sequential(evil()), "lambda.h5"), FORMS[form])


@case(True)
def h5_bytes(folder):
    return change_h5(saved(folder, sequential(evil()), "lambda.h5"), FORMS["escaped"], as_bytes=True)


@case(True)
def h5_nested(folder):
    inner = sequential(evil())
    return saved(folder, sequential(layers.Dense(4), inner, layers.Dense(1)), "lambda.h5")


@case(True)
def h5_wrapped(folder):
    return saved(folder, sequential(layers.TimeDistributed(evil()), shape=(3, 4)), "lambda.h5")


@case(True)
def h5_registered(folder):
    """The name that counts in Keras 2 is that of the class, whatever it is said to be registered as."""
    return change_h5(
        saved(folder, sequential(evil()), "lambda.h5"),
        replaced(LAMBDA, '"registered_name": "Dense", "class_name": "Lambda"'),
    )


if ARCHIVES:
    for form in FORMS:

        @case(True, "keras_" + form)
        def keras_form(folder, form=form):
            return change_archive(saved(folder, sequential(evil()), "lambda.keras"), FORMS[form])

    @case(True)
    def keras_two_configurations(folder):
        benign = sequential(layers.Dense(4)).to_json()
        return change_archive(saved(folder, sequential(evil()), "two.keras"), lambda text: [benign, text])

    @case(True)
    def keras_utf_16(folder):
        return change_archive(
            saved(folder, sequential(evil()), "wide.keras"), lambda text: text.encode("utf-16")
        )

    @case(True)
    def keras_wrapped(folder):
        return saved(folder, sequential(layers.TimeDistributed(evil()), shape=(3, 4)), "wrapped.keras")

    @case(True)
    def keras_nested(folder):
        return saved(folder, sequential(sequential(evil()), layers.Dense(1)), "nested.keras")

    def of_module(part):
        """A model whose last layer is something of a module."""

        def make(folder):
            with open(os.path.join(folder, "a_module.py"), "w") as file:
                file.write(f"open({MARK!r}, 'w').close()\ndef f(x):\n    return x\n")
                file.write("class C:\n    def __init__(self, **options):\n        pass\n")
                file.write("    @classmethod\n    def from_config(cls, config):\n        return f\n")
            sys.modules.pop("a_module", None)

            def change(text):
                configuration = json.loads(text)
                configuration["config"]["layers"][-1].update(part)
                return json.dumps(configuration)

            return change_archive(saved(folder, sequential(layers.Dense(4, "relu")), "m.keras"), change)

        return make

    OF_MODULES = {
        "function": {
            "module": "a_module",
            "class_name": "function",
            "config": "f",
            "registered_name": "f",
        },
        "class": {"module": "a_module", "class_name": "C", "config": {}, "registered_name": "C"},
        "other_package": {
            "module": "a_module",
            "class_name": "f",
            "config": {},
            "registered_name": "keras>Dense",
        },
        "of_python": {
            "module": "os",
            "class_name": "function",
            "config": "system",
            "registered_name": "system",
        },
        "of_keras": {
            "module": "keras.utils",
            "class_name": "function",
            "config": "get_file",
            "registered_name": "get_file",
        },
    }
    for kind in OF_MODULES:
        case(True, "module_" + kind)(of_module(OF_MODULES[kind]))

    @case(True)
    def keras_vocabulary_file(folder):
        vocabulary = os.path.join(folder, "words.txt")
        with open(vocabulary, "w") as file:
            file.write("one\ntwo\n")
        model = keras.Sequential([layers.StringLookup(vocabulary=["one", "two"])])
        model(tf.constant([["one"]]))
        path = os.path.join(folder, "vocab.keras")
        model.save(path)

        def change(text):
            configuration = json.loads(text)
            configuration["config"]["layers"][-1]["config"]["vocabulary"] = vocabulary
            return json.dumps(configuration)

        return change_archive(path, change)


if KERAS_3:

    @case(True)
    def keras_tfsm(folder):
        write_signature(os.path.join(folder, "inner"), lambda x: writes(x))
        layer = layers.TFSMLayer(os.path.join(folder, "inner"), call_endpoint="serving_default")
        return saved(folder, sequential(layer), "tfsm.keras")


if not KERAS_3 and VERSION >= (2, 4):

    @case(True)
    def h5_function_of_tensorflow(folder):
        given = keras.Input((4,))
        path = saved(folder, keras.Model(given, tf.nn.relu(given)), "read.h5")
        return change_h5(path, replaced('"nn.relu"', '"io.read_file"'))


# --- SavedModels ----------------------------------------------------------------------------------


def writes(x):
    tf.io.write_file(MARK, "ran")
    return x + 1.0


def write_signature(folder, function, prepare=None):
    module = tf.Module()
    module.v = tf.Variable(1.0)

    @tf.function(input_signature=[tf.TensorSpec([None, 4])], autograph=False)
    def f(x):
        return {"y": function(x) * module.v}

    module.f = f
    if prepare is not None:
        prepare(module)
    tf.saved_model.save(module, folder, signatures=module.f)
    return folder


def exported(function, prepare=None):
    def make(folder):
        return write_signature(os.path.join(folder, "exported"), function, prepare)

    return make


@tf.function
def inner(x):
    return writes(x)


@tf.function
def loop(x):
    for _ in tf.range(2):
        x = writes(x)
    return x


@tf.function
def branch(x):
    if tf.reduce_sum(x) >= 0.0:
        x = writes(x)
    return x


def saves(x):
    with tf.control_dependencies(
        [tf.raw_ops.SaveV2(prefix=MARK, tensor_names=["x"], shape_and_slices=[""], tensors=[x])]
    ):
        return tf.identity(x)


def prints(x):
    tf.print("ran", output_stream="file://" + MARK)
    return tf.identity(x)


def of_dataset(x):
    found = tf.data.TextLineDataset([os.devnull]).reduce(0, lambda count, _: count + 1)
    return x + tf.cast(found, tf.float32)


def of_python(x):
    return tf.reshape(tf.numpy_function(lambda value: value, [x], tf.float32), [-1, 4])


def restores(x):
    return (
        x
        + tf.raw_ops.RestoreV2(prefix=MARK, tensor_names=["x"], shape_and_slices=[""], dtypes=[tf.float32])[0]
    )


for name, function in (
    ("writes", writes),
    ("inner", inner),
    ("loop", loop),
    ("branch", branch),
    ("saves", saves),
    ("prints", prints),
    ("dataset", of_dataset),
    ("python", of_python),
    ("restores", restores),
    ("reads", lambda x: x + tf.cast(tf.strings.length(tf.io.read_file(os.devnull)), tf.float32)),
    ("lists", lambda x: x + tf.cast(tf.size(tf.io.matching_files("/*")), tf.float32)),
):
    case(True, "graph_" + name)(exported(function))


def changed_graph(folder, change):
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    path = os.path.join(folder, "saved_model.pb")
    with open(path, "rb") as file:
        model = SavedModel.FromString(file.read())
    change(model.meta_graphs[0])
    with open(path, "wb") as file:
        file.write(model.SerializeToString())
    return folder


@case(True)
def graph_posing_as_saver(folder):
    """What is called is said to be what saves the checkpoint."""

    def change(meta):
        name = meta.signature_def["serving_default"].outputs["y"].name
        meta.saver_def.save_tensor_name = name
        meta.saver_def.restore_op_name = name.partition(":")[0]

    return changed_graph(exported(saves)(folder), change)


@case(True)
def graph_asset_elsewhere(folder):
    def change(meta):
        meta.asset_file_def[0].filename = "../../words.txt"

    return changed_graph(with_table(folder), change)


@case(True)
def graph_table_elsewhere(folder):
    """The path of a table's file is a constant in the graph."""

    def change(meta):
        for function in meta.graph_def.library.function:
            for node in function.node_def:
                if node.op.startswith("InitializeTableFromTextFile"):
                    made = function.node_def.add()
                    made.name, made.op = "path", "Const"
                    made.attr["dtype"].type = 7
                    made.attr["value"].tensor.dtype = 7
                    made.attr["value"].tensor.tensor_shape.SetInParent()
                    made.attr["value"].tensor.string_val.append(os.path.join(folder, "words.txt").encode())
                    node.input[1] = "path:output:0"

    return changed_graph(with_table(folder), change)


@case(True)
def graph_of_unknown_op(folder):
    def change(meta):
        node = meta.graph_def.node.add()
        node.name, node.op = "strange", "RunAnythingAtAll"

    return changed_graph(exported(lambda x: x)(folder), change)


def of_version_1(folder, writing):
    """What the builder of TensorFlow 1 writes, of a graph that has a saver of its own."""
    v1 = tf.compat.v1
    path = os.path.join(folder, "exported")
    with tf.Graph().as_default(), v1.Session() as session:
        x = v1.placeholder(tf.float32, [None, 4])
        y = tf.matmul(x, v1.get_variable("w", [4, 2], use_resource=False))
        if writing:
            with tf.control_dependencies([tf.io.write_file(MARK, "ran")]):
                y = tf.identity(y)
        v1.train.Saver()
        session.run(v1.global_variables_initializer())
        builder = v1.saved_model.Builder(path)
        signature = v1.saved_model.predict_signature_def({"x": x}, {"y": y})
        builder.add_meta_graph_and_variables(
            session, ["serve"], signature_def_map={"serving_default": signature}
        )
        builder.save()
    return path


case(True, "graph_version_1")(lambda folder: of_version_1(folder, True))
case(False, "fine_version_1")(lambda folder: of_version_1(folder, False))


@case(True)
def graph_restoring_saves(folder):
    """What restores the checkpoint, which runs at once, writes a file, too."""

    def change(meta):
        for node in meta.graph_def.node:
            if node.name == meta.saver_def.restore_op_name:
                node.input.append("^" + meta.saver_def.save_tensor_name.partition(":")[0])

    return changed_graph(of_version_1(folder, False), change)


if not KERAS_3:

    def saved_by_keras(folder, model):
        path = os.path.join(folder, "saved")
        model.save(path, save_format="tf")
        return path

    # Loaded as a model: its layers are made again.
    case(True, "entry_lambda")(lambda folder: saved_by_keras(folder, sequential(evil())))
    case(True, "entry_nested")(lambda folder: saved_by_keras(folder, sequential(sequential(evil()))))
    case(False, "fine_entry")(lambda folder: saved_by_keras(folder, sequential(layers.Dense(3))))


# --- healthy ones ---------------------------------------------------------------------------------


def with_table(folder):
    path = os.path.join(folder, "words.txt")
    with open(path, "w") as file:
        file.write("one\ntwo\n")
    index = tf.lookup.TextFileIndex

    def prepare(module):
        module.from_file = tf.lookup.StaticHashTable(
            tf.lookup.TextFileInitializer(path, tf.string, index.WHOLE_LINE, tf.int64, index.LINE_NUMBER),
            -1,
        )
        module.from_tensors = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["a"], [1]), -1)

        @tf.function(input_signature=[tf.TensorSpec([None, 4])], autograph=False)
        def f(x):
            found = module.from_file.lookup(tf.constant("two")), module.from_tensors.lookup(tf.constant("a"))
            return {"y": x * module.v + tf.cast(found[0], tf.float32) + tf.cast(found[1], tf.float32)}

        module.f = f

    return write_signature(os.path.join(folder, "exported"), lambda x: x, prepare)


case(False, "fine_table")(with_table)
case(False, "fine_graph")(exported(lambda x: tf.nn.relu(x) + 1.0))


@case(False)
def fine_graph_of_keras(folder):
    path = os.path.join(folder, "exported")
    model = sequential(layers.Dense(3), layers.BatchNormalization(), layers.Dense(1))
    if hasattr(model, "export"):
        model.export(path)
    else:
        model.save(path, save_format="tf")
    return path


@case(False)
def fine_text_graph(folder):
    vectorization = getattr(layers, "TextVectorization", None)
    if vectorization is None:
        if VERSION < (2, 4):
            return None
        vectorization = layers.experimental.preprocessing.TextVectorization
    layer = vectorization(output_sequence_length=4)
    layer.adapt(np.array([["one two"], ["three"]]))
    given = keras.Input((1,), dtype="string")
    model = keras.Model(given, layers.Dense(2)(layers.Flatten()(layers.Embedding(9, 3)(layer(given)))))
    model(tf.constant([["one"]]))
    path = os.path.join(folder, "exported")
    if hasattr(model, "export"):
        model.export(path)
    else:
        model.save(path, save_format="tf")
    return path


def of_many_layers():
    given = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, activation="relu", padding="same", kernel_regularizer="l2")(given)
    x = layers.BatchNormalization()(x)
    x = layers.LeakyReLU()(x)
    x = layers.SeparableConv2D(4, 3, depthwise_constraint=keras.constraints.MaxNorm(2))(x)
    x = layers.MaxPooling2D()(x)
    x = layers.Concatenate()([x, layers.Dropout(0.1)(x)])
    x = layers.Reshape((9, 8))(x)
    # Keras 3.0 does not find its weights again.
    if not KERAS_3 or tuple(map(int, standalone.__version__.split(".")[:2])) >= (3, 6):
        x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
    x = layers.TimeDistributed(layers.Dense(4, activation=keras.activations.tanh))(x)
    x = layers.GRU(3, kernel_initializer=keras.initializers.Orthogonal(seed=1))(x)
    x = layers.Add()([x, layers.Activation("sigmoid")(x)])
    inner = sequential(layers.Dense(4, activation=tf.nn.relu), layers.LayerNormalization(), shape=(3,))
    model = keras.Model(given, layers.Dense(1, name="Lambda")(inner(x)))
    model.compile("adam", loss=keras.losses.MeanSquaredError())
    return model


@case(False)
def fine_h5(folder):
    # Keras 3.0 cannot write all layers to this format.
    layer = layers.Dense(3, activation="relu", kernel_regularizer="l2")
    return saved(folder, sequential(layer, layers.Dense(1)) if KERAS_3 else of_many_layers(), "fine.h5")


@case(False)
def fine_ops(folder):
    given = keras.Input((4,))
    if KERAS_3:
        ops = keras.ops
        model = keras.Model(given, ops.relu(given) + ops.mean(given, axis=-1, keepdims=True) * 2.0)
        return saved(folder, model, "ops.keras")
    x = tf.nn.relu(given) + tf.reduce_mean(given, axis=-1, keepdims=True) * 2.0
    return saved(folder, keras.Model(given, tf.concat([x, tf.math.exp(x)[:, :2]], axis=-1)), "ops.h5")


if ARCHIVES:

    @case(False)
    def fine_keras(folder):
        return saved(folder, of_many_layers(), "fine.keras")

    @case(False)
    def fine_mixed_precision(folder):
        model = sequential(layers.Dense(4, dtype="mixed_float16"), layers.Dense(1, dtype="float32"))
        return saved(folder, model, "mixed.keras")


# tf_keras after 2.15 does not load its own.
if KERAS_3 or (2, 13) <= VERSION < (2, 16):

    @case(False)
    def fine_text(folder):
        layer = layers.TextVectorization(output_sequence_length=4)
        layer.adapt(np.array([["one two"], ["three Lambda"]]))
        given = keras.Input((1,), dtype="string")
        model = keras.Model(given, layers.Embedding(9, 3)(layer(given)))
        return saved(folder, model, "text.keras")


# --- loading --------------------------------------------------------------------------------------


def attempt(target, name, path, trust):
    """What loading and calling a model came to: what the error said, and whether its code ran."""
    from recorder.protocol import RecorderError

    if os.path.exists(MARK):
        os.remove(MARK)
    sys.modules.pop("a_module", None)
    said = None
    try:
        target.check(path)
        loaded = target.load(path, "predict" if "entry" in name else None, None, trust)
        if not CASES[name][0]:
            pass
        elif loaded.signature is not None:
            (taken,) = loaded.signature.structured_input_signature[1].items()
            text = taken[1].dtype == tf.string
            shape = [size or 1 for size in taken[1].shape.as_list()]
            value = tf.constant("one", shape=shape) if text else tf.ones(shape)
            loaded.signature(**{taken[0]: value})
        elif name.startswith(("h5_", "keras_", "entry_")) and "of" not in name:
            loaded.model(np.ones((2, 3, 4) if "wrapped" in name else (2, 4), "float32"))
    except RecorderError as error:
        said = [error.kind, error.message, error.advice]
    except Exception as error:
        # The code of a hostile model may fail: what counts is whether it ran.
        said = ["raised", type(error).__name__, str(error)[:300]]
    made = os.path.exists(MARK) or any(
        name.startswith(os.path.basename(MARK)) for name in os.listdir(os.path.dirname(MARK))
    )
    return {"said": said, "ran": made}


def main(source, folder, *wanted):
    global MARK
    sys.path.insert(0, source)
    from recorder.workload import target

    for name, (hostile, make) in CASES.items():
        if wanted and not name.startswith(wanted):
            continue
        place = os.path.join(folder, name)
        os.makedirs(os.path.join(place, "marks"))
        MARK = os.path.join(place, "marks", "ran")
        sys.path.insert(0, place)
        path = make(place)
        if path is not None:
            outcome = {"name": name, "hostile": hostile}
            for trust in (False, True):
                shutil.rmtree(os.path.dirname(MARK))
                os.makedirs(os.path.dirname(MARK))
                outcome["trusted" if trust else "untrusted"] = attempt(target, name, path, trust)
            print("CASE " + json.dumps(outcome), flush=True)
        sys.path.remove(place)
        keras.backend.clear_session()


if __name__ == "__main__":
    main(*sys.argv[1:])
