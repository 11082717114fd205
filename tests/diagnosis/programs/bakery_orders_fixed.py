"""Order for every branch of a bakery: three weeks ahead, day after day, from what the branch sold so far."""

import keras
import numpy as np
from keras import layers

BRANCHES = 45
DAYS = 21
PAST = 56
GOODS = 8


def build():
    keras.utils.set_random_seed(28)
    sold = keras.Input((PAST, GOODS), name="sold")
    weekday = keras.Input((7,), name="weekday")
    x = layers.Conv1D(96, 7, padding="causal", activation="relu")(sold)
    x = layers.Conv1D(96, 7, padding="causal", activation="relu")(x)
    x = layers.GRU(96)(x)
    x = layers.Concatenate()([x, weekday])
    return keras.Model([sold, weekday], layers.Dense(GOODS, activation="softplus")(x))


def weekday_of(day, count):
    flags = np.zeros((count, 7), "float32")
    flags[:, day % 7] = 1
    return flags


class Orders:
    def __init__(self, model, history):
        self.model = model
        self.history = history

    def ahead(self, history):
        orders = []
        for day in range(DAYS):
            tomorrow = self.model.predict_on_batch([history, weekday_of(day, len(history))])
            orders.append(tomorrow)
            history = np.concatenate([history[:, 1:], tomorrow[:, None]], 1)
        return np.stack(orders, 1)

    def all_branches(self):
        return self.ahead(self.history)


def main():
    history = np.random.default_rng(1).gamma(3.0, 0.4, (BRANCHES, PAST, GOODS)).astype("float32")
    orders = Orders(build(), history).all_branches()
    print("orders", orders.shape, "total", round(float(orders.sum()), 1))
    print("branch 7", [round(float(value), 3) for value in orders[7, -1, :4]])


if __name__ == "__main__":
    main()
