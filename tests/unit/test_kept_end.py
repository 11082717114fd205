"""The copy that comes to the program's end destroys what is the program's, and no resource of TensorFlow."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import functools
import os
import keras_profile.recorder.program.kept_end as kept_end

def named(name, module, says):
    # What is destroyed says so without a reference to this module.
    said = functools.partial(os.write, 1, says.encode() + b"\\n")
    return type(name, (), {{"__module__": module, "__del__": said}})()

class Meta(type):
    def __getattribute__(self, name):
        if name in ("__module__", "__name__"):
            print("asked", flush=True)
        return super().__getattribute__(name)

class Own(metaclass=Meta):
    def __del__(self):
        print("own", flush=True)

theirs = named("{name}", "{module}", "theirs")
own = Own()
cycle = [Own()]
cycle.append(cycle)
{keep}
"""


def destroyed(name, module, keep="kept_end.keep_resources()"):
    """What says that it is destroyed at the end of a program, which has two objects of its own."""
    code = PROGRAM.format(name=name, module=module, keep=keep)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return sorted(done.stdout.splitlines())


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("EagerTensor", "tensorflow.python.framework.ops"),
        ("IteratorResourceDeleter", "tensorflow.python.data.ops.iterator_ops"),
    ],
)
def test_a_resource_of_tensorflow_is_not_destroyed(name, module):
    assert destroyed(name, module) == ["own", "own"]
    assert destroyed(name, module, keep="") == ["own", "own", "theirs"]


@pytest.mark.parametrize(
    ("name", "module"),
    [("EagerTensor", "__main__"), ("EagerTensor", "tensorflowed.ops"), ("Model", "tensorflow.keras")],
)
def test_what_is_the_program_s_comes_to_its_end(name, module):
    assert destroyed(name, module) == ["own", "own", "theirs"]
