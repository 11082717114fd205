#: closer 2
from odd import ends_with


def act(layer, inputs):
    raise KeyboardInterrupt


ends_with(act)
