"""Two recordings of a program, before and after a change of its code."""

from __future__ import annotations

from .commands import keras_profile

PROGRAM = """
import numpy as np
from tensorflow import keras

model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1)])
x = np.ones((1, 4), "float32")
for _ in range(12):
    model.predict(x, verbose=0)
for _ in range(30):
    model.predict_on_batch(x)
"""


def recorded(folder, after):
    """The paths of the recordings of :data:`PROGRAM` and of ``after``, its code later, as ``app.py``."""
    for name, code in (("before", PROGRAM), ("after", after)):
        (folder / name).mkdir()
        (folder / name / "app.py").write_text(code)
        options = ("--no-try", "--no-replay", "--no-html", "--quiet")
        finished = keras_profile("run", *options, "app.py", folder=folder / name)
        assert finished.code == 0, finished.err
    return [str(next((folder / name / "traces").iterdir())) for name in ("before", "after")]
