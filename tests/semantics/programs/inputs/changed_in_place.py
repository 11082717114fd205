#: closer 1
from tiny import keras, make, np, x


seen = []


class Writes(keras.layers.Layer):
    def call(self, inputs):
        if hasattr(inputs, "numpy"):
            seen.append(float(keras.ops.sum(inputs)))
        return inputs


model = make(Writes())
model.run_eagerly = True
data = x.copy()
seen.clear()
for _ in range(4):
    model.predict(data, verbose=0)
    data += 1
with open("seen", "w") as file:
    file.write(repr(seen))
kept = open("kept", "w")
kept.write(repr(data.tolist()))
print("seen:", seen, np.__name__)
