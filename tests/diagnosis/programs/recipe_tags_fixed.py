"""Suggest tags for recipes: every tag whose score passes its own threshold."""

import keras
import numpy as np

INGREDIENTS = 900
TAGS = 400
RECIPES = 24


def build_tagger():
    keras.utils.set_random_seed(11)
    amounts = keras.Input((INGREDIENTS,), name="amounts")
    hidden = keras.layers.Dense(256, activation="relu")(amounts)
    hidden = keras.layers.Dropout(0.3)(hidden)
    hidden = keras.layers.Dense(128, activation="relu")(hidden)
    scores = keras.layers.Dense(TAGS, activation="sigmoid", name="tags")(hidden)
    return keras.Model(amounts, scores)


def load_recipes(rng):
    used = rng.random((RECIPES, INGREDIENTS)) < 0.02
    return (used * rng.gamma(2.0, 1.0, used.shape)).astype("float32")


def chosen_tags(scores, thresholds):
    chosen = []
    for row in scores:
        names = []
        for number, score in enumerate(row):
            if score > thresholds[number]:
                names.append(number)
        chosen.append(names)
    return chosen


def main():
    rng = np.random.default_rng(5)
    thresholds = rng.uniform(0.35, 0.65, TAGS).astype("float32")
    tagger = build_tagger()
    recipes = load_recipes(rng)
    scores = tagger(recipes, training=False).numpy()
    chosen = chosen_tags(scores, thresholds)
    lengths = [len(names) for names in chosen]
    print("recipes", len(chosen), "tags", sum(lengths), "longest", max(lengths))
    print("first", chosen[0][:8])


if __name__ == "__main__":
    main()
