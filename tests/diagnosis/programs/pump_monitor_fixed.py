"""Follow a pump second by second. The recurrent net keeps what it has seen of the running shift."""

import keras
import numpy as np
from keras import layers

SENSORS = 6
SHIFTS = 2
SECONDS = 60


class PumpMonitor:
    def __init__(self):
        keras.utils.set_random_seed(50)
        reading = keras.Input(batch_shape=(1, 1, SENSORS))
        x = layers.GRU(32, stateful=True, return_sequences=True)(reading)
        self.memory = layers.GRU(16, stateful=True)
        x = self.memory(x)
        self.model = keras.Model(reading, layers.Dense(1, activation="sigmoid")(x))
        self.warnings = 0

    def new_shift(self):
        for layer in self.model.layers:
            if isinstance(layer, layers.GRU):
                layer.reset_state()

    def update(self, reading):
        wear = self.model.predict_on_batch(reading.reshape(1, 1, SENSORS))
        self.warnings += int(wear[0, 0] > 0.52)
        return float(wear[0, 0])


def readings(shift):
    rng = np.random.default_rng(shift)
    return rng.normal(0, 1, (SECONDS, SENSORS)).cumsum(0).astype("float32") / 5


def main():
    monitor = PumpMonitor()
    for shift in range(SHIFTS):
        monitor.new_shift()
        wear = [monitor.update(reading) for reading in readings(shift)]
        print("shift", shift, "last", round(wear[-1], 4), "highest", round(max(wear), 4))
    print("warnings", monitor.warnings)


if __name__ == "__main__":
    main()
