"""Every recipe on a model and a call where it applies, and its printed code, run as printed."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from keras_profile.recipes.catalogue import RECIPES

HERE = Path(__file__).parent
CASES_FILE = HERE / "recipe_cases.py"
#: Verdicts of a change that was built, compared and measured.
MEASURED = {"faster", "slower", "no_difference"}
_BY_ID = {recipe.id: recipe for recipe in RECIPES}


@dataclass(frozen=True)
class Case:
    """A usage (a function of recipe_cases.py and options) and the recipes that apply in it.

    ``call`` is how the call is made today; with ``any_order`` its rows come in another one each time.
    """

    factory: str
    recipes: tuple[str, ...]
    options: tuple[str, ...] = ()
    call: str = "model.predict(x, verbose=0)"
    tolerance: float = 1e-4
    any_order: bool = False

    def __str__(self) -> str:
        return self.factory


_ONE_GRAPH = (
    "function_open_batch",
    "function_fixed_signature",
    "function_reduce_retracing",
    "concrete_function",
    "function_jit_compiled",
)
CASES = (
    Case(
        "compiled",
        (
            "rebuilt_uncompiled",
            "loaded_uncompiled",
            "threads",
            "onednn_flipped",
            "dataset_from_tensors",
            "input_as_tensor",
            *_ONE_GRAPH,
        ),
    ),
    Case("one_row", ("predict_on_batch", "call_inference", "one_predict_for_many_calls")),
    Case(
        "doubles",
        (
            "input_as_model_dtype",
            "larger_batch_size",
            "dataset_untuned",
            "preallocated_outputs",
            "steps_per_execution",
            "progress_bar_off",
            "without_callbacks",
        ),
        ("--verbose-predict", "--callbacks", f"{CASES_FILE}:callbacks"),
    ),
    Case(
        "list_in_dict_out",
        (
            "run_eagerly_off",
            "exported_signature",
            "call_inference",
            "concrete_function",
            "dataset_from_tensors",
        ),
        ("--eager",),
    ),
    Case(
        "words_and_numbers",
        (
            "predict_on_batch",
            "exported_signature",
            "one_predict_for_many_calls",
            "call_inference",
            "function_open_batch",
            "concrete_function",
            "loaded_uncompiled",
        ),
    ),
    Case(
        "dataset_of_small_batches",
        (
            "dataset_batched",
            "input_stacked",
            "dataset_prefetched",
            "dataset_untuned",
            "dataset_cached",
            "predict_on_batch",
            "function_open_batch",
        ),
    ),
    Case(
        "dataset_with_targets",
        (
            "dataset_batched",
            "input_stacked",
            "dataset_cached",
            "predict_on_batch",
            "function_open_batch",
            "steps_per_execution",
        ),
    ),
    Case("shuffled_dataset", ("dataset_unshuffled",), any_order=True),
    Case("compiled_by_xla", ("xla_off",), ("--entry", "predict_on_batch"), "model.predict_on_batch(x)"),
    Case("pydataset", ("pydataset_workers", "input_stacked")),
    Case("generator", ("input_stacked", "threads")),
    Case(
        "fixed_batch",
        ("predict_on_batch", "exported_signature", "concrete_function"),
        ("--batch-size", "8"),
        "model.predict(x, batch_size=8, verbose=0)",
    ),
    Case("subclassed", ("rebuilt_uncompiled", "loaded_uncompiled", "exported_signature")),
    Case(
        "recurrent",
        ("without_recurrent_dropout", "dense_for_time_distributed", "unroll_flipped"),
        ("--entry", "call_inference"),
        "model(x, training=False)",
    ),
    Case("unrolled", ("unroll_flipped",), ("--entry", "predict_on_batch"), "model.predict_on_batch(x)"),
    Case(
        "augmented", ("without_augmentation",), ("--entry", "predict_on_batch"), "model.predict_on_batch(x)"
    ),
    Case(
        "sixteen_bits",
        ("float32_policy",),
        ("--entry", "predict_on_batch"),
        "model.predict_on_batch(x)",
        tolerance=0.1,
    ),
    Case(
        "open_length",
        ("quantized_int8", "half_precision", "padded_shapes"),
        ("--entry", "predict_on_batch", "--allow-approximate"),
        "model.predict_on_batch(x)",
        tolerance=0.5,
    ),
)
#: Runtimes that may not suit this machine: some builds of PyTorch and TensorFlow cannot be loaded
#: into one process, and OpenVINO computes in 16 bits where the processor can.
MAY_FAIL = ("backend_torch", "backend_openvino")
#: Recipes that cannot be shown here, and why.
ELSEWHERE = {
    "dataset_parallel_map": "later releases do it by themselves: tests/releases",
    "debugger_off": "its switch is one of the whole process: see below",
    **{recipe.id: "only where installed, see below" for recipe in RECIPES if recipe.modules},
}


def test_every_recipe_has_its_case():
    assert {recipe for case in CASES for recipe in case.recipes} | set(ELSEWHERE) == set(_BY_ID)


@pytest.fixture
def tried(recorder_of):
    """The comparisons of a case; equal cases are measured once, all of them in one process."""
    return lambda case: recorder_of().try_recipes(
        f"{CASES_FILE}:{case.factory}", "--recipes", ",".join(case.recipes), "--seconds", "1", *case.options
    )


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_recipes_are_built_compared_and_measured(tried, case):
    found = tried(case)
    assert {one["recipe"] for one in found} == set(case.recipes)
    for one in found:
        if one["verdict"] not in MEASURED:
            # The worse half of long calls is only compared where there is little time, as here. On a busy
            # machine a change that does the work of many calls does not fit into it.
            is_long = one["recipe"] == "one_predict_for_many_calls" and "increase --seconds" in one["reason"]
            if is_long:
                continue
            assert "not in the better half" in one["reason"], (
                f"{one['title']}: {one['verdict']}: {one['reason']}"
            )
        assert one["outputs"]["inputs"][0] == "the measured input"


#: Recipes that gain ten times or more, whatever else the machine does.
FASTER = (
    Case("compiled", ("function_open_batch", "concrete_function")),
    Case("one_row", ("predict_on_batch", "call_inference")),
)


@pytest.mark.timing
@pytest.mark.parametrize("case", FASTER, ids=str)
def test_what_gains_ten_times_is_called_faster(tried, case):
    for one in tried(case):
        assert one["verdict"] == "faster", one["title"]
        assert one["speedup"] > 3


def run_printed(jobs, folder):
    """What is wrong with each job's code, from a new process."""
    file = folder / "jobs.json"
    file.write_text(json.dumps(jobs))
    done = subprocess.run(
        [sys.executable, str(HERE / "printed_code.py"), str(file)],
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def jobs_of(tried, case, *where):
    return [
        {
            "factory": case.factory,
            "call": case.call,
            "tolerance": case.tolerance,
            "any_order": case.any_order,
            "code": one["code"],
            "title": one["title"],
            "approximate": one["approximate"],
        }
        for one in tried(case)
        if one["where"] in where
    ]


def test_the_printed_code_runs_as_printed(tried, tmp_path):
    jobs = [job for case in CASES for job in jobs_of(tried, case, "in_process", "on_copy")]
    found = run_printed(jobs, tmp_path)
    assert {(job["factory"], job["title"]): wrong for job, wrong in zip(jobs, found) if wrong} == {}


def test_printed_code_that_must_come_first_runs_in_a_new_process(tried, tmp_path):
    jobs = jobs_of(tried, CASES[0], "own_process")
    assert {job["title"] for job in jobs} >= {"1 thread", "oneDNN off"}
    assert [run_printed([job], tmp_path) for job in jobs] == [[None]] * len(jobs)


@pytest.mark.parametrize("recipe", [one.id for one in RECIPES if one.modules])
def test_another_runtime_where_it_is_installed(tried, recipe):
    missing = [module for module in _BY_ID[recipe].modules if importlib.util.find_spec(module) is None]
    found = tried(Case("compiled", (recipe,)))
    if missing:
        assert {one["verdict"] for one in found} == {"not_applicable"}
        assert all("pip install" in one["reason"] for one in found)
    elif recipe in MAY_FAIL:
        assert all(one["verdict"] in MEASURED or one["reason"] for one in found), found
    else:
        assert {one["verdict"] for one in found} <= MEASURED, found


def test_a_model_that_cannot_be_copied_says_so_and_the_rest_is_measured(tried):
    found = tried(Case("not_to_be_copied", ("rebuilt_uncompiled", "concrete_function")))
    verdicts = {one["recipe"]: one for one in found}
    assert verdicts["rebuilt_uncompiled"]["verdict"] == "failed"
    assert verdicts["rebuilt_uncompiled"]["reason"].startswith("the model cannot be copied for it")
    assert "get_config" in verdicts["rebuilt_uncompiled"]["reason"]
    assert verdicts["concrete_function"]["verdict"] in MEASURED


def test_what_runs_without_the_debugger_leaves_it_on(recorder_of):
    target = (f"{CASES_FILE}:numerics_checked", "--entry", "predict_on_batch", "--seconds", "1")
    finished = recorder_of().command(
        "try", *target, "--recipes", "debugger_off,call_inference", "--json", "--quiet", "--no-html"
    )
    assert finished.code == 0, finished.err
    found = {one["recipe"]: one for one in finished.report["comparisons"]}
    assert found["debugger_off"]["verdict"] in MEASURED, found["debugger_off"]["reason"]
    assert found["debugger_off"]["outputs"]["equal"]
    assert "tf.debugging.disable_check_numerics()" in found["debugger_off"]["code"]
    # What was tried after it ran with the program's own switches.
    assert finished.report["workload"]["switches"]["check_numerics"]


def test_a_model_with_random_outputs_cannot_be_told(tried):
    found = tried(Case("random_outputs", ("predict_on_batch", "concrete_function")))
    assert {one["verdict"] for one in found} == {"cannot_tell"}
