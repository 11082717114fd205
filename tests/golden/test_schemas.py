"""The JSON Schemas of the documents: what is recorded and reported is valid by them."""

from __future__ import annotations

import json

import jsonschema
import pytest

from keras_profile.analysis.reports import make_report
from keras_profile.recordings.opened import OpenedProgram, open_recording
from keras_profile.recordings.writing import encode_json
from support import golden, streams
from support.golden import name_of
from support.key_tables import SCHEMAS

RECORDINGS = golden.recordings()


def validator(name):
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("recording", RECORDINGS, ids=name_of)
def test_a_recording_and_its_report_are_valid(recording):
    validator("recording").validate(json.loads((recording / "recording.json").read_text(encoding="utf-8")))
    validator("report").validate(json.loads(encode_json(make_report(open_recording(recording)))))


def test_a_program_and_its_report_are_valid(tmp_path):
    made = streams.usual(tmp_path / "app")
    validator("program").validate(json.loads((made / "program.json").read_text(encoding="utf-8")))
    validator("report").validate(json.loads(encode_json(make_report(OpenedProgram(made)))))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("captures", 0, "status"), "excellent"),
        (("workload", "inputs", 0, "shape"), "4 x 4"),
        (("environment", "cpu_count"), "two"),
        (("calls", "wall_ns"), None),
    ],
)
def test_another_value_is_not_valid(path, value):
    content = json.loads((RECORDINGS[0] / "recording.json").read_text(encoding="utf-8"))
    part = content
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        validator("recording").validate(content)
