"""Model files that bring code, or are broken, as the installed release meets them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from support import printed_cases

#: These are whole; the rest is cut off, absurd, or no file.
WHOLE = {"whole.keras", "whole.h5", "whole_saved"}
#: What the message must name, of some.
NAMED = {
    "nothing.keras": "begins with b'PK', this one with b''",
    "begun.keras": "not a zip file",
    "no_json.keras": "expected a configuration in JSON",
    "deep.keras": "nested too deeply",
    "digits.keras": "a number of 3000000 digits",
    "bomb.keras": "grows from",
    "lying_keras": "config.json",
    "traversal.keras": "'../../x', which would be unpacked outside",
    "many.keras": "has 11000 members",
    "absurd_weights.keras": "claims an array kernel of shape (1000000, 1000000), 4.0 TB",
    "half.h5": "truncated file",
    "weights_alone.h5": "holds only weights, not the model",
    "absurd.h5": "claims an array k of shape",
    "linked.h5": "a link to another file",
    "stored_elsewhere.h5": "takes the array x from another file",
    "cut_saved": "expected a SavedModel",
    "constant_saved": "claims a constant absurd in the main graph of 4.0 TB",
    "no_index_saved": "its weights are missing",
    "no_data_saved": "variables.data-00000-of-00001",
    "pipe_saved": "saved_model.pb, which is a pipe",
    "device_saved": "which is a device",
    "a_pipe": "is a pipe, expected a regular file",
    "a_device": "is a device",
    "a_circle": "is a broken link",
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    program = Path(__file__).with_name("broken_models.py")
    return printed_cases.run(sys.executable, program, tmp_path_factory.mktemp("broken"), variables={})


def test_broken_files_get_two_lines(broken):
    found = {case["name"]: case for case in broken["CASE"]}
    assert len(found) > 50
    assert {name for name in found if found[name]["said"] is None} == WHOLE
    for name in set(found) - WHOLE:
        kind, message, advice = found[name]["said"]
        assert kind in ("not_a_model", "no_such_file"), name
        assert message.startswith("target: "), name
        assert advice, name
        assert "\n" not in message + advice, name
    for name, words in NAMED.items():
        assert words in found[name]["said"][1], (name, found[name]["said"])


def test_broken_files_take_no_memory(broken):
    grown = {case["name"]: case["bytes"] for case in broken["CASE"] if case["name"] not in WHOLE}
    assert {name: size for name, size in grown.items() if size > 300e6} == {}


def test_of_changed_files_only_our_errors_come_out(broken):
    assert broken["FUZZED"] == [[]]


def test_models_that_bring_code_are_refused_and_no_others(tmp_path):
    found = printed_cases.hostile_models(sys.executable, tmp_path, {})
    printed_cases.check(found)
    # What Keras 3 writes was among them.
    assert found["keras_plain"]["trusted"]["ran"]
    assert "a TFSMLayer" in found["keras_tfsm"]["untrusted"]["said"][1]
    assert "words.txt', as its vocabulary" in found["keras_vocabulary_file"]["untrusted"]["said"][1]
    assert "system of the module os" in found["module_of_python"]["untrusted"]["said"][1]
    assert "op WriteFile (" in found["graph_writes"]["untrusted"]["said"][1]
    assert "in the function while_body" in found["graph_loop"]["untrusted"]["said"][1]
