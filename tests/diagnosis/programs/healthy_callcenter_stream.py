"""Live agitation detector: all open call-centre lines are advanced together, 160 ms at a time."""

import collections
import logging
import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

logging.basicConfig(level=logging.INFO, format="%(message)s")
log = logging.getLogger("stream")

LINES = 48
RATE = 16000
HOP, FRAME, FFT = 160, 400, 512
CHUNK = 16 * HOP
TAIL = FRAME - HOP
MELS, UNITS = 64, 384


def build_network():
    mel = layers.Input((CHUNK // HOP, MELS), name="mel")
    states = [layers.Input((UNITS,), name=f"state{i}") for i in range(2)]
    x = layers.Dense(256, activation="relu")(mel)
    new_states = []
    for state in states:
        x, new_state = layers.GRU(UNITS, return_sequences=True, return_state=True)(x, initial_state=state)
        new_states.append(new_state)
    agitation = layers.Dense(1, activation="sigmoid")(x[:, -1])
    return keras.Model([mel, *states], [agitation, *new_states])


class StreamingDetector:
    """Keeps the audio tail and the recurrent state of every line between two ticks."""

    def __init__(self):
        self.network = build_network()
        self.mel_matrix = tf.signal.linear_to_mel_weight_matrix(MELS, FFT // 2 + 1, RATE, 80.0, 7600.0)
        self.tail = tf.zeros((LINES, TAIL))
        self.states = [tf.zeros((LINES, UNITS)), tf.zeros((LINES, UNITS))]
        self._step = tf.function(
            self._advance,
            input_signature=[
                tf.TensorSpec((LINES, CHUNK)),
                tf.TensorSpec((LINES, TAIL)),
                tf.TensorSpec((LINES, UNITS)),
                tf.TensorSpec((LINES, UNITS)),
            ],
        )

    def _advance(self, chunk, tail, state0, state1):
        audio = tf.concat([tail, chunk], axis=1)
        spectrum = tf.abs(tf.signal.stft(audio, FRAME, HOP, FFT))
        mel = tf.math.log(tf.matmul(spectrum, self.mel_matrix) + 1e-6)
        mel = tf.ensure_shape(mel, (LINES, CHUNK // HOP, MELS))
        score, state0, state1 = self.network([mel, state0, state1], training=False)
        return score[:, 0], audio[:, -TAIL:], state0, state1

    def tick(self, chunk):
        score, self.tail, *self.states = self._step(tf.constant(chunk), self.tail, *self.states)
        return score.numpy()


class Smoother:
    def __init__(self, length=8, threshold=0.5):
        self.recent = collections.deque(maxlen=length)
        self.threshold = threshold

    def update(self, scores):
        self.recent.append(scores)
        return np.flatnonzero(np.mean(self.recent, axis=0) > self.threshold)


def telephony(ticks, seed=17):
    rng = np.random.default_rng(seed)
    loudness = rng.uniform(0.01, 0.3, (LINES, 1)).astype("float32")
    for _ in range(ticks):
        yield loudness * rng.standard_normal((LINES, CHUNK), dtype="float32")


if __name__ == "__main__":
    keras.utils.set_random_seed(4)
    detector, smoother = StreamingDetector(), Smoother()
    alarms, slowest = 0, 0.0
    for number, chunk in enumerate(telephony(ticks=280)):
        begin = time.perf_counter()
        alarms += len(smoother.update(detector.tick(chunk)))
        if number:
            slowest = max(slowest, time.perf_counter() - begin)
        if number % 100 == 0:
            log.info("tick %d, %d alarms so far", number, alarms)
    print(f"{LINES} lines, {280 * CHUNK / RATE:.0f}s of audio, {alarms} alarms, slowest tick {slowest:.3f} s")
