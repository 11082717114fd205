"""A panel of small judges reads hotel reviews; their mean opinion is kept."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(43)
ROOMS = [f"word{n}" for n in range(6000)]


def reviews(count: int, words: int = 120) -> list[str]:
    random = np.random.default_rng(9)
    picks = random.integers(0, len(ROOMS), (count, words))
    return [", ".join(ROOMS[n] for n in row) + "!" for row in picks]


class Judge:
    """Reads the text of a review and gives one score for each of six aspects."""

    def __init__(self, reader: layers.TextVectorization, width: int) -> None:
        words = keras.Input((reader.vocabulary_size(),))
        x = layers.Dense(width, activation="relu")(words)
        self.model = keras.Model(words, layers.Dense(6)(x))

    def score(self, batch: tf.Tensor) -> np.ndarray:
        return self.model.predict_on_batch(batch)


class Panel:
    def __init__(self, reader: layers.TextVectorization, size: int) -> None:
        self.reader = reader
        self.judges = [Judge(reader, 8 + n) for n in range(size)]

    def opinion(self, texts: list[str], at_once: int = 250) -> np.ndarray:
        opinions = []
        for start in range(0, len(texts), at_once):
            batch = self.reader(tf.constant(texts[start : start + at_once]))
            opinions.append(np.mean([judge.score(batch) for judge in self.judges], axis=0))
        return np.concatenate(opinions)


def main() -> None:
    reader = layers.TextVectorization(max_tokens=2000, output_mode="multi_hot", ngrams=2)
    texts = reviews(2500)
    reader.adapt(texts[:100])
    opinion = Panel(reader, size=30).opinion(texts)
    print("opinion", opinion.shape, "means", np.round(opinion.mean(axis=0), 3))


if __name__ == "__main__":
    main()
