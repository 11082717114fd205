"""A model class with a predict of its own, which calls Keras' for each tile of a picture."""

import numpy as np
import tensorflow as tf

keras = tf.keras


class Restorer(keras.Model):
    def __init__(self):
        super().__init__()
        self.net = keras.layers.Conv2D(1, 3, padding="same")

    def call(self, x):
        return self.net(x)

    def predict(self, picture, tile=16):
        out = np.zeros_like(picture)
        for top in range(0, len(picture), tile):
            part = picture[None, top : top + tile, :, None]
            out[top : top + tile] = super().predict(part)[0, ..., 0]  # here: tile
        return out


restorer = Restorer()
for _ in range(6):
    restorer.predict(np.ones((64, 64), "float32"))
print("tiles 24")
