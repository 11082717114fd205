#: closer 1
from tiny import keras, make, x


class Counts(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.python = 0
        self.graph = self.add_weight(shape=(), initializer="zeros", trainable=False)

    def call(self, inputs):
        self.python += 1
        self.graph.assign_add(1.0)
        return inputs


model = make(Counts())
layer = model.layers[0]
for _ in range(25):
    model.predict(x, verbose=0)
print("after predict:", layer.python, float(layer.graph))
for _ in range(25):
    model(x)
print("after calls:", layer.python, float(layer.graph))
for _ in range(5):
    model.predict_on_batch(x)
print("on batch:", layer.python, float(layer.graph))
