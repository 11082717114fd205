"""Two ways to make a call, measured in turn on real TensorFlow."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from support.commands import keras_profile

MODELS = """
import time

import numpy as np
from tensorflow import keras


def tiny(rows=1):
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1)])
    return model, np.ones((rows, 4), "float32")


def sleeping(seconds=0.15):
    model, x = tiny()
    make = model.make_predict_function

    def make_later(*arguments, **options):
        time.sleep(seconds)
        return make(*arguments, **options)

    model.make_predict_function = make_later
    return model, x


def keeping():
    # As a history that nobody empties.
    model, x = tiny()
    kept, predict = [], model.predict

    def predict_and_keep(*arguments, **options):
        kept.append(predict(*arguments, **options))
        return kept[-1]

    model.predict = predict_and_keep
    return model, x


def forgetting(collect=False):
    # Objects that only the garbage collector destroys: in no call, or in each.
    import gc
    import weakref

    model, x = tiny()
    make, known = model.make_predict_function, weakref.WeakKeyDictionary()
    gc.disable()

    class Key:
        pass

    def make_later(*arguments, **options):
        key = Key()
        key.itself = key
        known[key] = True
        del key
        if collect:
            gc.collect()
        return make(*arguments, **options)

    model.make_predict_function = make_later
    return model, x


def collecting():
    return forgetting(collect=True)


def iterating():
    import tensorflow as tf

    model, x = tiny()
    make = model.make_predict_function

    def make_later(*arguments, **options):
        for _ in tf.data.Dataset.range(2):
            pass
        return make(*arguments, **options)

    model.make_predict_function = make_later
    return model, x


def working(steps=20_000_000):
    # For some times as long as a call takes: on a busy machine both take longer.
    model, x = tiny()
    make = model.make_predict_function

    def make_later(*arguments, **options):
        sum(range(steps))
        return make(*arguments, **options)

    model.make_predict_function = make_later
    return model, x


def little_slower():
    # After much longer work the rest of the call is truly slower too, where the machine is busy.
    return working(3_000_000)


def many():
    return tiny(64)


def other_outputs():
    model, x = tiny()
    predict = model.predict

    def changed(*arguments, **options):
        return predict(*arguments, **options) + 1

    model.predict = changed
    return model, x


def broken():
    raise ValueError("no model here")


def failing_later():
    model, x = tiny()
    predict, made = model.predict, []

    def fails(*arguments, **options):
        made.append(1)
        if len(made) > 20:
            raise ValueError("no more calls")
        return predict(*arguments, **options)

    model.predict = fails
    return model, x
"""


@pytest.fixture(scope="module")
def folder(new_folder):
    made = new_folder()
    (made / "models.py").write_text(MODELS)
    return made


def compared(folder, *arguments, seconds="6"):
    """The comparison that the command prints as JSON."""
    finished = keras_profile("compare", *arguments, "--seconds", seconds, "--json", folder=folder)
    assert finished.code == 0, finished.err
    return json.loads(finished.out)


@pytest.fixture(scope="module")
def slept(folder):
    return compared(folder, "models.py:tiny", "models.py:sleeping", seconds="24")


def test_a_slower_call_is_slower_in_its_phase(slept):
    assert (slept["basis"], slept["total"]["verdict"]) == ("in_turn", "slower")
    assert 50e6 < slept["total"]["difference_ns"] < 450e6  # 150, times what the machine's load changes
    entry = slept["phases"][0]
    assert entry["phase"] == "entry"
    low, high = entry["difference_ci99_ns"]
    assert low <= 150e6 <= high
    assert entry["verdict"] == ("slower" if low > 0 else "no_difference")
    assert sum(one["difference_ns"] for one in slept["phases"]) == slept["total"]["difference_ns"]
    assert slept["headline"].startswith("predict +")
    assert ("entry +" in slept["headline"]) == (low > 0)


def test_the_sleep_takes_no_processor_time(slept):
    assert slept["total"]["ratio"] > slept["total"]["cpu_ratio"] + 0.3


def test_outputs_and_counts_are_the_same(slept):
    assert slept["outputs"]["verdict"] == "equal"
    counts = {one["count"]: (one["before"], one["after"]) for one in slept["counts"]}
    assert counts["iterators_per_call"] == (2, 2)
    assert counts["graphs_per_call"] == (3, 3)


def test_recordings_and_reports_of_both_sides_are_kept(slept, folder):
    for side in ("before", "after"):
        names = slept[side]["recordings"]
        # A pair of processes for each 10 s, fewer if calls take long.
        assert 1 <= len(names) == len(slept["before"]["recordings"]) <= 2
        for name in names:
            traces = folder / "traces" / name
            assert json.loads((traces / "recording.json").read_text())["complete"]
            assert not (traces / "outputs.npz").exists()
        assert (folder / "reports" / traces.parent.name / side / "report.json").exists()


def test_another_iterator_is_counted(folder):
    found = compared(folder, "models.py:tiny", "models.py:iterating")
    counts = {one["count"]: (one["before"], one["after"]) for one in found["counts"]}
    assert counts["iterators_per_call"] == (2, 3)
    assert counts["objects_kept"] == (0, 0)
    assert "DatasetV2.__iter__" in {one["qualname"] for one in found["internals"]}


def test_two_ways_to_call_are_compared(folder):
    found = compared(folder, "models.py:tiny", "--after=--entry predict_on_batch")
    assert found["total"]["verdict"] == "faster"
    assert found["total"]["ratio"] < 0.2
    assert found["after"]["label"] == "--entry predict_on_batch"
    assert found["outputs"]["verdict"] == "equal"


def test_other_outputs_are_seen(folder):
    found = compared(folder, "models.py:tiny", "models.py:other_outputs")
    assert found["outputs"]["verdict"] == "differ"
    assert found["headline"].endswith("the outputs differ")


@pytest.mark.parametrize(
    ("second", "words"),
    [("broken", "no model here"), ("many", "the two cannot be compared: they have different")],
)
def test_what_cannot_be_compared_ends_with_an_error(folder, second, words):
    before = set(folder.glob("*/*"))
    finished = keras_profile("compare", "models.py:tiny", f"models.py:{second}", folder=folder)
    assert finished.code == 2
    assert words in finished.err
    assert "measuring" not in finished.err  # nobody waits for what is refused
    assert set(folder.glob("*/*")) == before


# --- the gate ---

PYPROJECT = """
[tool.keras_profile.gate]
base = "main"
seconds = 60

[[tool.keras_profile.gate.calls]]
name = "classify"
target = "models.py:gated"
"""


@pytest.fixture(scope="module")
def repository(new_folder):
    """A repository whose base commit has a gate, and a lock of its counts."""
    made = new_folder()
    (made / "models.py").write_text(MODELS + "\n\ngated = tiny\n")
    (made / "pyproject.toml").write_text(PYPROJECT)
    (made / ".gitignore").write_text("traces/\nreports/\n__pycache__/\n")
    assert keras_profile("gate", "--update", folder=made).code == 0
    git(made, "init", "-q", "-b", "main")
    git(made, "add", "-A")
    git(made, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "base")
    return made


def git(folder, *arguments):
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.fixture
def head(repository):
    """Makes the repository's files call another function."""

    def change(function):
        (repository / "models.py").write_text(f"{MODELS}\n\ngated = {function}\n")
        return repository

    yield change
    git(repository, "checkout", "-q", "--", ".")


def gated(folder, *arguments, variables=None):
    finished = keras_profile("gate", *arguments, "--json", folder=folder, **(variables or {}))
    return finished, json.loads(finished.out)["results"][0] if finished.out else None


def test_a_slower_head_fails_and_says_why(head):
    folder = head("working")
    finished, found = gated(folder, "--summary", "summary.md")
    assert finished.code == 1, finished.err
    assert found["counts"]["answer"] == "passed"
    assert found["time"]["answer"] == "regressed"
    assert found["time"]["interval"][0] > 1.05
    assert found["headline"].startswith("predict +")
    comparison = json.loads(Path(folder, found["time"]["comparison"], "comparison.json").read_text())
    assert comparison["phases"][0]["phase"] == "entry"
    assert ("entry +" in found["headline"]) == (comparison["phases"][0]["verdict"] == "slower")
    assert (found["file"], found["line"] > 1) == ("models.py", True)
    assert found["headline"].split(":")[0] in (head("tiny") / "summary.md").read_text().replace("\\", "")


def test_the_same_head_does_not_regress(head):
    finished, found = gated(head("tiny"))
    assert finished.code in (0, 3), finished.err
    assert found["answer"] != "regressed"
    assert found["counts"]["more"] == []


def test_a_head_that_makes_another_iterator_fails_by_counts_alone(head):
    finished, found = gated(head("iterating"), "--counts-only")
    assert finished.code == 1
    assert found["time"] is None
    assert "iterators made in each call: 2 → 3" in found["counts"]["more"]


def test_a_head_that_keeps_what_it_computed_fails_by_counts_alone(head):
    finished, found = gated(head("keeping"), "--counts-only")
    assert finished.code == 1
    assert found["counts"]["more"] == ["Python objects that each call leaves behind: 0 → 1"]


def test_when_garbage_is_collected_is_not_counted(new_folder):
    folder = new_folder()
    (folder / "pyproject.toml").write_text(PYPROJECT.replace('base = "main"\n', ""))
    (folder / "models.py").write_text(MODELS + "\n\ngated = forgetting\n")
    assert keras_profile("gate", "--update", folder=folder).code == 0
    (folder / "models.py").write_text(MODELS + "\n\ngated = collecting\n")
    finished, found = gated(folder)
    assert finished.code == 0, finished.out
    assert found["counts"]["more"] == found["counts"]["fewer"] == []


def test_a_head_that_cannot_be_called_is_not_green(head):
    finished, found = gated(head("broken"), "--counts-only", "--junit", "junit.xml")
    assert finished.code == 2
    assert "no model here" in found["error"]
    assert "<error" in (head("tiny") / "junit.xml").read_text()


def test_a_head_whose_calls_begin_to_fail_is_not_green(head):
    finished, found = gated(head("failing_later"))
    assert finished.code == 2
    assert "no more calls" in found["error"]


def test_a_base_that_would_run_the_files_of_the_head_is_refused(head, new_folder):
    folder = head("tiny")
    settings = PYPROJECT.replace("seconds = 60", "seconds = 15")
    (folder / "pyproject.toml").write_text(settings.replace("models.py:gated", "models:gated"))
    finished = keras_profile("gate", "--json", folder=folder, PYTHONPATH=str(folder))
    assert finished.code == 2
    assert "models.py:gated instead of models:gated" in finished.out
    assert keras_profile("gate", "--update", folder=folder, PYTHONPATH=str(folder)).code == 0
    finished = keras_profile("gate", "--json", folder=folder, PYTHONPATH=str(folder))
    # The base's own folder comes first, so this is its own file; a package elsewhere is the head's.
    assert finished.code in (0, 3), finished.err
    package = folder / "src" / "app"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(MODELS)
    git(folder, "add", "-A")
    git(folder, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "package")
    (folder / "pyproject.toml").write_text(settings.replace("models.py:gated", "app:tiny"))
    path = str(folder / "src")
    assert keras_profile("gate", "--update", folder=folder, PYTHONPATH=path).code == 0
    finished, found = gated(folder, variables={"PYTHONPATH": path})
    assert finished.code == 2
    assert "it runs files as they are now" in found["error"]
    # As "pip install ." leaves it.
    installed = new_folder() / "site-packages"
    shutil.copytree(package, installed / "app")
    finished, found = gated(folder, variables={"PYTHONPATH": str(installed)})
    git(folder, "reset", "-q", "--hard", "HEAD~1")
    assert finished.code == 2
    assert f"it runs files as they are now, such as {installed}/app/__init__.py" in found["error"]


def test_a_base_with_an_environment_of_its_own_is_measured(head):
    folder = head("tiny")
    package = folder / "src" / "app"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(MODELS)
    # As "pip install ." in a new environment, with the TensorFlow of this one.
    setup = folder / "setup.sh"
    setup.write_text(
        f"{sys.executable} -m venv --without-pip .venv\n"
        "cp -r src/app .venv/lib/python*/site-packages/\n"
        f"echo {sysconfig.get_path('purelib')} > $(echo .venv/lib/python*/site-packages)/more.pth\n"
    )
    git(folder, "add", "-A")
    git(folder, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "package")
    settings = 'base = "main"\nsetup = "sh setup.sh"\npython = ".venv"'
    text = PYPROJECT.replace("models.py:gated", "app:tiny").replace("seconds = 60", "seconds = 15")
    (folder / "pyproject.toml").write_text(text.replace('base = "main"', settings))
    subprocess.run(["sh", "setup.sh"], cwd=folder, check=True)
    try:
        assert keras_profile("gate", "--update", folder=folder).code == 0
        finished, found = gated(folder)
    finally:
        shutil.rmtree(folder / ".venv")
        git(folder, "reset", "-q", "--hard", "HEAD~1")
    assert finished.code in (0, 3), finished.out
    assert found["time"]["ratio"] is not None


def test_a_reader_that_stops_early_does_not_make_it_green(head):
    folder = head("broken")
    done = subprocess.run(
        f"{sys.executable} -m keras_profile gate --counts-only --quiet | true; exit ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        cwd=folder,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2


def test_an_interpreter_without_tensorflow_is_not_green(head, new_folder):
    empty = new_folder() / "empty"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(empty)], check=True)
    folder = head("tiny")
    path = folder / "pyproject.toml"
    path.write_text(PYPROJECT.replace('base = "main"', f'python = "{empty}"'))
    finished, found = gated(folder)
    assert finished.code == 2
    assert found["answer"] == "failed"
    assert found["error"]


def test_an_unknown_base_is_explained(head):
    finished = keras_profile("gate", "--base", "nowhere", folder=head("tiny"))
    assert finished.code == 2
    assert "git" in finished.err
    assert "nowhere" in finished.err


@pytest.fixture(scope="module")
def commits(new_folder):
    """A repository of five commits: since the third a call is slower, and the fourth does not run."""
    made = new_folder()
    git(made, "init", "-q", "-b", "main")
    for number, function in enumerate(["tiny", "tiny", "little_slower", "broken", "little_slower"]):
        (made / "models.py").write_text(f"{MODELS}\n# {number}\ngated = {function}\n")
        git(made, "add", "-A")
        git(made, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", f"change {number}")
    return made


def has_no_work_trees(folder):
    worktrees = folder / ".git" / "worktrees"
    return not worktrees.exists() or not list(worktrees.iterdir())


def test_the_commit_since_which_it_is_slower_is_found(commits):
    finished = keras_profile(
        "bisect", "models.py:gated", "--good", "HEAD~4", "--seconds", "5", "--json", folder=commits
    )
    assert finished.code == 0, finished.err
    found = json.loads(finished.out)
    assert found["after"].endswith(" change 2")
    assert found["before"].endswith(" change 1")
    assert found["states"] == 5
    assert found["comparison"]["phases"][0]["phase"] == "entry"
    assert has_no_work_trees(commits)


def test_a_history_of_commits_says_since_which_one_a_phase_is_slower(commits):
    finished = keras_profile(
        "history", "models.py:gated", "--good", "HEAD~3", "--seconds", "10", folder=commits
    )
    assert finished.code == 0, finished.err
    (summary,) = (commits / "reports").glob("history-*/history.json")
    found = json.loads(summary.read_text())
    assert [one["commit"].split(" ", 1)[1] for one in found["releases"]] == [
        "change 1",
        "change 2",
        "change 4",
        "change 3",
    ]
    assert "no model here" in found["releases"][3]["reason"]
    slower, equal = found["steps"]
    assert slower["after"].endswith("change 2")
    assert slower["verdict"] == "slower"
    # Those that surely stepped, twice.
    assert {one["phase"] for one in slower["phases"]} <= {"entry"}
    assert equal["before"].endswith("change 2")
    assert equal["verdict"] in ("no_difference", "cannot_tell")
    assert equal["phases"] == []
    words = " ".join(finished.out.split())
    assert f"since {slower['after']}: predict +" in words
    assert f"no step: {equal['after']} (" in words
    comparison = json.loads((summary.parent / slower["comparison"] / "comparison.json").read_text())
    assert comparison["total"]["ratio"] == slower["ratio"]
    assert comparison["phases"][0]["phase"] == "entry"
    assert has_no_work_trees(commits)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "expected states to look through"),
        (("--python", "one"), "expected states to look through"),
        (("--good", "nowhere"), "nowhere"),
    ],
)
def test_what_cannot_be_bisected_is_explained(repository, arguments, words):
    finished = keras_profile("bisect", "models.py:tiny", *arguments, folder=repository)
    assert finished.code == 2
    assert words in finished.err
