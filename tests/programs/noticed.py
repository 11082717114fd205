"""Prints what a program notices of its own calls: stacks, tracebacks, warnings, functions."""

import inspect
import json
import logging
import sys
import threading
import traceback
import warnings

import keras
import numpy as np

CALLS = 14
X = np.ones((4, 3), "float32")
seen = {}


def note(kind, value):
    seen.setdefault(kind, set()).add(json.dumps(value))


def stack():
    """The functions on the stack with their files, outermost first."""
    frame, found = sys._getframe(1), []
    while frame is not None:
        found.append(frame.f_code.co_filename.rpartition("/")[2] + ":" + frame.f_code.co_name)
        frame = frame.f_back
    return found[::-1]


def depth_left():
    """How deep a recursion can go from here."""
    try:
        return 1 + depth_left()
    except RecursionError:
        return 1


class Looks(keras.layers.Layer):
    """A layer that looks around, and fails if it is asked to."""

    failing = None

    def call(self, x):
        note(f"stack in a layer, {self.name}", stack())
        note("files in a layer", sorted({frame.filename for frame in inspect.stack(0)}))
        warnings.warn("from a layer", stacklevel=2)
        if self.failing is not None:
            try:
                {}["missing"]
            except KeyError as error:
                raise self.failing("from the layer") from error
        return x


class Model(keras.Model):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def call(self, x):
        return self.inner(x)

    def predict(self, x, **options):
        warnings.warn("from predict", stacklevel=2)
        return super().predict(x, **options)


class Callback(keras.callbacks.Callback):
    failing = None

    def on_predict_batch_begin(self, batch, logs=None):
        note("stack in a callback", stack())
        note("depth in a callback", depth_left())
        if self.failing is not None:
            raise self.failing("from the callback")


def batches():
    yield X
    note("stack in a generator", [name for name in stack() if "threading" not in name])
    raise OSError("from the generator")


def fails(name, call):
    """Notes how a call fails."""
    try:
        call()
    except BaseException as error:
        note("traceback of " + name, traceback.format_exc())
        note("frames of " + name, [frame.name for frame in traceback.extract_tb(error.__traceback__)])
        note("chained of " + name, [repr(error.__cause__), repr(error.__context__)])
        if isinstance(error, Exception):
            logging.exception("logged")


class Notes(logging.Handler):
    def emit(self, record):
        note("logged", self.format(record))


def warned(message, category, filename, lineno, file=None, line=None):
    note("warning " + str(message), [filename, lineno])


def main():
    logging.getLogger().addHandler(Notes())
    warnings.simplefilter("always")
    warnings.showwarning = warned
    functions = (keras.Model.predict, keras.Model.__call__, keras.Model.fit, keras.models.load_model)
    for function in functions:
        note("function", [str(inspect.signature(function)), hasattr(function, "__wrapped__")])
        note("source", inspect.getsource(function))
    note("own attributes", sorted(vars(keras.Model)))
    layer = Looks(name="looks")
    model = Model(keras.Sequential([layer, keras.layers.Dense(2)]))
    callback = Callback()
    eager = keras.Sequential([Looks(name="eager"), keras.layers.Dense(2)])
    eager.compile(run_eagerly=True)
    for _ in range(CALLS):
        model.predict(X, verbose=0, callbacks=[callback])
        model(X)
        eager.predict(X, verbose=0)
        eager.predict_on_batch(X)
    eager.layers[0].failing = ValueError
    layer.failing = TypeError
    for _ in range(CALLS):
        fails("predict", lambda: eager.predict(X, verbose=0))
        fails("predict_on_batch", lambda: eager.predict_on_batch(X))
        fails("call", lambda: model(X))
    eager.layers[0].failing = layer.failing = None
    for failing in (RuntimeError, KeyboardInterrupt, StopIteration):
        callback.failing = failing
        fails("callback, " + failing.__name__, lambda: model.predict(X, verbose=0, callbacks=[callback]))
    callback.failing = None
    eager.layers[0].failing = ValueError
    thread = threading.Thread(target=fails, args=("thread", lambda: eager(X)))
    thread.start()
    thread.join()
    try:
        raise LookupError("handled")
    except LookupError:
        fails("handling", lambda: eager(X))
    eager.layers[0].failing = None
    fails("generator", lambda: eager.predict(batches(), verbose=0))
    note("identity", [function is getattr(keras.Model, function.__name__) for function in functions[:3]])
    for kind in sorted(seen):
        for value in sorted(seen[kind]):
            print(kind, value)


main()
