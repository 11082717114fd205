#: closer 2
import os

from odd import ends_with


def act(layer, inputs):
    print("over:", "printed by a layer", flush=True)
    os.write(2, b"written by a layer\n")


ends_with(act)
