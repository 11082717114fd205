"""What is recorded of a workload and its interpreter: read as types, repeated as it was."""

from __future__ import annotations

import json

import msgspec
import pytest
from msgspec import UNSET

from keras_profile.analysis.reports import make_report
from keras_profile.errors import RecordingError
from keras_profile.model.environment import Environment, RecordedEnvironment
from keras_profile.model.workload import RecordedWorkload
from keras_profile.recordings.json_files import read_recording
from keras_profile.recordings.opened import open_recording
from keras_profile.recordings.writing import encode_json
from support import contents


@pytest.fixture
def save(tmp_path):
    """Writes a recording whose workload has other keys than the usual one."""

    def save(**changed):
        content = json.loads(encode_json(contents.recording(calls=[{}] * 3).content))
        content["workload"] |= changed
        (tmp_path / "recording.json").write_text(json.dumps(content))
        return tmp_path, content

    return save


def test_a_report_repeats_what_was_recorded_key_by_key(save):
    """Also the keys that only a newer version knows, in the recorder's order."""
    folder, content = save(of_a_newer_version={"a": [1, None, 2.5]}, traced=[], loads=None)
    written = json.loads(encode_json(make_report(open_recording(folder))))
    for key in ("workload", "environment"):
        assert json.dumps(written[key]) == json.dumps(content[key])


def test_what_a_recording_lacks_is_told_from_what_is_null(save):
    folder, _ = save(loads=None)
    facts = read_recording(folder).content.workload.facts
    assert facts.loads is None
    assert facts.inner_calls is UNSET
    assert facts.layers == []
    assert facts.inputs[0].shape == [32, 4]


def test_a_layer_has_what_matters_of_it(save):
    folder, _ = save(layers=[{"layer": "gru", "class": "GRU", "parent": None, "unroll": True, "units": 8}])
    [layer] = read_recording(folder).content.workload.facts.layers
    assert (layer.layer, layer.layer_class, layer.unroll, layer.stateful) == ("gru", "GRU", True, UNSET)


@pytest.mark.parametrize(
    ("key", "value"), [("inputs", None), ("inputs", [{"shape": "x"}]), ("layers", [1]), ("compiled", "yes")]
)
def test_facts_of_another_kind_are_one_clear_error(save, key, value):
    folder, _ = save(**{key: value})
    with pytest.raises(RecordingError, match=r"expected keras_profile\.recording.*\$"):
        read_recording(folder)


def test_a_status_that_this_version_does_not_know_is_one_clear_error(save):
    folder, content = save()
    content["captures"][0]["status"] = "excellent"
    (folder / "recording.json").write_text(json.dumps(content))
    with pytest.raises(RecordingError, match="Invalid enum value 'excellent'"):
        read_recording(folder)


def test_nothing_is_known_of_a_process_that_did_not_say():
    assert RecordedEnvironment({}).facts == Environment()


def test_what_is_recorded_alike_is_equal():
    one = RecordedWorkload(contents.workload())
    assert one == RecordedWorkload(contents.workload())
    assert one != contents.changed(one, steps=3)
    assert "predict" in repr(one)


def test_nothing_else_is_encoded_unseen():
    with pytest.raises(TypeError, match="object is not written"):
        encode_json({"key": object()})
    with pytest.raises(msgspec.ValidationError):
        RecordedWorkload({})
