#: closer 2
import os

from odd import ends_with


def act(layer, inputs):
    os.spawnlp(os.P_NOWAIT, "sleep", "sleep", "1000000")


ends_with(act)
