#: closer 2
from odd import ends_with


def act(layer, inputs):
    raise ValueError("the program is over")


ends_with(act)
