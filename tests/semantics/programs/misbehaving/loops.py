#: closer 2
from odd import ends_with


def act(layer, inputs):
    while True:
        pass


ends_with(act)
