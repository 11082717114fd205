"""Find bird calls in short recordings: log spectrogram of each clip, then a convolutional classifier."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

CLIPS = 700
SAMPLES = 4000


def recordings():
    rng = np.random.default_rng(33)
    time = np.arange(SAMPLES, dtype="float32") / 8000
    pitch = rng.uniform(400, 3000, (CLIPS, 1)).astype("float32")
    noise = rng.normal(0, 0.1, (CLIPS, SAMPLES)).astype("float32")
    return np.sin(2 * np.pi * pitch * time).astype("float32") + noise


def features(clip):
    clip = tf.convert_to_tensor(clip)
    clip = clip - tf.reduce_mean(clip, axis=-1, keepdims=True)
    clip = clip / (tf.math.reduce_std(clip, axis=-1, keepdims=True) + 1e-5)
    spectrum = tf.abs(tf.signal.stft(clip, frame_length=256, frame_step=128))
    power = tf.math.log(tf.square(spectrum) + 1e-3)
    lowest = tf.reduce_min(power, axis=(-2, -1), keepdims=True)
    highest = tf.reduce_max(power, axis=(-2, -1), keepdims=True)
    return (power - lowest) / (highest - lowest)


def classifier(shape):
    keras.utils.set_random_seed(4)
    inputs = keras.Input(shape)
    x = layers.Reshape((*shape, 1))(inputs)
    x = layers.Conv2D(8, 3, strides=2, activation="relu")(x)
    x = layers.Conv2D(16, 3, strides=2, activation="relu")(x)
    x = layers.GlobalMaxPooling2D()(x)
    return keras.Model(inputs, layers.Dense(5, activation="softmax")(x))


def prepare(clips):
    return features(clips).numpy()


def main():
    spectrograms = prepare(recordings())
    model = classifier(spectrograms.shape[1:])
    species = model.predict(spectrograms, batch_size=64, verbose=0)
    print("clips", len(species), "mean", np.round(species.mean(0), 3).tolist())


if __name__ == "__main__":
    main()
