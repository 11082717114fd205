#: closer 2

from tiny import keras, make, x

over = []


class Odd(keras.layers.Layer):
    """A layer that behaves until the program is over."""

    def call(self, inputs):
        if over:
            with open("written", "a") as file:
                file.write("called after the end\n")
            kept.write("more")
        return inputs


model = make(Odd())
model.run_eagerly = True
kept = open("kept", "w")
kept.write("kept to the end")
for _ in range(4):
    model.predict(x, verbose=0)
    model(x)
over.append(True)
print("end:", "of the code")
