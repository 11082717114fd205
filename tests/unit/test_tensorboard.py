"""The log folder for TensorBoard: what lies in it, and that the evidence is left alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from keras_profile.output.tensorboard import write_tensorboard
from keras_profile.recorder.frameworks.tensorflow.profiler import _OwnAnnotations
from keras_profile.recordings.opened import open_recording
from keras_profile.recordings.readers.local_trace import read_local_trace
from keras_profile.recordings.readers.xspace import read_xspace

DEMO = Path(__file__).parents[2] / "traces" / "demo-tf-2.0"


@pytest.fixture
def recording(tmp_path):
    """A recording of TensorFlow 2.0 with the trace of one round."""
    copied = Path(shutil.copytree(DEMO, tmp_path / "recording"))
    for other in sorted((copied / "tensorflow").iterdir())[1:]:
        shutil.rmtree(other)
    return copied


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def events(trace):
    return sorted(
        (one.thread, trace.names[name], begin, end)
        for one in trace.lines
        for name, begin, end in zip(one.name.tolist(), one.begin.tolist(), one.end.tolist())
    )


def test_an_old_trace_is_converted(recording, tmp_path):
    before = files(recording)
    log = write_tensorboard(open_recording(recording), tmp_path / "report")
    assert log == tmp_path / "report" / "tensorboard"
    assert list(files(log)) == ["plugins/profile/round-01/local.xplane.pb"]
    old = read_local_trace(next(recording.rglob("local.trace")))
    new = read_xspace(log / "plugins/profile/round-01/local.xplane.pb")
    assert events(old) == events(new)
    assert files(recording) == before


def test_a_trace_that_tensorboard_reads_is_copied(recording, tmp_path):
    run = next(recording.rglob("local.trace")).parent
    real = next((DEMO.parent / "demo-keras-3.15").rglob("*.xplane.pb")).read_bytes()
    second = recording / "tensorflow/round-02/plugins/profile/today"
    second.mkdir(parents=True)
    (second / "box.xplane.pb").write_bytes(real)
    (second / "box.trace.json.gz").write_bytes(b"not looked at")
    (run / "local.trace").unlink()
    (run / "kept.xplane.pb").write_bytes(real)
    damaged = recording / "tensorflow/round-03/plugins/profile/today"
    damaged.mkdir(parents=True)
    (damaged / "box.xplane.pb").write_bytes(real[:-100])
    before = files(recording)
    log = write_tensorboard(open_recording(recording), tmp_path / "report")
    copies = files(log)
    assert sorted(copies) == [
        "plugins/profile/round-01/kept.xplane.pb",
        "plugins/profile/round-02/box.xplane.pb",
    ]
    assert files(recording) == before
    source = read_xspace(run / "kept.xplane.pb")
    for name, content in copies.items():
        # A narrow box shows how a name begins, so the phase stands first. Nothing else differs.
        assert b"keras_profile.entry" in real
        assert b"keras_profile.entry" not in content
        assert b"entry keras_profile" in content
        assert len(content) == len(real)
        assert events(read_xspace(log / name)) == events(source)


def test_without_traces_there_is_no_log_folder(recording, tmp_path):
    shutil.rmtree(recording / "tensorflow")
    assert write_tensorboard(open_recording(recording), tmp_path / "report") is None
    assert not (tmp_path / "report").exists()


def test_annotations_of_our_own_are_written_beside_the_trace(tmp_path):
    runs = []
    tensorflow = SimpleNamespace(
        raw_ops=SimpleNamespace(PopulationCount=lambda x: runs.append(x)),
        uint8="uint8",
        constant=lambda value, dtype: (value, dtype),
    )
    own = _OwnAnnotations(tensorflow)
    run = tmp_path / "plugins" / "profile" / "now"
    run.mkdir(parents=True)
    (run / "local.trace").touch()
    own.start()
    with own.annotation("predict", step_num=0, _r=1), own.annotation("keras_profile.loop"):
        pass
    own.stop()
    own.save(str(tmp_path))
    written = json.loads((run / "annotations.json").read_text())
    assert [name for name, _, _ in written["annotations"]] == ["keras_profile.loop", "predict"]
    assert len(written["markers"]) == len(runs) - 1 == 2 * own.MARKERS
    (_, inner_begin, inner_end), (_, begin, end) = written["annotations"]
    first, last = written["markers"][0], written["markers"][-1]
    assert first[0] <= first[1] <= begin <= inner_begin <= inner_end <= end <= last[0] <= last[1]
    assert own.details()["annotation_error_ns"] >= 500
