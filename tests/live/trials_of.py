"""Tries recipes on a call as a program's recorder does: ``python trials_of.py FACTORY ENTRY FOLDER``.

``FACTORY`` is a function of recipe_cases.py. Prints, as JSON, what is left of it: whether the model's
variables are what they were, and whether Python's, numpy's and TensorFlow's random numbers go on as if
nothing had been; and the trials.
"""

from __future__ import annotations

import json
import os
import random
import sys


def main(factory, entry, folder, *recipes):
    import numpy as np
    import recipe_cases
    import tensorflow as tf

    from keras_profile.recorder.frameworks.keras import state_variables
    from keras_profile.recorder.program.describing import Call, make_workload
    from keras_profile.recorder.protocol.requests import TrialOptions
    from keras_profile.recorder.trials.recipe_session import try_recipes

    model, x = getattr(recipe_cases, factory)()
    call = getattr(model, entry) if entry != "call" else model
    call(x)
    variables = state_variables(model, model.layers)
    before = [np.array(one.numpy()) for one in variables]

    def draw():
        return [random.random(), float(np.random.rand()), float(tf.random.uniform(()))]

    def seed():
        random.seed(1)
        np.random.seed(1)
        tf.random.set_seed(1)

    seed()
    expected = [draw(), draw()]
    seed()
    found = [draw()]
    workload = make_workload(Call(entry, (model, x), {}), factory, folder, x)
    request = workload.request.trying(TrialOptions(seconds=1.0, recipes=recipes))
    try_recipes(request, lambda event: None, lambda: workload, in_users_process=True)
    found.append(draw())
    with open(os.path.join(folder, "trials.json")) as file:
        trials = json.load(file)
    after = [np.array(one.numpy()) for one in variables]
    return {
        "variables": len(variables),
        "same": all(np.array_equal(one, other) for one, other in zip(before, after)),
        "draws": found == expected,
        "random": trials["random_outputs"],
        "trials": {one["recipe"]: [one["status"], one["reason"]] for one in trials["trials"]},
    }


if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    said = main(*sys.argv[1:])
    print(json.dumps(said))
