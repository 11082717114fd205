"""Small programs with one known cause of slowness each, and the same without it.

They run on every release from TensorFlow 2.0 on. Each function returns ``(model, inputs)``
as a user would give them to ``keras-profile profile programs.py:NAME``, unless it says otherwise.
"""

from __future__ import annotations

import gc
import os
import tempfile
import threading
import time

import numpy as np
import tensorflow as tf

keras = tf.keras
layers = keras.layers
IS_KERAS_3 = int(getattr(keras, "__version__", "2").partition(".")[0]) >= 3


def numbers(*shape):
    return np.random.RandomState(0).standard_normal(shape).astype("float32")


def dense(width=8, depth=2, inputs=4, model=keras.Model, **options):
    """A small stack of Dense layers."""
    x = first = layers.Input((inputs,))
    for _ in range(depth):
        x = layers.Dense(width, activation="relu")(x)
    return model(first, layers.Dense(1)(x), **options)


def wide():
    """A model whose layers take most of a call: milliseconds for 256 rows."""
    return dense(width=1024, depth=4, inputs=256), numbers(512, 256)


# --- fixed cost ---


def tiny():
    """predict of a tiny compiled model: nearly all of it is fixed cost."""
    model = dense()
    model.compile("adam", "mse")
    return model, numbers(32, 4)


def tiny_uncompiled():
    return dense(), numbers(32, 4)


def many_small_batches():
    """Thousands of rows in batches of 8, given with ``--batch-size 8``."""
    return dense(), numbers(4000, 4)


def batches_of_80():
    """A hundred batches, given with ``--batch-size 80``."""
    return dense(), numbers(8000, 4)


def dataset_read_once():
    """A dataset of one batch in memory: what a call costs is mostly iterators."""
    return dense(), tf.data.Dataset.from_tensors(numbers(32, 4))


def few_large_batches():
    """The same rows in one batch, given with ``--batch-size 8000``."""
    return dense(width=512, depth=6), numbers(8000, 4)


class Computes(layers.Layer):
    """Computes for 50 ms on any machine."""

    def call(self, x):
        def compute(rows):
            end = time.perf_counter() + 0.05
            while time.perf_counter() < end:
                pass
            return rows

        rows = tf.numpy_function(compute, [x], tf.float32)
        rows.set_shape(x.shape)
        return rows


def on_one_processor():
    """Eight batches take 0.4 s. With one processor, predict then waits until 0.62 s are over."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    x = first = layers.Input((4,))
    return keras.Model(first, layers.Dense(1)(Computes()(x))), numbers(256, 4)


def on_one_processor_untuned():
    """The same on a dataset that tf.data does not tune."""
    model, rows = on_one_processor()
    options = tf.data.Options()
    if hasattr(options, "autotune"):
        options.autotune.enabled = False
    else:
        options.experimental_optimization.autotune = False
    return model, tf.data.Dataset.from_tensor_slices(rows).batch(32).with_options(options)


# --- tracing and compiling ---


class TracesEachCall(keras.Model):
    """Makes a new tf.function in each call."""

    def predict(self, x, **options):
        return tf.function(lambda rows: self(rows, training=False))(x).numpy()


class TracesOnce(keras.Model):
    """Makes its tf.function once."""

    def predict(self, x, **options):
        if getattr(self, "_once", None) is None:
            object.__setattr__(self, "_once", [tf.function(lambda rows: self(rows, training=False))])
        return self._once[0](tf.constant(x)).numpy()


def new_function_each_call():
    return dense(model=TracesEachCall), numbers(32, 4)


def function_kept():
    return dense(model=TracesOnce), numbers(32, 4)


class PythonArgument(keras.Model):
    """Calls its function with a number that differs from call to call."""

    turn = 0
    convert = float

    def predict(self, x, **options):
        if getattr(self, "_once", None) is None:
            object.__setattr__(self, "_once", [tf.function(lambda rows, scale: self(rows) * scale)])
        PythonArgument.turn += 1
        return self._once[0](tf.constant(x), type(self).convert(PythonArgument.turn)).numpy()


class TensorArgument(PythonArgument):
    convert = staticmethod(lambda value: tf.constant(float(value)))


def python_argument():
    return dense(model=PythonArgument), numbers(32, 4)


def tensor_argument():
    return dense(model=TensorArgument), numbers(32, 4)


def compiled_each_call():
    """Compiles again in each call, which throws the predict function away."""

    class Compiles(keras.Model):
        def predict(self, x, **options):
            self.compile("adam", "mse")
            return self.predict_on_batch(x)

    return dense(model=Compiles), numbers(32, 4)


def convolution():
    """Takes sequences of any length; given with ``--input`` and ``--vary-input``."""
    x = layers.Input((None, 4))
    return keras.Model(x, layers.Conv1D(8, 3, padding="same")(x))


def convolution_with_xla():
    model = convolution()
    model.compile("adam", "mse", jit_compile=True)
    return model


_length = [8]


def sequences_of_new_lengths():
    """Rows whose second dimension grows from call to call."""
    _length[0] += 1
    return numbers(4, _length[0], 4)


def sequences_of_one_length():
    return numbers(4, 16, 4)


class Loop(layers.Layer):
    """Adds up slices of its input in a Python loop of many turns."""

    turns = 300

    def call(self, x):
        total = x[:, 0]
        for turn in range(1, self.turns):
            total = total + x[:, turn] * 0.5
        return total


class NoLoop(Loop):
    def call(self, x):
        return tf.reduce_sum(x[:, 1:] * 0.5, axis=1) + x[:, 0]


def _looping(layer):
    x = layers.Input((Loop.turns, 4))
    model = keras.Model(x, layer()(x))
    model.compile("adam", "mse")
    return model, numbers(32, Loop.turns, 4)


def python_loop():
    return _looping(Loop)


def no_python_loop():
    return _looping(NoLoop)


# --- eager ---


def deep():
    """Forty small layers, for ``--entry call``."""
    return dense(width=16, depth=40), numbers(32, 4)


def run_eagerly():
    model = dense(width=16, depth=10)
    model.compile("adam", "mse", run_eagerly=True)
    return model, numbers(3200, 4)


def not_run_eagerly():
    model = dense(width=16, depth=10)
    model.compile("adam", "mse")
    return model, numbers(3200, 4)


def functions_run_eagerly():
    switch = getattr(tf.config, "run_functions_eagerly", None) or tf.config.experimental_run_functions_eagerly
    switch(True)
    return dense(width=16, depth=10), numbers(3200, 4)


# --- switches ---


def _small_ops():
    """A graph of many small ops."""
    return dense(width=64, depth=40, inputs=64), numbers(32, 64)


def small_ops():
    return _small_ops()


def numerics_checked():
    tf.debugging.enable_check_numerics()
    return dense(width=64, depth=120, inputs=64), numbers(32, 64)


_tapes: list = []


def under_a_tape():
    """Begins a tape that never ends."""
    tape = tf.GradientTape()
    tape.__enter__()
    _tapes.append(tape)
    return _small_ops()


def placement_logged():
    tf.debugging.set_log_device_placement(True)
    return dense(), numbers(32, 4)


def data_debug_mode():
    tf.data.experimental.enable_debug_mode()
    return dense(), _dataset(2000).map(_double).batch(500)


def mapped_dataset():
    return wide()[0], tf.data.Dataset.from_tensor_slices(numbers(2048, 256)).map(_double).batch(512).prefetch(
        2
    )


def large_ops():
    return _convolutions_of((32, 32, 32, 32))


def large_ops_on_one_thread():
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    return _convolutions_of((32, 32, 32, 32))


def _depthwise(**options):
    x = first = layers.Input((48, 48, 8))
    for _ in range(3):
        x = layers.DepthwiseConv2D(5, padding="same")(x)
    model = keras.Model(first, layers.Dense(1)(layers.GlobalAveragePooling2D()(x)))
    model.compile("adam", "mse", **options)
    return model, numbers(4, 48, 48, 8)


def depthwise_by_xla():
    return _depthwise(jit_compile=True)


def depthwise():
    return _depthwise()


# --- input ---


def _dataset(rows=4096):
    return tf.data.Dataset.from_tensor_slices(numbers(rows, 4))


def dataset_of_single_rows():
    return dense(), _dataset(500).batch(1)


def dataset_of_batches():
    model, rows = wide()
    return model, tf.data.Dataset.from_tensor_slices(np.tile(rows, (8, 1))).batch(512).prefetch(2)


def generator_of_samples():
    rows = numbers(1, 4)[0]

    def samples():
        for _ in range(1000):
            yield rows

    return dense(), tf.data.Dataset.from_generator(samples, tf.float32, (4,)).batch(500)


def _slow(x):
    time.sleep(0.002)
    return x


def _python(x):
    return tf.ensure_shape(tf.numpy_function(_slow, [x], tf.float32), (4,))


def python_in_map():
    return dense(), _dataset(200).map(_python).batch(100)


def _decode(picture):
    image = tf.cast(tf.io.decode_jpeg(picture, channels=3), tf.float32)
    return tf.reduce_mean(tf.ensure_shape(image, (512, 512, 3)), axis=(0, 1))


def _pictures(count):
    picture = tf.io.encode_jpeg(tf.cast(tf.random.uniform((512, 512, 3), 0, 255), tf.uint8))
    return tf.data.Dataset.from_tensors(picture).repeat(count)


def serial_map():
    """Decodes a hundred pictures on one thread."""
    return dense(inputs=3), _pictures(100).map(_decode).batch(50)


def _double(x):
    return x * 2.0


def shuffled():
    """Twenty thousand rows in a shuffle buffer, given with ``--steps``."""
    return dense(), _dataset(20000).map(_double).shuffle(20000).batch(64)


def not_shuffled():
    return wide()[0], tf.data.Dataset.from_tensor_slices(numbers(2048, 256)).batch(512).prefetch(2)


def repeated():
    """Ten batches, again and again, given with ``--steps``."""
    return dense(), _dataset(320).repeat().batch(32)


def cache_before_map():
    return dense(inputs=3), _pictures(60).cache().map(_decode).batch(20)


def cache_after_map():
    return dense(inputs=3), _pictures(60).map(_decode).cache().batch(20)


def over_256():
    return dense(inputs=256)


def slow_batches():
    """A generator, for ``--input``."""
    rows = numbers(128, 256)
    for _ in range(8):
        time.sleep(0.02)
        yield (rows,)


def wide_alone():
    return wide()[0]


def quick_batches():
    rows = numbers(512, 256)
    for _ in range(8):
        yield (rows,)


def no_map():
    model, rows = wide()
    return model, tf.data.Dataset.from_tensor_slices(np.tile(rows, (8, 1))).batch(512)


Sequence = getattr(keras.utils, "PyDataset", None) or keras.utils.Sequence


class Slow(Sequence):
    """Ten batches, each made in ten milliseconds."""

    pause = 0.01

    def __len__(self):
        return 10

    def __getitem__(self, index):
        time.sleep(self.pause)
        return numbers(512, 256)


class Quick(Slow):
    pause = 0.0
    rows = numbers(512, 256)

    def __getitem__(self, index):
        return self.rows


def slow_pydataset():
    return dense(inputs=256), Slow()


def quick_pydataset():
    return wide()[0], Quick()


def needless_workers():
    return dense(inputs=256), Quick(workers=8, use_multiprocessing=False)


# --- model ---


def int8():
    model = dense(width=512, depth=4, inputs=256)
    model.quantize("int8")
    return model, numbers(256, 256)


def _convolutions(policy):
    policy = keras.mixed_precision.Policy(policy)
    x = first = layers.Input((48, 48, 3))
    for filters in (16, 32, 64):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu", dtype=policy)(x)
        x = layers.MaxPooling2D(dtype=policy)(x)
    y = layers.Dense(1, dtype="float32")(layers.GlobalAveragePooling2D(dtype=policy)(x))
    return keras.Model(first, y), numbers(16, 48, 48, 3)


def in_float16():
    return _convolutions("mixed_float16")


def in_float64():
    return _convolutions("float64")


def in_float32():
    return _convolutions("float32")


def _recurrent(**options):
    x = layers.Input((100, 16))
    return keras.Model(x, layers.Dense(1)(layers.LSTM(64, **options)(x))), numbers(16, 100, 16)


def texts():
    """A model of words, which masks padding."""
    words = layers.Input((None,), dtype="int32")
    x = layers.LSTM(32)(layers.Embedding(500, 32, mask_zero=True)(words))
    return keras.Model(words, layers.Dense(1)(x)), texts_of_one_length()


def texts_padded_to_the_longest():
    """One text in 32 is long, and all are padded to its length."""
    words = np.zeros((32, 200), "int32")
    words[:, :20] = texts_of_one_length()
    words[0] = np.random.RandomState(1).randint(1, 500, 200)
    return words


def texts_of_one_length():
    return np.random.RandomState(0).randint(1, 500, (32, 20)).astype("int32")


def gates_apart():
    return _recurrent(recurrent_dropout=0.2)


def gates_together():
    return _recurrent()


class AsInTraining(keras.Model):
    """Runs its layers as in training, which keeps augmentation on."""

    training = True

    def predict_on_batch(self, x):
        if getattr(self, "_once", None) is None:
            kept = tf.function(lambda rows: self(rows, training=type(self).training))
            object.__setattr__(self, "_once", [kept])
        return self._once[0](tf.constant(x)).numpy()


class AsInInference(AsInTraining):
    training = False


def _with_augmentation(model):
    x = first = layers.Input((96, 96, 3))
    x = layers.GlobalAveragePooling2D()(layers.Conv2D(4, 3)(layers.RandomRotation(0.1)(x)))
    return model(first, layers.Dense(1)(x)), numbers(32, 96, 96, 3)


def augmentation():
    return _with_augmentation(AsInTraining)


def no_augmentation():
    return _with_augmentation(AsInInference)


def time_distributed():
    x = layers.Input((200, 32))
    return keras.Model(x, layers.TimeDistributed(layers.Dense(16))(x)), numbers(32, 200, 32)


def dense_over_time():
    x = layers.Input((200, 32))
    return keras.Model(x, layers.Dense(16)(x)), numbers(32, 200, 32)


def text():
    words = [f"word{number}" for number in range(500)]
    x = layers.Input((1,), dtype="string")
    vectors = layers.TextVectorization(vocabulary=words, output_sequence_length=64)(x)
    means = layers.GlobalAveragePooling1D()(layers.Embedding(600, 4)(vectors))
    model = keras.Model(x, layers.Dense(1)(means))
    return model, tf.constant([[" ".join(words[:60])]] * 256)


def token_ids():
    x = layers.Input((64,), dtype="int64")
    model = keras.Model(x, layers.Dense(1)(layers.GlobalAveragePooling1D()(layers.Embedding(600, 4)(x))))
    return model, np.ones((256, 64), "int64")


# --- output and bookkeeping ---


def large_outputs():
    """A model whose outputs are far larger than its inputs."""
    x = layers.Input((1,))
    return keras.Model(x, layers.UpSampling1D(16000)(layers.Reshape((1, 1))(x))), numbers(6400, 1)


def small_outputs():
    x = layers.Input((1,))
    y = layers.UpSampling1D(16000)(layers.Reshape((1, 1))(x))
    return keras.Model(x, layers.GlobalAveragePooling1D()(y)), numbers(6400, 1)


class Pause(keras.callbacks.Callback):
    """Takes three milliseconds at the end of each batch."""

    def on_predict_batch_end(self, batch, logs=None):
        time.sleep(0.003)


def slow_callbacks():
    """For ``--callbacks``."""
    return [Pause()]


class LongPause(Pause):
    """Takes a tenth of a second at the end of each batch."""

    def on_predict_batch_end(self, batch, logs=None):
        time.sleep(0.1)


def very_slow_callbacks():
    return [LongPause()]


def quick_callbacks():
    return [keras.callbacks.Callback()]


# --- process ---


class Loads(keras.Model):
    """Loads the model from a file in each call, as request handlers do."""

    path = None

    def predict(self, x, **options):
        if Loads.path is None:
            Loads.path = os.path.join(tempfile.mkdtemp(), "model.keras" if IS_KERAS_3 else "model.h5")
            dense().save(Loads.path)
        return keras.models.load_model(Loads.path, compile=False).predict_on_batch(x)


def loads_each_call():
    return dense(model=Loads), numbers(32, 4)


class Keeps(TracesOnce):
    """Keeps 256 KiB of each call forever."""

    kept: list = []  # noqa: RUF012 - kept for as long as the class lives: that is the fault

    def predict(self, x, **options):
        Keeps.kept.append(np.ones(32768))
        return super().predict(x)


def keeps_memory():
    return dense(model=Keeps), numbers(32, 4)


class Litters(TracesOnce):
    """Leaves thousands of reference cycles in each call, beside a million live objects."""

    live = None

    def predict(self, x, **options):
        if Litters.live is None:
            Litters.live = [[number] for number in range(400000)]
            gc.unfreeze()
        for _ in range(20000):
            cycle = []
            cycle.append(cycle)
        return super().predict(x)


def litters():
    return dense(model=Litters), numbers(32, 4)


class Waits(TracesOnce):
    """Waits for something else in each call."""

    def predict(self, x, **options):
        time.sleep(0.02)
        return super().predict(x)


def waits():
    return dense(model=Waits), numbers(32, 4)


class Centred(layers.Layer):
    """Takes each row's mean from it, in a loop of the graph over the rows."""

    def call(self, rows):
        return tf.map_fn(lambda row: row - tf.reduce_mean(row), rows)

    def compute_output_shape(self, shape):
        return shape


class CentredAtOnce(Centred):
    """The same without a loop."""

    def call(self, rows):
        return rows - tf.reduce_mean(rows, axis=1, keepdims=True)


def mapped_row_by_row(layer=Centred):
    first = layers.Input((32,))
    return keras.Model(first, layers.Dense(4)(layer()(first))), numbers(2000, 32)


def all_rows_at_once():
    return mapped_row_by_row(CentredAtOnce)


_GROUPS = 16


def convolution_in_groups():
    first = layers.Input((48, 48, 64))
    x = layers.Conv2D(64, 3, padding="same", groups=_GROUPS)(first)
    return keras.Model(first, layers.GlobalAveragePooling2D()(x)), numbers(8, 48, 48, 64)


def convolution_of_each_group():
    first = layers.Input((48, 48, 64))
    width = 64 // _GROUPS
    parts = [
        layers.Conv2D(width, 3, padding="same")(first[..., n * width : (n + 1) * width])
        for n in range(_GROUPS)
    ]
    x = layers.Concatenate()(parts)
    return keras.Model(first, layers.GlobalAveragePooling2D()(x)), numbers(8, 48, 48, 64)


class RowByRow(keras.Model):
    """Calls the model once for each row, as many wrappers do."""

    def predict(self, x, **options):
        outputs = []
        for row in x:
            outputs.append(super().predict(row[None], **options))
        return np.concatenate(outputs)


class StepByStep(keras.Model):
    """Calls the model itself for each step of a sequence."""

    def predict(self, x, **options):
        return np.stack([self(row[None], training=False) for row in x])


def rows_one_by_one():
    return dense(model=RowByRow), numbers(12, 4)


def steps_one_by_one():
    return dense(model=StepByStep), numbers(50, 4)


class Busy(TracesOnce):
    """Is called while other threads predict, until the program ends."""

    threads = 0

    def predict(self, x, **options):
        while Busy.threads < 2:
            Busy.threads += 1
            threading.Thread(target=self._predict_on).start()
        return super().predict(x)

    def _predict_on(self):
        model = tiny_uncompiled()[0]
        while threading.main_thread().is_alive():
            model.predict(numbers(32, 4), verbose=0)


def busy_threads():
    return dense(model=Busy), numbers(32, 4)


def many_threads():
    """Sets a pool of 64 threads, whatever the machine has."""
    tf.config.threading.set_intra_op_parallelism_threads(64)
    return dense(model=TracesOnce), numbers(32, 4)


_lengths = [0]


def sequences_of_a_few_lengths():
    """Sixteen lengths in turn: the first call of each traces, the later ones do not."""
    _lengths[0] += 1
    return numbers(4, 20 + _lengths[0] % 16, 4)


def _read(x):
    time.sleep(0.02)
    return x


def _batches_read(model):
    """Twenty batches, each of which is waited for 20 ms, as for a disk."""

    def read(x):
        return tf.ensure_shape(tf.numpy_function(_read, [x], tf.float32), (512, 256))

    return tf.data.Dataset.from_tensors(model[1]).repeat(20).map(read)


def dataset_not_prefetched():
    """The model runs about as long as its batches are waited for."""
    model = wide()
    return model[0], _batches_read(model)


def dataset_prefetched():
    model = wide()
    return model[0], _batches_read(model).prefetch(2)


def _convolutions_of(filters):
    x = first = layers.Input((24, 24, 8))
    for number in filters:
        x = layers.Conv2D(number, 5, padding="same", activation="relu")(x)
    return keras.Model(first, layers.Dense(1)(layers.GlobalAveragePooling2D()(x))), numbers(16, 24, 24, 8)


def one_heavy_layer():
    """The second to last convolution has 24 times the products of any other."""
    return _convolutions_of((8, 8, 192, 192, 8))


def even_layers():
    return _convolutions_of((32, 32, 32, 32, 32))


def many_metrics():
    model = dense()
    model.compile(
        "adam",
        "mse",
        metrics=[keras.metrics.MeanSquaredError(name=f"error_{number}") for number in range(150)],
    )
    return model, numbers(32, 4)


def _of_axes(change):
    """A tensor network's state of 16 axes of 2: ``change`` moves its last axis to the front."""
    x = layers.Input((2,) * 16)
    moved = layers.Lambda(change)(x)
    y = layers.Lambda(lambda y: tf.reshape(y, (-1, 2**16)))(moved)
    return keras.Model(x, layers.Dense(256)(y)), numbers(8, *(2,) * 16)


def axes_apart():
    return _of_axes(lambda x: tf.nn.relu(tf.transpose(x, [0, 16, *range(15, 0, -1)])))


def axes_together():
    return _of_axes(lambda x: tf.nn.relu(tf.transpose(tf.reshape(x, (-1, 2**15, 2)), [0, 2, 1])))


def _attention(equation, axis):
    """Weights of a pair of positions for each of 8 heads: ``equation`` lays them out."""
    x = layers.Input((200, 8, 4))
    scores = layers.Lambda(lambda x: tf.einsum(equation, x, x))(x)
    weights = layers.Lambda(lambda scores: tf.nn.softmax(scores, axis=axis))(scores)
    y = layers.Lambda(lambda weights: tf.reduce_max(weights, axis=(1, 2, 3))[:, None])(weights)
    return keras.Model(x, layers.Dense(2)(y)), numbers(32, 200, 8, 4)


def softmax_of_an_inner_axis():
    return _attention("bqhd,bkhd->bqkh", 2)


def softmax_of_the_last_axis():
    return _attention("bqhd,bkhd->bhqk", 3)


_VOCABULARY = 20_000


def _of_tokens(looked_up):
    x = layers.Input((32,), dtype="int32")
    y = layers.GlobalAveragePooling1D()(looked_up(x))
    return keras.Model(x, layers.Dense(2)(y)), np.arange(8 * 32, dtype="int32").reshape(8, 32)


def one_hot_times_weights():
    def looked_up(x):
        rows = layers.Lambda(lambda x: tf.one_hot(x, _VOCABULARY), output_shape=(32, _VOCABULARY))(x)
        return layers.Dense(64, use_bias=False)(rows)

    return _of_tokens(looked_up)


def rows_of_weights():
    return _of_tokens(layers.Embedding(_VOCABULARY, 64))


class Tied(layers.Layer):
    """Looks rows of its weights up, and multiplies by all of them."""

    def build(self, shape):
        self.rows = self.add_weight(name="rows", shape=(_VOCABULARY, 256))

    def call(self, tokens):
        rows = tf.convert_to_tensor(self.rows)
        return tf.matmul(tf.reduce_mean(tf.gather(rows, tokens), 1), tf.transpose(rows))


def weights_transposed():
    x = layers.Input((32,), dtype="int32")
    return keras.Model(x, Tied()(x)), np.arange(8 * 32, dtype="int32").reshape(8, 32)


class Search(keras.Model):
    """Finds the items that fit a user; ``each_time`` it computes what they are, or once."""

    def __init__(self, each_time):
        super().__init__()
        self.user = keras.Sequential([layers.Dense(64, activation="relu"), layers.Dense(32)])
        self.item = keras.Sequential([layers.Dense(512, activation="relu"), layers.Dense(32)])
        self.catalogue = tf.constant(numbers(4000, 128))
        made = self.item(self.catalogue)
        self.items = None if each_time else tf.constant(made.numpy())

    def call(self, users):
        items = self.item(self.catalogue) if self.items is None else self.items
        return tf.matmul(self.user(users), items, transpose_b=True)


def items_each_time():
    return Search(True), numbers(8, 16)


def items_once():
    return Search(False), numbers(8, 16)


def under_a_strategy():
    with tf.distribute.MirroredStrategy(["CPU:0"]).scope():
        return dense(), numbers(32, 4)
