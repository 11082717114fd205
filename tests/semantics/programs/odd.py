"""A program whose model behaves until the program's code is over, and what it does then."""

from tiny import keras, make, x

#: What the program has at its end: the model, and a file that nobody closes.
held = {}
over = []


class Odd(keras.layers.Layer):
    """A layer that behaves until the program is over, and then does ``act(layer, inputs)``."""

    def __init__(self, act):
        super().__init__()
        self.act = act

    def call(self, inputs):
        return self.act(self, inputs) or inputs if over else inputs


def ends_with(act):
    """Calls a model, writes a file, and is over: what calls the model from then on has it ``act``."""
    model = held["model"] = make(Odd(act))
    model.run_eagerly = True
    held["kept"] = open("kept", "w")
    held["kept"].write("kept to the end")
    for _ in range(4):
        model.predict(x, verbose=0)
        model(x)
    over.append(True)
    print("end:", "of the code")
