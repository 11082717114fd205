"""Sort complaints of a railway into departments."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(41)

SMALL_WORDS = (
    "a an and are as at be been but by can did do for from had has have he her his how i if in "
    "into is it its just me more my no not of on or our out over she so some than that the their "
    "them then there these they this those to too up us very was we were what when where which "
    "while who will with you your about after again against all am any because before being "
    "below between both during each few further here itself off once only other own same such "
    "through under until why"
).split()
TOPICS = "train bus ticket refund delay seat conductor station lift toilet noise app".split()


def clean(text):
    text = tf.strings.lower(text)
    text = tf.strings.regex_replace(text, r"<[^>]+>", " ")
    text = tf.strings.regex_replace(text, rf"\b(?:{'|'.join(SMALL_WORDS)})\b", "")
    return tf.strings.regex_replace(text, r"[^a-z ]", "")


def letters(count: int) -> np.ndarray:
    random = np.random.default_rng(1)
    words = np.array(SMALL_WORDS + TOPICS * 6)
    picks = random.integers(0, len(words), (count, 200))
    return np.array([" ".join(words[row]) for row in picks], dtype=object)


def triage(vectorise: layers.TextVectorization) -> keras.Model:
    complaint = keras.Input((), dtype="string")
    x = layers.Embedding(vectorise.vocabulary_size(), 24)(vectorise(complaint))
    x = layers.GlobalAveragePooling1D()(x)
    x = layers.Dense(16, activation="relu")(x)
    return keras.Model(complaint, layers.Dense(5, activation="softmax")(x))


def main() -> None:
    complaints = letters(30_000)
    vectorise = layers.TextVectorization(standardize=clean, output_sequence_length=40)
    vectorise.adapt(complaints[:50])
    model = triage(vectorise)
    departments = model.predict(tf.constant(complaints.tolist()), batch_size=200, verbose=0)
    print("words", vectorise.vocabulary_size(), "letters", len(departments))
    print("departments", np.round(departments.sum(axis=0), 1))


main()
