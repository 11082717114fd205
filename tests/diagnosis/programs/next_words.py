"""Suggest continuations for support tickets with a small GRU language model."""

import collections
import itertools
import random
import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

VOCAB = 20000
CONTEXT = 16
SYLLABLES = ["ba", "ko", "ri", "ten", "lu", "sha", "mor", "vi", "pel", "an", "dor", "qui", "ze", "tal"]


def make_corpus(n_lines=6000, seed=5):
    rnd = random.Random(seed)
    words = set()
    while len(words) < 24000:
        words.add("".join(rnd.choice(SYLLABLES) for _ in range(rnd.randint(2, 5))))
    words = sorted(words)
    weights = [1.0 / (i + 10) ** 0.5 for i in range(len(words))]
    cum = list(itertools.accumulate(weights))
    rnd.shuffle(words)
    return [" ".join(rnd.choices(words, cum_weights=cum, k=20)) for _ in range(n_lines)]


class Suggester:
    def __init__(self, corpus):
        self.vectorizer = layers.TextVectorization(
            max_tokens=VOCAB, standardize="lower", output_sequence_length=CONTEXT
        )
        self.vectorizer.adapt(tf.data.Dataset.from_tensor_slices(corpus).batch(512))
        self.model = keras.Sequential(
            [
                keras.Input((CONTEXT,), dtype="int64"),
                layers.Embedding(VOCAB, 64),
                layers.GRU(96),
                layers.Dense(VOCAB),
            ]
        )
        self.blocked = tf.constant(np.where(np.arange(VOCAB) < 2, -1e9, 0.0), tf.float32)

    @tf.function
    def next_ids(self, ids, temperature):
        logits = self.model(ids, training=False)
        logits += self.blocked
        return tf.random.categorical(logits / temperature, 1)[:, 0]

    def ids_to_words(self, ids):
        return [self.vectorizer.get_vocabulary()[i] for i in ids]

    def complete(self, prompts, n_words, temperature=0.8):
        ids = self.vectorizer(tf.constant(prompts)).numpy()
        texts = list(prompts)
        temp = tf.constant(temperature)
        for _ in range(n_words):
            new = self.next_ids(tf.constant(ids), temp).numpy()
            for row, word in enumerate(self.ids_to_words(new)):
                texts[row] += " " + word
            ids = np.concatenate([ids[:, 1:], new[:, None]], axis=1)
        return texts


def distinct_bigrams(texts):
    seen = collections.Counter()
    for text in texts:
        words = text.split()
        seen.update(itertools.pairwise(words))
    return len(seen) / max(1, sum(seen.values()))


def main():
    keras.utils.set_random_seed(1)
    corpus = make_corpus()
    t0 = time.time()
    suggester = Suggester(corpus)
    print(f"vocabulary ready in {time.time() - t0:.1f}s")
    results = []
    for start in range(0, 96, 24):
        prompts = [" ".join(line.split()[:CONTEXT]) for line in corpus[start : start + 24]]
        results += suggester.complete(prompts, n_words=5)
        print(f"{len(results)} tickets done at {time.time() - t0:.1f}s")
    print(f"distinct bigrams: {distinct_bigrams(results):.3f}")
    print("example:", results[0][-60:])


if __name__ == "__main__":
    main()
