"""The copy that comes to the program's end: it destroys what is the program's, and no framework's object."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import keras_profile.recorder.program.kept_end as kept_end

class Noisy:
    def __init__(self, name):
        self.name = name
    def __del__(self):
        print("destroyed", self.name, flush=True)

class Tensor(Noisy):
    pass

class Meta(type):
    def __getattribute__(self, name):
        if name == "__module__":
            print("asked", flush=True)
        return super().__getattribute__(name)

class Own(Noisy, metaclass=Meta):
    pass

Tensor.__module__ = "{module}"
tensor, own = Tensor("tensor"), Own("own")
cycle = [Own("in a cycle")]
cycle.append(cycle)
{keep}
"""


def printed(module, keep="kept_end.keep_frameworks()"):
    code = PROGRAM.format(module=module, keep=keep)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return sorted(done.stdout.splitlines())


@pytest.mark.parametrize("module", ["tensorflow.python.data", "keras.src.models", "tf_keras", "torch.nn"])
def test_a_framework_s_objects_are_not_destroyed(module):
    assert printed(module) == ["destroyed in a cycle", "destroyed own"]


@pytest.mark.parametrize("module", ["tensorflowed", "app.keras", "__main__"])
def test_what_is_the_program_s_comes_to_its_end(module):
    assert printed(module) == ["destroyed in a cycle", "destroyed own", "destroyed tensor"]


def test_without_it_all_is_destroyed():
    assert len(printed("tensorflow.python.data", keep="")) == 3
