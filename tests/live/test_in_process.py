"""``keras_profile.profile`` in a running process, and what it leaves behind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LIVE = Path(__file__).parent

PROGRAM = """
import gc, json, sys
sys.path.insert(0, {live!r})
import workloads, keras_profile
from keras_profile.errors import KerasProfileError
from keras_profile.recorder.probes.resolving import resolve

model = workloads.tiny()
before = [id(resolve(type(model).__mro__[0].__module__, "Functional.call"))]
trainer = resolve("keras.src.backend.tensorflow.trainer", "TensorFlowTrainer.predict").code

report = keras_profile.profile(
    model, workloads.rows(), seconds=5, quiet=True, recipes=["predict_on_batch", "rebuilt_uncompiled"])
assert {{one.recipe for one in report.comparisons}} == {{"predict_on_batch", "rebuilt_uncompiled"}}
assert {{one.verdict for one in report.comparisons}} <= {{"faster", "slower", "no_difference"}}
assert model.compiled and "predict_on_batch" in repr(report)
attribution = report.attribution
assert sum(phase.self_ns for phase in attribution.phases) == attribution.total_ns
assert "function_tracing" in repr(report) and "of it runs your model" in repr(report)
assert "<script" not in report._repr_html_() and "function_tracing" in report._repr_html_()
report.save("saved")
assert keras_profile.load("saved").content == report.content
assert keras_profile.load("saved/report.json").calls == report.calls
try:
    report.save("saved")
    raise AssertionError("a report was overwritten")
except KerasProfileError as error:
    assert "nothing is overwritten" in error.advice

again = keras_profile.profile(
    model, workloads.generator, entry="predict", seconds=2, quiet=True, recipes=[])
assert again.comparisons == []
assert again.workload["inputs"][0]["kind"] == "generator"
direct = keras_profile.profile(model, workloads.rows(), entry="call", seconds=2, quiet=True, recipes=[])
assert direct.attribution.phases[0].phase == "eager_execution"

def unharmed():
    now = resolve("keras.src.backend.tensorflow.trainer", "TensorFlowTrainer.predict").code
    assert now is trainer, "predict was left with hooks in it"
    assert sys.getprofile() is None
    assert not gc.callbacks
    if sys.version_info >= (3, 12):
        assert all(sys.monitoring.get_tool(tool) is None for tool in range(6))

unharmed()

for bad in (lambda: keras_profile.profile(model, workloads.generator()),
            lambda: keras_profile.profile("no model"),
            lambda: keras_profile.profile(model, workloads.rows()[:, :2])):
    try:
        bad()
        raise AssertionError("bad input was taken")
    except KerasProfileError as error:
        assert error.advice

class Failing(type(model)):
    calls = 0
    def predict(self, *args, **options):
        Failing.calls += 1
        if Failing.calls > 12:
            raise RuntimeError("out of luck")
        return super().predict(*args, **options)

model.__class__ = Failing
partial = keras_profile.profile(model, workloads.rows(), seconds=3, quiet=True)
assert "failed" in {{capture.status for capture in partial.captures}}
assert any("out of luck" in note for note in partial.content.notes)
unharmed()
print("all good")
"""


def test_profile_in_a_running_process(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(live=str(LIVE))],
        cwd=tmp_path,
        text=True,
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip().endswith("all good")
    names = sorted(path.name for path in (tmp_path / "traces").iterdir())
    assert len(names) == 4
    assert len({name.rpartition("-")[0] for name in names}) >= 1


def test_reporting_again_imports_no_tensorflow(profile, tmp_path):
    finished = profile("tiny", alone=True)
    code = (
        "import sys\n"
        "from keras_profile.cli import main\n"
        f"code = main(['report', {str(finished.recording)!r}, '--json'])\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules), 'TensorFlow was imported'\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == finished.report
