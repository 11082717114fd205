"""Continue a glucose curve for the next hours: each value that comes out is the newest value that goes in."""

import keras
import numpy as np

WINDOW = 48
HORIZON = 72


def forecaster():
    keras.utils.set_random_seed(19)
    return keras.Sequential(
        [
            keras.Input((WINDOW, 2)),
            keras.layers.LSTM(24, return_sequences=True),
            keras.layers.LSTM(12),
            keras.layers.Dense(1),
        ]
    )


def measured():
    hours = np.arange(WINDOW) / 4
    return 6.0 + 1.5 * np.sin(hours / 3) + 0.4 * np.cos(hours)


def continue_curve(model, curve, horizon):
    curve = list(curve)
    for step in range(horizon):
        clock = (np.arange(step, step + WINDOW) % 96) / 96
        window = np.stack([np.asarray(curve[-WINDOW:]) / 10, clock], -1).astype("float32")
        change = model.predict(window[None], verbose=0)
        curve.append(curve[-1] + float(change[0, 0]))
    return curve[-horizon:]


if __name__ == "__main__":
    future = continue_curve(forecaster(), measured(), HORIZON)
    print("steps", len(future))
    print("first", round(future[0], 3), "lowest", round(min(future), 3), "last", round(future[-1], 3))
