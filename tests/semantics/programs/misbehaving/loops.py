#: closer 2

from tiny import keras, make, x

over = []


class Odd(keras.layers.Layer):
    """A layer that behaves until the program is over."""

    def call(self, inputs):
        if over:
            while True:
                pass
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
