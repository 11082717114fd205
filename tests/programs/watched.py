"""A program that watches pieces of its own code, and says what it did as JSON."""

import json

import numpy as np
from tensorflow import keras

import keras_profile

inputs = keras.layers.Input((4,))
model = keras.Model(inputs, keras.layers.Dense(1)(inputs))
model.compile("adam", "mse")
rows = np.ones((1, 4), "float32")


def predict(count):
    for _ in range(count):
        model.predict(rows, verbose=0)  # here: watched


model.predict(rows, verbose=0)  # before it is watched
with keras_profile.watch(recipes=[], seconds=2) as w:
    predict(30)
model.predict(rows, verbose=0)  # after it was watched
report = w.report()


handled = keras_profile.watch(recipes=[], replay=False, name="handle")


@handled
def handle(count):
    """What the decorated function says of itself."""
    for _ in range(count):
        model.predict(rows, verbose=0)  # here: decorated
    return count


returned = handle(4) + handle(5)
decorated = handled.report()
try:
    with keras_profile.watch(recipes=[], seconds=2) as failing:
        predict(3)
        raise KeyError("of the program")
except KeyError:
    after_error = failing.report()

group = report.groups[0]  # as a report of its own
print(
    json.dumps(
        {
            "groups": [(one.site.line, one.count) for one in report.content.groups],
            "calls": report.program.calls,
            "whole": sum(phase.self_ns for phase in group.attribution.phases) == group.attribution.total_ns,
            "found": [one.rule for one in group.findings if one.verdict == "found"],
            "text": repr(report),
            "html": report._repr_html_(),
            "decorated": [(one.site.line, one.count) for one in decorated.content.groups],
            "returned": returned,
            "name": handle.__name__,
            "doc": handle.__doc__,
            "after error": [one.count for one in after_error.content.groups],
        }
    )
)
