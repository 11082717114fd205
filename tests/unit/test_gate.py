"""A gate: its settings, what is exact, its decisions, and what CI reads of it."""

from __future__ import annotations

import json
import math
import subprocess
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest

from keras_profile import cli
from keras_profile.analysis.differences.ratios import PROCESS_SPREAD, Ratio
from keras_profile.errors import KerasProfileError
from keras_profile.features.comparing.git_trees import commits_between, work_tree
from keras_profile.features.gate import gating
from keras_profile.features.gate.deciding import decide, seconds_needed, unsteady
from keras_profile.features.gate.exact import changes, other_releases, refuse_other_call
from keras_profile.features.gate.lock_file import read_lock, write_lock
from keras_profile.features.gate.settings import gate_settings
from keras_profile.model.comparison import ComparedOutputs
from keras_profile.model.gate import GATE_SCHEMA, GateContent, GatedCounts, GatedTime, GateResult
from keras_profile.model.lock import LockedCall
from keras_profile.output.gate import to_junit, to_markdown, to_sarif

PYPROJECT = Path("pyproject.toml")
CALL = {"name": "classify", "target": "models.py:make"}


# --- decisions ---


def pairs_of(random, effect, pairs=4, quads=45, noise=0.1):
    return [
        list(math.log(effect) + random.normal(0, PROCESS_SPREAD) + random.normal(0, noise, quads))
        for _ in range(pairs)
    ]


def answer_of(random, effect):
    """The answer of a gate that looks after each pair."""
    made = pairs_of(random, effect)
    for looks in range(1, len(made) + 1):
        answer = decide(made[:looks], len(made)).answer
        if answer != "inconclusive":
            return answer
    return "inconclusive"


def test_equal_calls_regress_in_one_of_a_hundred_gates_at_most():
    random = np.random.default_rng(5)
    answers = [answer_of(random, 1.0) for _ in range(300)]
    assert answers.count("regressed") <= 3
    assert answers.count("passed") >= 240


def test_a_call_at_the_margin_rarely_regresses_and_rarely_passes():
    random = np.random.default_rng(6)
    answers = [answer_of(random, 1.05) for _ in range(300)]
    assert answers.count("regressed") <= 3
    assert answers.count("passed") <= 3


def test_a_call_far_beyond_the_margin_regresses():
    random = np.random.default_rng(7)
    answers = [answer_of(random, 1.12) for _ in range(100)]
    assert answers.count("regressed") >= 95
    assert "passed" not in answers


def test_nothing_measured_is_not_known():
    assert decide([], 4).answer == "inconclusive"
    assert decide([[0.0]], 4).answer == "inconclusive"


def test_two_equal_processes_that_differ_show_an_unsteady_machine():
    random = np.random.default_rng(8)
    passed = decide(pairs_of(random, 1.0), 4)
    assert unsteady(pairs_of(random, 1.0, quads=9), passed) == ""
    assert "which are the same, differ by" in unsteady(pairs_of(random, 1.3, quads=9), passed)
    assert unsteady([], passed) == "two processes of the base were not compared"


def test_a_regression_far_beyond_the_unsteadiness_is_one():
    random = np.random.default_rng(9)
    doubled = decide(pairs_of(random, 2.0), 4)
    assert unsteady(pairs_of(random, 1.1, quads=9), doubled) == ""
    slightly = decide(pairs_of(random, 1.15), 4)
    assert unsteady(pairs_of(random, 1.3, quads=9), slightly)


def test_more_noise_takes_more_time():
    short, long = (seconds_needed(Ratio(1.0, error, 1, 40, 1.0), 15.0, 4) for error in (0.01, 0.03))
    assert short < 15 < long
    assert long == pytest.approx(9 * seconds_needed(Ratio(1.0, 0.01, 1, 40, 1.0), 15.0, 4), rel=0.3)


@pytest.mark.parametrize(
    ("answers", "worst", "code", "lenient"),
    [
        (["passed", "passed"], "passed", 0, 0),
        (["passed", "inconclusive"], "inconclusive", 3, 0),
        (["unsteady", "inconclusive"], "unsteady", 3, 0),
        (["regressed", "unsteady"], "regressed", 1, 1),
        (["regressed", "failed"], "failed", 2, 2),
        ([], "failed", 2, 2),
    ],
)
def test_the_worst_answer_counts_and_only_what_is_not_known_can_be_let_pass(answers, worst, code, lenient):
    assert gating.worst(answers) == worst
    assert gating.exit_code(worst, "fail") == code
    assert gating.exit_code(worst, "pass") == lenient


# --- exact ---

LOCKED = LockedCall(
    target="models.py:make",
    releases={"python": "3.11.7", "keras": "3.14.0"},
    counts={"iterators_per_call": 1.0, "graphs_per_call": 3.0},
    internals={"data.OwnedIterator.__init__": 1.0, "data.flat_map": 1.0},
    causes=["retraced"],
)


def test_equal_counts_have_no_changes():
    assert changes(LOCKED, LOCKED) == []


def test_what_grew_comes_first_and_what_shrank_is_no_regression():
    now = replace(
        LOCKED,
        counts={"iterators_per_call": 2.0, "graphs_per_call": 3.0},
        internals={"data.OwnedIterator.__init__": 2.0},
        causes=["run_eagerly"],
    )
    found = [(one.change, one.words()) for one in changes(LOCKED, now)]
    assert found[:3] == [
        ("more", "iterators made in each call: 1 → 2"),
        ("more", "calls of data.OwnedIterator.__init__ in each call: 1 → 2"),
        ("more", "cause run_eagerly: 0 → 1"),
    ]
    assert ("fewer", "calls of data.flat_map in each call: 1 → 0") in found
    assert ("fewer", "cause retraced: 1 → 0") in found


def test_what_was_not_counted_is_no_improvement():
    with pytest.raises(KerasProfileError, match="expected to count graphs_per_call"):
        changes(LOCKED, replace(LOCKED, counts={"iterators_per_call": 1.0}, internals={}))


def test_another_version_of_the_table_adds_nothing():
    newer = {**LOCKED.releases, "keras_profile": "9.0"}
    now = replace(LOCKED, releases=newer, internals={**LOCKED.internals, "k.NewInTable": 1.0})
    assert changes(LOCKED, now) == []
    assert changes(LOCKED, replace(now, internals={**now.internals, "data.flat_map": 2.0}))


def test_destructors_in_a_lock_of_before_are_not_compared():
    locked = replace(LOCKED, internals={**LOCKED.internals, "data.Deleter.__del__": 0.333})
    assert changes(locked, LOCKED) == []


def test_a_cause_that_was_not_looked_for_before_is_no_regression():
    locked = replace(LOCKED, looked_for=["retraced"])
    now = replace(LOCKED, causes=["retraced", "run_eagerly"], looked_for=["retraced", "run_eagerly"])
    assert changes(locked, now) == []
    assert [one.what for one in changes(replace(locked, looked_for=now.looked_for), now)] == [
        "cause run_eagerly"
    ]


@pytest.mark.parametrize(
    ("target", "options"), [("models.py:other", "--rows 64"), ("models.py:make", "--rows 32")]
)
def test_a_lock_of_another_call_is_refused(target, options):
    locked = replace(LOCKED, options="--rows  64")
    refuse_other_call("a", locked, "models.py:make", "--rows 64", "advice")
    with pytest.raises(
        KerasProfileError, match=r"another call named a: models\.py:make --rows 64 instead of"
    ):
        refuse_other_call("a", locked, target, options, "advice")


def gate_of(monkeypatch, outputs, answer, control):
    """The time of a call whose outputs and pairs were measured as given."""
    pairs = pairs_of(np.random.default_rng(8), answer, quads=20, noise=0.02)
    in_turn = SimpleNamespace(
        log_ratios=lambda: pairs, control_log_ratios=lambda: control, seconds=60.0, pairs=pairs
    )
    content = SimpleNamespace(
        headline="predict +1 ms", outputs=outputs, total=SimpleNamespace(before_ns=1, after_ns=1)
    )
    made = SimpleNamespace(interrupted=False, in_turn=in_turn, content=content, folder=Path("f"))
    monkeypatch.setattr(gating, "compare_in_turn", lambda *given, **options: made)
    monkeypatch.setattr(gating.Place, "new", lambda output: None)
    settings = gate_settings({"calls": [CALL]}, PYPROJECT)
    return gating._time(gating.CallToGate("a", None, None), None, settings, Path(), lambda event: None)


@pytest.mark.parametrize("ratio", [1.0, 1.05, 1.3])
@pytest.mark.parametrize("apart", [0.0, 0.3])
def test_other_outputs_regress_whatever_is_known_of_the_time(monkeypatch, ratio, apart):
    outputs = ComparedOutputs("differ", "the largest difference is 1")
    control = [[apart + one for one in (0.0, 0.001, -0.001, 0.0) * 5] for _ in range(4)]
    found = gate_of(monkeypatch, outputs, ratio, control)
    assert found.answer == "regressed"
    assert ratio == 1.3 or "the outputs differ from the base's" in found.why
    same = gate_of(monkeypatch, ComparedOutputs("equal"), 1.0, control)
    assert same.answer == ("unsteady" if apart else "passed")


def test_after_an_interrupt_what_was_checked_is_kept_and_the_rest_is_not_green(monkeypatch):
    passed = GateResult("a", "models.py:make", "passed", "all counts are as locked", None, None)

    def checked(call, *given):
        if call.name == "b":
            raise KeyboardInterrupt
        return passed

    monkeypatch.setattr(gating, "_checked", checked)
    side = SimpleNamespace(request=SimpleNamespace(target="models.py:make"))
    calls = [gating.CallToGate(name, side, None) for name in "abc"]
    found = gating.gate(calls, gate_settings({"calls": [CALL]}, PYPROJECT), None, Path(), lambda event: None)
    assert found.results[0] == passed
    assert [one.error for one in found.results[1:]] == ["interrupted", "interrupted"]
    assert (found.answer, found.exit_code) == ("failed", 2)


def test_other_releases_are_named():
    now = replace(LOCKED, releases={"python": "3.11.7", "keras": "3.15.1"})
    assert other_releases(LOCKED, now) == ["keras 3.14.0 → 3.15.1"]


def test_a_lock_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "keras_profile.lock"
    write_lock(path, {"b": LOCKED, "a": LOCKED})
    lock = read_lock(path)
    assert list(lock.calls) == ["a", "b"]
    assert lock.calls["a"] == LOCKED
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "found no such file"),
        ("[]", "found something else"),
        ('{"schema": {"name": "keras_profile.lock", "version": 9}}', "of version 9"),
        ('{"schema": {"name": "other", "version": 1}}', "found other"),
    ],
)
def test_what_is_no_lock_is_explained(tmp_path, content, words):
    path = tmp_path / "keras_profile.lock"
    if content is not None:
        path.write_text(content)
    with pytest.raises(KerasProfileError, match=words) as found:
        read_lock(path)
    assert "gate --update" in found.value.advice


# --- settings ---


def test_settings_have_defaults():
    settings = gate_settings({"calls": [CALL]}, PYPROJECT)
    assert (settings.margin, settings.seconds, settings.unsure, settings.base) == (0.05, 120.0, "fail", None)
    assert settings.calls[0].options == ""


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({}, "expected calls to check, found none"),
        ({"calls": [CALL], "bse": "main"}, "unknown key bse"),
        ({"calls": [CALL, CALL]}, "two calls have the same name"),
        ({"calls": [{"name": "x"}]}, "target"),
        ({"calls": [CALL], "unsure": "maybe"}, "maybe"),
        ({"calls": [CALL], "margin": 5}, "expected a margin between 0 and 1"),
        ({"calls": [CALL], "seconds": "long"}, "seconds"),
    ],
)
def test_wrong_settings_are_explained(table, words):
    with pytest.raises(KerasProfileError, match=words):
        gate_settings(table, PYPROJECT)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "expected [tool.keras_profile.gate], found none"),
        ("[tool.keras_profile.gate]\ncalls = 3", "calls"),
        ("[tool.keras_profile]\nnonsense = 1", "the key nonsense"),
        ('[[tool.keras_profile.gate.calls]]\nname = "a"\ntarget = "m.py:f"', "found no such file"),
    ],
)
def test_a_gate_that_cannot_check_is_never_green(tmp_path, monkeypatch, capsys, content, words):
    (tmp_path / "pyproject.toml").write_text(content)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["gate"]) == 2
    assert words in capsys.readouterr().err


def test_what_ci_reads_is_written_if_nothing_could_be_measured(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text(
        '[[tool.keras_profile.gate.calls]]\nname = "a"\ntarget = "m.py:f"'
    )
    monkeypatch.chdir(tmp_path)
    files = ["--junit", "gate.xml", "--sarif", "gate.sarif", "--summary", "summary.md"]
    assert cli.main(["gate", *files]) == 2
    assert ElementTree.parse("gate.xml").find("testsuite").get("errors") == "1"
    (result,) = json.loads(Path("gate.sarif").read_text())["runs"][0]["results"]
    assert "found no such file" in result["message"]["text"]
    assert "not measured" in Path("summary.md").read_text()


def test_a_work_tree_is_made_within_a_hook_of_git(tmp_path, monkeypatch):
    def git(*arguments):
        names = ("-c", "user.name=a", "-c", "user.email=a@b")
        done = subprocess.run(
            ["git", "-C", str(tmp_path), *names, *arguments], check=True, capture_output=True, text=True
        )
        return done.stdout

    git("init", "-q", "-b", "main")
    (tmp_path / "sub").mkdir()
    for text in ("one", "two"):
        (tmp_path / "sub" / "file").write_text(text)
        git("add", "-A")
        git("commit", "-q", "-m", f"naïve {text}")
    index = (tmp_path / ".git" / "index").read_bytes()
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / ".git"))
    with work_tree("HEAD~1", "echo made > by_setup", tmp_path / "sub") as (folder, commit):
        assert (folder / "file").read_text() == "one"
        assert (folder / "by_setup").exists()
        assert commit in git("log", "--format=%h")
    assert not folder.exists()
    assert (tmp_path / ".git" / "index").read_bytes() == index
    assert commits_between("HEAD~1", "HEAD", tmp_path)[1][1] == "naïve two"
    with pytest.raises(KerasProfileError, match="is no ancestor of"):
        commits_between("HEAD", "HEAD~1", tmp_path)
    with pytest.raises(KerasProfileError, match="nowhere: expected a branch, tag or commit"):
        commits_between("nowhere", "HEAD", tmp_path)
    (tmp_path / "new").mkdir()
    with (
        pytest.raises(KerasProfileError, match="expected the folder new"),
        work_tree("HEAD", None, tmp_path / "new"),
    ):
        pass


def test_a_fault_of_the_tool_itself_is_no_answer(tmp_path, monkeypatch, capsys):
    (tmp_path / "pyproject.toml").write_text(
        '[[tool.keras_profile.gate.calls]]\nname = "a"\ntarget = "m.py:f"'
    )
    write_lock(tmp_path / "keras_profile.lock", {"a": LOCKED})

    def broken(*arguments):
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(gating, "gate", broken)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["keras-profile", "gate"])
    assert cli.program() == 2
    assert "ZeroDivisionError" in capsys.readouterr().err


# --- what CI reads ---


def content_of(**answers):
    results = [
        GateResult(
            name=name,
            target="models.py:make",
            answer=answer,
            headline=f"<{name}> & it",
            counts=GatedCounts("regressed", ["iterators made in each call: 1 → 2"], [], ["a note"]),
            time=GatedTime("regressed", 50_000_000, 58_500_000, 1.17, (1.14, 1.21), "predict +8.5 ms"),
            file="models.py",
            line=7,
        )
        for name, answer in answers.items()
    ]
    worst = gating.worst([one.answer for one in results])
    return GateContent(GATE_SCHEMA, worst, gating.exit_code(worst, "fail"), 0.05, "main", results)


ALL = {"a": "passed", "b": "regressed", "c": "inconclusive", "d": "unsteady", "e": "failed"}


def test_junit_has_a_case_for_each_call():
    suite = ElementTree.fromstring(to_junit.render(content_of(**ALL))).find("testsuite")
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "5", "failures": "1", "errors": "3", "skipped": "0"}
    inner = {case.get("name"): [child.tag for child in case] for case in suite}
    assert inner == {"a": [], "b": ["failure"], "c": ["error"], "d": ["error"], "e": ["error"]}
    assert "iterators made in each call: 1 → 2" in suite.find("testcase[@name='b']/failure").text
    lenient = replace(content_of(c="inconclusive"), exit_code=0)
    assert ElementTree.fromstring(to_junit.render(lenient)).find("testsuite").get("skipped") == "1"


def test_sarif_points_at_the_user_s_function():
    log = json.loads(to_sarif.render(content_of(**ALL), "1.0"))
    (run,) = log["runs"]
    assert [(one["ruleId"], one["level"]) for one in run["results"]] == [
        ("regressed", "error"),
        ("inconclusive", "warning"),
        ("unsteady", "warning"),
        ("failed", "error"),
    ]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "models.py"}, "region": {"startLine": 7}}
    elsewhere = content_of(b="regressed")
    elsewhere = replace(elsewhere, results=[replace(elsewhere.results[0], file="", line=1)])
    (result,) = json.loads(to_sarif.render(elsewhere, "1.0", "service/"))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "service/pyproject.toml"
    known = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {one["ruleId"] for one in run["results"]} <= known


def test_the_summary_has_all_calls_and_is_escaped():
    text = to_markdown.render(content_of(**ALL))
    for name in ALL:
        assert f"&lt;{name}&gt; &amp; it" in text
    assert "58.5 ms" in text
    assert "1.17× (1.14–1.21)" in text
    assert "- more: iterators made in each call: 1 → 2" in text


def test_the_function_that_makes_the_model_is_found(tmp_path, monkeypatch):
    (tmp_path / "models.py").write_text(
        "import os\n\n\ndef other(): pass\n\n\ndef make():\n    return None\n"
    )
    monkeypatch.chdir(tmp_path)

    class Requested:
        def __init__(self, target):
            self.request = type("Request", (), {"target": target})

    assert gating._place(Requested("models.py:make")) == ("models.py", 7)
    assert gating._place(Requested("net.keras")) == ("", 1)
