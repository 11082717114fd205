"""Glossary translator of the support desk: greedy decoding, requests arrive one by one."""

import logging
import random
import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
log = logging.getLogger("translate")

MAX_WORDS = 12
SEQ = MAX_WORDS + 2


def make_lexicon(size, seed):
    rng = random.Random(seed)
    words = set()
    while len(words) < size:
        n = rng.randint(2, 5)
        words.add("".join(rng.choice("bcdfglmnprstvz") + rng.choice("aeiou") for _ in range(n)))
    return sorted(words)


def build_model(src_size, tgt_size, units=96):
    src = layers.Input((SEQ,), dtype="int64", name="src")
    tgt = layers.Input((SEQ,), dtype="int64", name="tgt")
    enc = layers.Embedding(src_size, 64)(src)
    _, state = layers.GRU(units, return_state=True)(enc)
    dec = layers.Embedding(tgt_size, 64)(tgt)
    dec = layers.GRU(units, return_sequences=True)(dec, initial_state=state)
    return keras.Model([src, tgt], layers.Dense(tgt_size, activation="softmax")(dec))


class Translator:
    def __init__(self, src_words, tgt_words):
        self.src_vec = layers.TextVectorization(vocabulary=src_words, output_sequence_length=SEQ)
        self.tgt_vec = layers.TextVectorization(
            vocabulary=["startofseq", "endofseq", *tgt_words], output_sequence_length=SEQ
        )
        self.model = build_model(self.src_vec.vocabulary_size(), self.tgt_vec.vocabulary_size())

    @tf.function(
        input_signature=[
            tf.TensorSpec([1, SEQ], tf.int64),
            tf.TensorSpec([1, SEQ], tf.int64),
            tf.TensorSpec([], tf.int32),
        ]
    )
    def _next_id(self, src_ids, tgt_ids, position):
        probs = self.model([src_ids, tgt_ids], training=False)
        return tf.argmax(probs[0, position, 2:]) + 2  # never answer with padding / unknown

    def _encode(self, vectorizer, text):
        return tf.cast(vectorizer(tf.constant([text])), tf.int64)

    def translate(self, sentence):
        src_ids = self._encode(self.src_vec, sentence)
        words = ["startofseq"]
        for position in range(MAX_WORDS):
            tgt_ids = self._encode(self.tgt_vec, " ".join(words))
            next_id = int(self._next_id(src_ids, tgt_ids, tf.constant(position)))
            word = self.tgt_vec.get_vocabulary()[next_id]
            if word == "endofseq":
                break
            words.append(word)
        return " ".join(words[1:])


def incoming_requests(lexicon, count):
    rng = random.Random(7)
    for i in range(count):
        yield {"id": i, "text": " ".join(rng.choice(lexicon) for _ in range(rng.randint(5, 11)))}


def main():
    keras.utils.set_random_seed(3)
    src_words, tgt_words = make_lexicon(9000, 1), make_lexicon(24000, 2)
    service = Translator(src_words, tgt_words)
    log.info("service ready, %d target words", len(tgt_words))
    latencies, n_words = [], 0
    for req in incoming_requests(src_words, 30):
        t0 = time.perf_counter()
        answer = service.translate(req["text"])
        latencies.append(time.perf_counter() - t0)
        n_words += len(answer.split())
        log.debug("request %d -> %s", req["id"], answer[:40])
    p50, p95 = np.percentile(latencies, [50, 95])
    print(f"{len(latencies)} sentences, {n_words} words, p50 {p50:.3f}s p95 {p95:.3f}s")


if __name__ == "__main__":
    main()
