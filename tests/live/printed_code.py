"""Runs the code that reports show, as it stands there: ``python printed_code.py jobs.json``.

A job names a function that makes a model and its input, how the call is made today, and
the code. In the code's namespace is only what docs/recipes.md promises. Prints for each job
what is wrong with the outputs, or null.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile


def main(path):
    with open(path) as file:
        jobs = json.load(file)
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    print(json.dumps([wrong_with(job) for job in jobs]))


def wrong_with(job):
    """What is wrong with the outputs of a job's code, or None."""
    import numpy as np

    code = job["code"]
    if "# before " in code:  # it says itself that the model comes after it
        before, _, call = code.rpartition("\ny = ")
        exec(before, {})
        code = "y = " + call
    cases = importlib.import_module("recipe_cases")
    model, made = getattr(cases, job["factory"])()

    def fresh():
        return made() if callable(made) else made

    callbacks = cases.callbacks()
    today = eval(job["call"], {"model": model, "x": fresh(), "callbacks": callbacks})
    if "xs" in code:
        names = {"model": model, "xs": [fresh() for _ in range(3)], "callbacks": callbacks}
    else:
        names = {"model": model, "x": fresh(), "callbacks": callbacks}
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            exec(compile(code, "<the printed code>", "exec"), names)
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        finally:
            os.chdir(os.path.dirname(os.path.abspath(__file__)))
    found = arrays(names["y"])
    if "xs" in names:
        found = [array[: len(array) // 3] for array in found]
    expected = arrays(today)
    if [array.shape for array in found] != [array.shape for array in expected]:
        return f"other shapes: {[array.shape for array in found]}"
    if not job["approximate"] and [one.dtype for one in found] != [one.dtype for one in expected]:
        return f"other dtypes: {[array.dtype for array in found]}"
    if job.get("any_order"):
        found, expected = ([np.sort(one, axis=0) for one in arrays] for arrays in (found, expected))
    far = max(
        float(np.max(np.abs(one.astype(float) - other.astype(float)))) for one, other in zip(found, expected)
    )
    return None if far <= job["tolerance"] else f"as far apart as {far}"


def arrays(outputs):
    """The arrays of nested outputs, dicts in the order of their sorted keys."""
    import numpy as np

    if isinstance(outputs, dict):
        return [array for key in sorted(outputs) for array in arrays(outputs[key])]
    if isinstance(outputs, (list, tuple)):
        return [array for one in outputs for array in arrays(one)]
    return [np.asarray(outputs)]


if __name__ == "__main__":
    main(sys.argv[1])
