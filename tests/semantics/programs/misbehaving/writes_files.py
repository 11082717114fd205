#: closer 2
from odd import ends_with, held


def act(layer, inputs):
    with open("written", "a") as file:
        file.write("called after the end\n")
    held["kept"].write("more")


ends_with(act)
