"""Match field recordings against the reference collection of bird calls.

Every clip is a 32-frame log-mel snippet cut out by the recorder's trigger.
The collection holds a few embeddings per known individual; a clip is assigned
to the individual whose references it is closest to.
"""

import argparse
import os
import time
from collections import Counter

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from keras import layers, ops

FRAMES, MELS = 32, 40
EMBEDDING = 128
PER_INDIVIDUAL = 8


class ReferenceMatch(layers.Layer):
    """Soft assignment of an embedding to the stored references."""

    def __init__(self, count, sharpness=4.0, **kwargs):
        super().__init__(**kwargs)
        self.count = count
        self.sharpness = sharpness

    def build(self, input_shape):
        self.references = self.add_weight(
            name="references",
            shape=(self.count, input_shape[-1]),
            initializer="zeros",
            trainable=False,
        )

    def call(self, embedding):
        difference = ops.expand_dims(embedding, 1) - self.references
        distance = ops.sum(ops.square(difference), axis=-1)
        return ops.softmax(-self.sharpness * distance)


def build_embedder():
    mel = keras.Input((FRAMES, MELS), name="mel")
    x = layers.Conv1D(96, 5, padding="same", activation="relu")(mel)
    x = layers.MaxPooling1D(2)(x)
    x = layers.Conv1D(128, 3, padding="same", activation="relu")(x)
    x = layers.GlobalAveragePooling1D()(x)
    x = layers.Dense(EMBEDDING)(x)
    x = layers.UnitNormalization()(x)
    return keras.Model(mel, x, name="call_embedder")


def record_clips(count, individuals, rng):
    """Snippets that follow one of the individuals' typical contours."""
    owner = rng.integers(0, individuals, size=count)
    contours = rng.normal(size=(individuals, FRAMES, 1)).astype("float32")
    timbre = rng.normal(size=(individuals, 1, MELS)).astype("float32")
    clips = contours[owner] * timbre[owner]
    clips += 0.3 * rng.standard_normal(clips.shape, dtype="float32")
    return clips, owner


def build_matcher(embedder, references):
    match = ReferenceMatch(len(references), name="match")
    model = keras.Model(embedder.input, match(embedder.output), name="call_matcher")
    match.set_weights([references])
    return model


def main(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--clips", type=int, default=12800)
    parser.add_argument("--individuals", type=int, default=250)
    parser.add_argument("--batch-size", type=int, default=128)
    args = parser.parse_args(argv)

    keras.utils.set_random_seed(41)
    rng = np.random.default_rng(41)
    embedder = build_embedder()

    enrolled = args.individuals * PER_INDIVIDUAL
    clips, owner = record_clips(args.clips + enrolled, args.individuals, rng)
    references = embedder.predict(clips[:enrolled], batch_size=256, verbose=0)
    reference_owner = owner[:enrolled]
    print(f"{enrolled} references of {args.individuals} individuals")

    matcher = build_matcher(embedder, references)
    began = time.perf_counter()
    weights = matcher.predict(clips[enrolled:], batch_size=args.batch_size, verbose=0)
    took = time.perf_counter() - began

    assigned = reference_owner[weights.argmax(axis=1)]
    agreement = (assigned == owner[enrolled:]).mean()
    print(f"{len(weights)} clips in {took:.1f} s, agreement {100 * agreement:.1f} %")
    busiest = Counter(assigned.tolist()).most_common(5)
    print("busiest individuals:", ", ".join(f"#{who} ({n})" for who, n in busiest))


if __name__ == "__main__":
    main()
