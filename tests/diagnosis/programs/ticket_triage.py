"""Routes the tickets of the last hour to the teams. Started by cron, reads a JSON-lines dump."""

import collections
import json
import random
import re
import tempfile
import time

import keras
import numpy as np
from keras import layers, ops

MAX_LEN = 512
TEAMS = ["billing", "network", "hardware", "accounts", "spam"]
PHRASES = [
    "my invoice is wrong",
    "cannot log in since monday",
    "the router blinks red",
    "please reset my password",
    "refund not received",
    "laptop screen is broken",
    "wifi drops every evening",
    "thanks for your help",
    "who do i have to contact about this",
    "order number 4711 was charged twice",
    "vpn asks for a token",
]


def dump_tickets(path, count=480, seed=9):
    rng = random.Random(seed)
    with open(path, "w") as fh:
        for i in range(count):
            body = ". ".join(rng.choice(PHRASES) for _ in range(rng.randint(1, 6)))
            fh.write(json.dumps({"id": i, "subject": rng.choice(PHRASES), "body": body}) + "\n")


class Tokenizer:
    _word = re.compile(r"[a-z0-9]+")

    def __init__(self, texts, size=5000):
        counts = collections.Counter(w for t in texts for w in self._word.findall(t.lower()))
        self.index = {w: i + 2 for i, (w, _) in enumerate(counts.most_common(size))}

    def __call__(self, text):
        return [self.index.get(w, 1) for w in self._word.findall(text.lower())]


class EncoderBlock(layers.Layer):
    def __init__(self, dim, heads, hidden, **kwargs):
        super().__init__(**kwargs)
        self.attention = layers.MultiHeadAttention(heads, dim // heads)
        self.norm1, self.norm2 = layers.LayerNormalization(), layers.LayerNormalization()
        self.ff1, self.ff2 = layers.Dense(hidden, activation="gelu"), layers.Dense(dim)

    def call(self, x, keep):
        x = self.norm1(x + self.attention(x, x, attention_mask=keep[:, None, :]))
        return self.norm2(x + self.ff2(self.ff1(x)))


class TicketModel(keras.Model):
    def __init__(self, vocab, dim=96, depth=2):
        super().__init__()
        self.words = layers.Embedding(vocab, dim)
        self.positions = layers.Embedding(MAX_LEN, dim)
        self.blocks = [EncoderBlock(dim, 4, 256) for _ in range(depth)]
        self.head = layers.Dense(len(TEAMS), activation="softmax")

    def call(self, ids):
        keep = ops.not_equal(ids, 0)
        x = self.words(ids) + self.positions(ops.arange(ops.shape(ids)[1]))
        for block in self.blocks:
            x = block(x, keep)
        weight = ops.cast(keep, x.dtype)[:, :, None]
        return self.head(ops.sum(x * weight, axis=1) / ops.maximum(ops.sum(weight, axis=1), 1.0))


def prepare(tickets, tokenizer):
    sequences = [tokenizer(t["subject"] + " " + t["body"]) for t in tickets]
    return keras.utils.pad_sequences(sequences, maxlen=MAX_LEN, padding="post", truncating="post")


def main():
    keras.utils.set_random_seed(1)
    with tempfile.TemporaryDirectory() as folder:
        dump = folder + "/tickets.jsonl"
        dump_tickets(dump)
        with open(dump) as lines:
            tickets = [json.loads(line) for line in lines]
    tokenizer = Tokenizer(t["subject"] + " " + t["body"] for t in tickets)
    model = TicketModel(vocab=5002)
    model(np.ones((1, 4), "int32"))  # creates the weights
    t0 = time.time()
    scores = model.predict(prepare(tickets, tokenizer), batch_size=32, verbose=0)
    routed = collections.Counter(TEAMS[i] for i in scores.argmax(axis=1))
    print(
        f"routed {len(scores)} tickets in {time.time() - t0:.1f}s: {dict(routed)}, "
        f"mean confidence {float(np.max(scores, axis=1).mean()):.3f}"
    )


if __name__ == "__main__":
    main()
