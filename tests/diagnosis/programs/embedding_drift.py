"""Watch how far a recommender's item vectors are from the ones published last week, while it serves users."""

import keras
import numpy as np

ITEMS = 120_000
WIDTH = 64
USERS = 240


class Recommender:
    def __init__(self):
        keras.utils.set_random_seed(3)
        history = keras.Input((20,), dtype="int32")
        vectors = keras.layers.Embedding(ITEMS, WIDTH, name="items")(history)
        profile = keras.layers.GlobalAveragePooling1D()(vectors)
        profile = keras.layers.Dense(WIDTH, activation="tanh")(profile)
        self.model = keras.Model(history, profile)

    def item_vectors(self):
        return self.model.get_weights()[0]

    def profile(self, history):
        return self.model.predict_on_batch(history[None])[0]


def score(recommender, history, candidates):
    profile = recommender.profile(history)
    scores = []
    for candidate in candidates:
        vector = recommender.item_vectors()[candidate]
        scores.append(float(vector @ profile))
    return scores


def main():
    rng = np.random.default_rng(8)
    recommender = Recommender()
    best = []
    for _ in range(USERS):
        history = rng.integers(0, ITEMS, 20).astype("int32")
        candidates = rng.integers(0, ITEMS, 12)
        scores = score(recommender, history, candidates)
        best.append(max(scores))
    print("users", len(best), "mean of the best score", round(float(np.mean(best)), 4))


if __name__ == "__main__":
    main()
