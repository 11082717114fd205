"""Translate service-manual sentences with the in-house EN->DE seq2seq model.

python manual_translator.py --sentences 40
"""

import argparse
import logging
import os
import time
from dataclasses import dataclass

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

log = logging.getLogger("translator")

PAD, BOS, EOS = 0, 1, 2


@dataclass(frozen=True)
class Config:
    src_vocab: int = 12000
    tgt_vocab: int = 8000
    src_len: int = 192
    tgt_len: int = 24
    width: int = 256
    hidden: int = 1024
    heads: int = 4
    encoder_depth: int = 4
    decoder_depth: int = 1


class TokenAndPosition(layers.Layer):
    def __init__(self, vocab, length, width, **kwargs):
        super().__init__(**kwargs)
        self.token_table = layers.Embedding(vocab, width)
        self.position_table = layers.Embedding(length, width)

    def call(self, ids):
        where = ops.arange(ops.shape(ids)[1])
        return self.token_table(ids) + self.position_table(where)


def feed_forward(x, cfg):
    h = layers.Dense(cfg.hidden, activation="relu")(x)
    h = layers.Dense(cfg.width)(h)
    return layers.LayerNormalization()(x + h)


def encoder_block(x, cfg):
    att = layers.MultiHeadAttention(cfg.heads, cfg.width // cfg.heads)(x, x)
    x = layers.LayerNormalization()(x + att)
    return feed_forward(x, cfg)


def decoder_block(y, memory, cfg):
    att = layers.MultiHeadAttention(cfg.heads, cfg.width // cfg.heads)(y, y, use_causal_mask=True)
    y = layers.LayerNormalization()(y + att)
    cross = layers.MultiHeadAttention(cfg.heads, cfg.width // cfg.heads)(y, memory)
    y = layers.LayerNormalization()(y + cross)
    return feed_forward(y, cfg)


def build_model(cfg):
    src = keras.Input((cfg.src_len,), dtype="int32", name="src")
    tgt = keras.Input((cfg.tgt_len,), dtype="int32", name="tgt")

    x = TokenAndPosition(cfg.src_vocab, cfg.src_len, cfg.width)(src)
    for _ in range(cfg.encoder_depth):
        x = encoder_block(x, cfg)
    memory = layers.Activation("linear", name="memory")(x)

    y = TokenAndPosition(cfg.tgt_vocab, cfg.tgt_len, cfg.width)(tgt)
    for _ in range(cfg.decoder_depth):
        y = decoder_block(y, memory, cfg)
    logits = layers.Dense(cfg.tgt_vocab, name="logits")(y)
    return keras.Model([src, tgt], logits, name="manual_en_de")


class Translator:
    def __init__(self, model, cfg):
        self.model = model
        self.cfg = cfg

        @tf.function
        def forward(src, tgt):
            return model([src, tgt], training=False)

        self._forward = forward

    def translate(self, src_ids):
        """Greedy decoding of a batch of padded source rows."""
        src = tf.constant(src_ids)
        out = np.full((len(src_ids), self.cfg.tgt_len), PAD, dtype=np.int32)
        out[:, 0] = BOS
        finished = np.zeros(len(src_ids), dtype=bool)
        for pos in range(1, self.cfg.tgt_len):
            logits = self._forward(src, tf.constant(out))
            token = logits[:, pos - 1].numpy().argmax(axis=-1)
            token[finished] = PAD
            out[:, pos] = token
            finished |= token == EOS
            if finished.all():
                break
        return out


def load_sentences(count, cfg, seed=5):
    """Paragraph-sized entries of the parts catalogue, already tokenised."""
    rng = np.random.default_rng(seed)
    return rng.integers(3, cfg.src_vocab, size=(count, cfg.src_len), dtype=np.int32)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=40)
    parser.add_argument("--batch", type=int, default=8)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")

    cfg = Config()
    keras.utils.set_random_seed(5)
    translator = Translator(build_model(cfg), cfg)
    rows = load_sentences(args.sentences, cfg)

    began = time.perf_counter()
    results = []
    for i in range(0, len(rows), args.batch):
        results.append(translator.translate(rows[i : i + args.batch]))
        log.info("translated %d/%d", min(i + args.batch, len(rows)), len(rows))
    results = np.concatenate(results)
    took = time.perf_counter() - began
    log.info("%.1f s, %.2f s per sentence", took, took / len(rows))
    log.info("first row: %s", " ".join(map(str, results[0])))


if __name__ == "__main__":
    main()
