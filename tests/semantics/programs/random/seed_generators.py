from tiny import keras, make, x


class Noise(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.generator = keras.random.SeedGenerator(9)

    def call(self, inputs):
        return inputs + keras.random.uniform((1, 4), seed=self.generator)


model = make(Noise())
layer = model.layers[0]
print("state:", layer.generator.state.numpy().tolist())
print("results:", [model.predict(x[:1], verbose=0).tolist() for _ in range(3)], model(x[:1]).numpy().tolist())
print("state:", layer.generator.state.numpy().tolist())
