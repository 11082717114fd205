"""Which ops do more than to compute, by their names and attributes."""

from __future__ import annotations

import types

import pytest

from keras_profile.recorder.frameworks.tensorflow import file_operations


def attribute(content):
    return types.SimpleNamespace(s=content)


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        ("WriteFile", "writes files"),
        ("ReadFile", "reads files"),
        ("EagerPyFunc", "calls Python"),
        ("RpcCall", "talks to other processes"),
        ("Abort", "end this process"),
        ("DatasetFromGraph", "in its data"),
    ],
)
def test_an_op_is_known_by_its_name(operation, reason):
    assert reason in file_operations.why_unsafe(operation)


@pytest.mark.parametrize(
    "operation", ["MatMul", "Const", "LookupTableFindV2", "If", "ShardedFilename", "Assert"]
)
def test_an_op_that_computes_is_none(operation):
    assert file_operations.why_unsafe(operation) is None


@pytest.mark.parametrize(
    ("operation", "attributes", "reason"),
    [
        ("PrintV2", {"output_stream": b"file:///tmp/x"}, "writes files (file:///tmp/x)"),
        ("PrintV2", {"output_stream": b"stderr"}, None),
        ("PrintV2", {}, None),
        ("DecodeProtoV2", {"descriptor_source": b"/tmp/x"}, "reads files (/tmp/x)"),
        ("DecodeProtoV2", {"descriptor_source": b"local://"}, None),
        ("FixedUnigramCandidateSampler", {"vocab_file": b"words.txt"}, "reads files (words.txt)"),
        ("FixedUnigramCandidateSampler", {"vocab_file": b""}, None),
        ("XlaCallModule", {"module": b"custom_call @xla_python_cpu_callback"}, "calls Python"),
        ("XlaCallModule", {"module": b"/usr/lib/python3.11/my_callback.py"}, None),
    ],
)
def test_an_op_may_be_known_by_its_attributes_alone(operation, attributes, reason):
    found = file_operations.of_attributes(operation, {key: attribute(attributes[key]) for key in attributes})
    assert (found is None) == (reason is None)
    assert reason is None or reason in found


def test_a_kind_has_each_op_once():
    names = [name for names in file_operations.UNSAFE.values() for name in names.split()]
    assert len(names) == len(set(names)) > 100
    others = {*file_operations.UNSAFE_ATTRIBUTES, *file_operations.CACHES, *file_operations.TABLES_FROM_FILES}
    assert not others & set(names)


def metadata(*texts):
    """A keras_metadata.pb, as Keras 2 writes it."""
    nodes = [bytes([0x10, 1, 0x2A, len(text)]) + text for text in texts]
    return b"".join(bytes([0x0A, len(node)]) + node for node in nodes)


def test_the_configurations_of_keras_metadata_are_read():
    assert file_operations.keras_metadata(metadata(b"{}", b'{"a": 1}')) == ["{}", '{"a": 1}']
    for cut in (1, 3, 5):
        with pytest.raises(ValueError, match="protocol buffer"):
            file_operations.keras_metadata(metadata(b"{}")[:-cut] + b"")
