"""What a program can see of how it was started."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import pickle
import sys


def double(point):
    """Runs in a worker, which unpickles a class of the program's ``__main__``."""
    return type(point)(point.x * 2, point.y * 2)


def parse(arguments=None):
    parser = argparse.ArgumentParser(prog="telling")
    parser.add_argument("words", nargs="*")
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--for", dest="how_long")
    parser.add_argument("--python")
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("-m", dest="module")
    parser.add_argument("--model", action="store_true", help="also predict")
    return parser.parse_args(arguments)


def tell(main, point, worker=True):
    """Prints all of it; ``main`` is the globals of ``__main__``, ``point`` an object of its class."""
    options = parse()
    spec = main["__spec__"]
    print("argv", sys.argv)
    print("options", sorted(vars(options).items()))
    print("name", main["__name__"])
    print("file", main["__file__"])
    print("package", repr(main["__package__"]))
    print("spec", spec and spec.name, spec and spec.parent)
    print("main module", sys.modules["__main__"].__dict__ is main)
    print("globals", sorted(name for name in main if name.startswith("__")))
    print("path", sys.path)
    print("executable", sys.executable)
    print("flags", sys.flags)
    print("folder", os.getcwd())
    print("terminal", sys.stdin.isatty(), sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.line_buffering)
    print("recursion", sys.getrecursionlimit())
    print("streams", sys.stdout is sys.__stdout__, sys.stderr is sys.__stderr__, sys.stdin is sys.__stdin__)
    print("stdin", [line.rstrip("\n") for line in sys.stdin])
    print("pickled", pickle.loads(pickle.dumps(point)))
    if worker:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            print("worker", pool.apply(double, (point,)))
    if options.model:
        predict()
    print("to stderr: one", file=sys.stderr)
    print("to stderr: two", file=sys.stderr)


def predict():
    import numpy as np
    from tensorflow import keras

    inputs = keras.layers.Input((4,))
    model = keras.Model(inputs, keras.layers.Dense(1, kernel_initializer="ones")(inputs))
    for _ in range(5):
        print("model", model.predict(np.ones((1, 4), "float32"), verbose=0).tolist())  # here: predict
