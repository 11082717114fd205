"""What of a Keras configuration runs code, imports or reads files; and what does nothing of it."""

from __future__ import annotations

import base64
import json
import marshal
import random

import pytest

from keras_profile.recorder.frameworks.keras_code import BRINGS_CODE
from keras_profile.recorder.untrusted.configurations import risks

CODE = base64.encodebytes(marshal.dumps((lambda x: (x, 1)[0]).__code__)).decode()


def layer(name, **more):
    return {"class_name": name, "config": {"name": "one"}, **more}


def in_keras(name, module="keras.layers", **more):
    return layer(name, module=module, **{"registered_name": None, **more})


def function(name, module):
    return {"class_name": "function", "config": name, "module": module, "registered_name": name}


def wrapped(part):
    return {"class_name": "TimeDistributed", "config": {"layer": part}}


RISKY = [
    *((layer(name), BRINGS_CODE[name]) for name in BRINGS_CODE),
    *((in_keras(name), BRINGS_CODE[name]) for name in BRINGS_CODE),
    (layer("keras>Lambda"), "Lambda"),
    (layer("layers.Lambda", module="keras"), "Lambda"),
    (in_keras("Dense", registered_name="Lambda"), "Lambda"),
    (in_keras("Lambda", "keras.src.layers.core.lambda_layer"), "Lambda"),
    (wrapped(wrapped(layer("Lambda"))), "at config.layer.config.layer"),
    (layer("Dense") | {"config": {"activation": {"class_name": "__lambda__", "config": {}}}}, "lambda"),
    (layer("Dense") | {"config": {"kernel_initializer": [CODE, None, None]}}, "marshalled"),
    (layer("Strange") | {"config": {"function": CODE.replace("\n", "")}}, "marshalled"),
    (layer("Strange") | {"config": {"function_type": "lambda", "function": "f"}}, "code in the file"),
    (layer("Strange") | {"config": {"mask_type": "lambda"}}, "code in the file"),
    (layer("Dense") | {"config": {"dtype": in_keras("Lambda")}}, "Lambda"),
    (layer("Dense") | {"build_config": {"x": in_keras("Lambda")}}, "Lambda"),
    (in_keras("Thing", "my_module"), "the class Thing of the module my_module"),
    (in_keras("Thing", "kerasx.layers"), "the class Thing of the module kerasx.layers"),
    (in_keras("Thing", "keras_mine"), "the class Thing"),
    (in_keras("get_file", "keras.utils"), "the class get_file of the module keras.utils"),
    (in_keras("Popen", "subprocess"), "Popen of the module subprocess"),
    (function("system", "os"), "the function system of the module os"),
    (function("eval", "keras.src.backend.common"), "eval"),
    (function("get_file", "keras.utils"), "get_file of the module keras.utils"),
    (function("get_file", "keras.src.utils.file_utils"), "get_file"),
    (function("load_model", "keras.models"), "load_model"),
    (function("write_file", "tensorflow.python.ops.gen_io_ops"), "write_file"),
    (function("f", "tensorflow"), "the function f"),
    (
        {"class_name": "__typespec__", "config": [], "spec_name": "S", "module": "m", "registered_name": "S"},
        "the class S of the module m",
    ),
    (layer("StringLookup") | {"config": {"vocabulary": "/etc/passwd"}}, "'/etc/passwd'"),
    (layer("TextVectorization") | {"config": {"vocabulary": "words.txt"}}, "'words.txt'"),
    (layer("VocabularyFileCategoricalColumn") | {"config": {"vocabulary_file": "w"}}, "reads, 'w'"),
    (layer("TFOpLambda") | {"config": {"function": "io.write_file"}}, "calls tf.io.write_file"),
    (layer("TFOpLambda") | {"config": {"function": "io.gfile.remove"}}, "calls tf.io.gfile.remove"),
    (layer("TFOpLambda") | {"config": {"function": "load_op_library"}}, "calls tf.load_op_library"),
    (layer("TFOpLambda") | {"config": {"function": "compat.v1.py_func"}}, "calls tf.compat.v1.py_func"),
    (layer("SlicingOpLambda") | {"config": {"function": "keras.utils.get_file"}}, "get_file"),
    (layer("TFOpLambda") | {"config": {"function": {}}}, "calls tf."),
    (layer("ClassMethod") | {"config": {"cls_symbol": "io.gfile.GFile", "method_name": "x"}}, "GFile"),
    (layer("TensorFlowOpLayer") | {"config": {"node_def": {"op": "WriteFile"}}}, "the op WriteFile"),
    (layer("TensorFlowOpLayer") | {"config": {"node_def": {"op": "EagerPyFunc"}}}, "the op EagerPyFunc"),
]
#: What models are made of, in the words of each generation.
HEALTHY = [
    layer("Dense") | {"config": {"name": "Lambda", "units": 4, "activation": "relu"}},
    layer("Custom>Mine"),
    layer("MyLayer"),
    in_keras("Dense"),
    in_keras("Functional", "keras.src.models.functional"),
    in_keras("Functional", "keras.src.engine.functional"),
    in_keras("Add", "keras.src.ops.numpy"),
    in_keras("DTypePolicy", "keras"),
    in_keras("Adam", "keras.optimizers"),
    in_keras("FeatureSpace", "keras.utils"),
    in_keras("GPT2Backbone", "keras_hub.src.models.gpt2"),
    in_keras("Dense", "tf_keras.src.layers"),
    in_keras("TensorSpec", "tensorflow.python.framework.tensor_spec"),
    in_keras("Mine", None, registered_name="mine>Mine"),
    function("relu", "builtins"),
    function("relu", "keras.activations"),
    function("gelu", "keras.src.activations.activations"),
    function("relu", "tensorflow.python.ops.gen_nn_ops"),
    function("mean_squared_error", "keras.losses"),
    layer("TFOpLambda") | {"config": {"function": "math.reduce_mean"}},
    layer("TFOpLambda") | {"config": {"function": "__operators__.add"}},
    layer("TFOpLambda") | {"config": {"function": "concat"}},
    layer("TFOpLambda") | {"config": {"function": "compat.v1.nn.relu"}},
    layer("ClassMethod") | {"config": {"cls_symbol": "RaggedTensor", "method_name": "from_row_splits"}},
    layer("TensorFlowOpLayer") | {"config": {"node_def": {"op": "AddV2"}}},
    layer("StringLookup") | {"config": {"vocabulary": ["Lambda", "class_name", "__lambda__"]}},
    layer("TextVectorization") | {"config": {"vocabulary": None}},
    layer("Dense") | {"config": {"module": "os", "class": "Lambda"}},
    {"class_name": "__tuple__", "items": [1, 2]},
    {"class_name": "TensorShape", "items": [None, 4]},
    {"keras_version": "Lambda", "backend": "x" * 500},
]


@pytest.mark.parametrize(("part", "words"), RISKY, ids=lambda value: str(value)[:60])
def test_what_runs_code_is_found_at_any_depth(part, words):
    assert words in " ".join(risks(part))
    deep = {"class_name": "Sequential", "config": {"layers": [layer("Dense"), wrapped(part)]}}
    found = list(risks(json.loads(json.dumps(deep))))
    assert len(found) == 1
    assert "config.layers[1].config.layer" in found[0]


@pytest.mark.parametrize("part", HEALTHY, ids=lambda value: str(value)[:60])
def test_what_runs_none_is_not_accused(part):
    assert list(risks({"class_name": "Sequential", "config": {"layers": [part, wrapped(part)]}})) == []


def test_what_is_nested_as_deeply_as_can_be_is_looked_at():
    part = layer("Lambda")
    for _ in range(100_000):
        part = [part]
    assert len(list(risks({"config": part}))) == 1


def test_any_json_has_an_answer():
    """Values in places that are meant for others: what is looked at must not trip over them."""
    chance = random.Random(1)
    parts = [part for part, _ in RISKY] + HEALTHY
    values = [None, 0, 1.5, "", "x", [], {}, ["a"], {"a": 1}, True, 10**50, CODE]

    def spoiled(part):
        if isinstance(part, dict) and part:
            changed = {key: spoiled(part[key]) for key in part}
            changed[chance.choice(list(part))] = chance.choice([*values, chance.choice(parts)])
            return changed
        return chance.choice(values) if chance.random() < 0.1 else part

    for _ in range(3000):
        for text in risks(spoiled(chance.choice(parts))):
            assert text
