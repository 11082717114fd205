#: closer 2
from odd import ends_with


def act(layer, inputs):
    raise type("Odd", (BaseException,), {})("the program is over")


ends_with(act)
