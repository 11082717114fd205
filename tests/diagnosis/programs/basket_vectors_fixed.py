"""Turn supermarket baskets into vectors: each article by itself first, then the whole basket in order."""

import keras
import numpy as np
from keras import layers

ARTICLES = 30_000
BASKETS = 2000
LENGTH = 24


def build():
    keras.utils.set_random_seed(190)
    articles = keras.Input((LENGTH,), dtype="int32")
    x = layers.Embedding(ARTICLES, 64, embeddings_initializer="glorot_uniform", name="article")(articles)
    x = layers.GRU(48)(x)
    return keras.Model(articles, layers.Dense(32)(x))


def baskets():
    rng = np.random.default_rng(191)
    popular = rng.zipf(1.3, (BASKETS, LENGTH)) % ARTICLES
    return popular.astype("int32")


def main():
    model = build()
    vectors = model.predict(baskets(), batch_size=50, verbose=0)
    print("baskets", vectors.shape, "norm", round(float(np.linalg.norm(vectors, axis=1).mean()), 4))
    print("first", [round(float(value), 4) for value in vectors[0, :4]])


if __name__ == "__main__":
    main()
