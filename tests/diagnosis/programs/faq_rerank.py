"""Re-rank candidate help-centre answers for incoming customer questions.

The retrieval stage hands us 18-32 candidates per question; a small cross
encoder scores each (question, answer) pair and the best three are shown.
"""

import logging
import os
import random
import time
import zlib
from dataclasses import dataclass, field

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from keras import layers, ops

VOCAB = 20000
MAX_TOKENS = 128
SEP = 1

log = logging.getLogger("rerank")


@dataclass
class Request:
    question: str
    candidates: list = field(default_factory=list)


class Embedder(layers.Layer):
    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.words = layers.Embedding(VOCAB, width)
        self.places = layers.Embedding(MAX_TOKENS, width)

    def call(self, ids):
        return self.words(ids) + self.places(ops.arange(ops.shape(ids)[1]))


def cross_encoder(width=192, depth=3, heads=4):
    ids = keras.Input((None,), dtype="int32", name="pair")
    keep = ops.not_equal(ids, 0)
    x = Embedder(width)(ids)
    for _ in range(depth):
        a = layers.MultiHeadAttention(heads, width // heads)(x, x, attention_mask=ops.expand_dims(keep, 1))
        x = layers.LayerNormalization()(x + a)
        h = layers.Dense(4 * width, activation="relu")(x)
        x = layers.LayerNormalization()(x + layers.Dense(width)(h))
    weight = ops.expand_dims(ops.cast(keep, "float32"), -1)
    pooled = ops.sum(x * weight, axis=1) / ops.maximum(ops.sum(weight, axis=1), 1.0)
    score = layers.Dense(1, activation="sigmoid", name="relevance")(pooled)
    return keras.Model(ids, score, name="faq_cross_encoder")


def tokenize(text):
    return [2 + zlib.crc32(word.encode()) % (VOCAB - 2) for word in text.lower().split()]


def collate(pairs):
    """Right-pad to the longest pair of this request."""
    rows = [[*tokenize(q), SEP, *tokenize(a)][:MAX_TOKENS] for q, a in pairs]
    longest = max(len(r) for r in rows)
    batch = np.zeros((len(rows), longest), dtype="int32")
    for i, r in enumerate(rows):
        batch[i, : len(r)] = r
    return batch


class Reranker:
    def __init__(self):
        self.model = cross_encoder()
        # about 1.4x in the benchmark notebook (32 x 64 tokens)
        self.model.compile(jit_compile=True)
        self.model.predict(np.ones((32, 64), dtype="int32"), verbose=0)

    def top(self, request, k=3):
        batch = collate([(request.question, c) for c in request.candidates])
        scores = self.model.predict(batch, batch_size=len(batch), verbose=0)[:, 0]
        order = np.argsort(-scores)[:k]
        return [(float(scores[i]), request.candidates[i]) for i in order]


def sample_requests(count, seed=21):
    rnd = random.Random(seed)
    words = [
        f"{stem}{suffix}"
        for stem in ("pay", "ship", "order", "refund", "login", "invoice", "card", "parcel", "price")
        for suffix in ("", "s", "ing", "ed", "ment", "able", "less", "ful")
    ]

    def sentence(low, high):
        return " ".join(rnd.choice(words) for _ in range(rnd.randint(low, high)))

    requests = []
    for _ in range(count):
        longest = rnd.randint(35, 95)
        candidates = [sentence(20, longest) for _ in range(rnd.randint(18, 32))]
        requests.append(Request(sentence(6, 18), candidates))
    return requests


def main():
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    keras.utils.set_random_seed(21)
    reranker = Reranker()
    log.info("model ready")

    latencies = []
    for number, request in enumerate(sample_requests(14), 1):
        start = time.perf_counter()
        best = reranker.top(request)
        latencies.append(time.perf_counter() - start)
        log.info(
            "question %2d: %d candidates, best %.3f, %.0f ms",
            number,
            len(request.candidates),
            best[0][0],
            1000 * latencies[-1],
        )
    log.info("median latency %.0f ms", 1000 * float(np.median(latencies)))


if __name__ == "__main__":
    main()
