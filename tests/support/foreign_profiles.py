"""Programs that other profilers profile: a stand-in for Keras, whose functions lie where Keras' do."""

from __future__ import annotations

import cProfile
from pathlib import Path
from types import SimpleNamespace

PACKAGES = "/env/lib/python3.11/site-packages"
TRAINER = f"{PACKAGES}/keras/src/backend/tensorflow/trainer.py"
LAYER = f"{PACKAGES}/keras/src/layers/layer.py"
#: Functions of Keras 3, file by file. ``work`` is how a function spends time.
_KERAS = {
    f"{PACKAGES}/keras/src/utils/traceback_utils.py": """
def filter_traceback(fn):
    def error_handler(*args):
        return fn(*args)
    return error_handler
""",
    f"{PACKAGES}/keras/src/trainers/data_adapters/array_data_adapter.py": """
def get_tf_dataset():
    work(4)
""",
    LAYER: """
def __call__(self, x):
    work(2)
    return x
""",
    TRAINER: """
def __init__():
    get_tf_dataset()

def make_predict_function():
    work(1)

def predict(x):
    __init__()
    make_predict_function()
    work(1)
    return x

def predict_on_batch(x):
    work(3)
    return x

def fit(x):
    for _ in range(2):
        __call__(None, x)
    work(6)

def compile(x):
    work(5)
""",
}
SCRIPT = "/home/me/script.py"


def keras(work):
    """The functions of the stand-in, by name; each calls ``work`` with a number."""
    names = {"work": work}
    for file, code in _KERAS.items():
        exec(compile(code, file, "exec"), names)
    wrapped = names["filter_traceback"]
    return SimpleNamespace(
        predict=wrapped(names["predict"]),
        fit=wrapped(names["fit"]),
        compile=wrapped(names["compile"]),
        call=wrapped(names["__call__"]),
        predict_on_batch=names["predict_on_batch"],
    )


def program(keras, code):
    """A function ``main`` of a script, from its ``code``."""
    names = {"keras": keras}
    exec(compile(code, SCRIPT, "exec"), names)
    return names["main"]


def clocked():
    """A clock that only ``work`` moves, and ``work``: profiles have the same figures on any machine."""
    now = [0.0]

    def work(amount):
        now[0] += amount / 1000

    def clock():
        return now[0]

    return clock, work


def counted(path: Path, code: str, make=keras) -> Path:
    """What cProfile counts of a script's ``main``, by that clock, in ``path``."""
    clock, work = clocked()
    main = program(make(work), code)
    profile = cProfile.Profile(clock)
    profile.runcall(main)
    profile.dump_stats(path)
    return path
