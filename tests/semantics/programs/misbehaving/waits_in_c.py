#: closer 2
import os

from odd import ends_with


def act(layer, inputs):
    os.read(os.pipe()[0], 1)


ends_with(act)
