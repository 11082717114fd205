"""A DQN learns to keep a cart in the middle: one predict a step, and one for each row it replays."""

import time

BEGAN = time.perf_counter()

import os
import random

import numpy as np
from tensorflow import keras

STEPS = 30 * int(os.environ.get("REPEAT", "1"))
REPLAY_EVERY, REPLAYED_ROWS = 10, 10


class Cart:
    """A cart on a line: pushed left or right, it ends where it runs off."""

    def reset(self):
        self.state = np.random.uniform(-0.1, 0.1, 4).astype("float32")
        return self.state

    def step(self, action):
        place, speed, wind, _ = self.state
        speed += 0.1 if action else -0.1
        wind = 0.9 * wind + 0.05 * np.random.standard_normal()
        self.state = np.array([place + 0.1 * speed, speed + wind, wind, float(action)], "float32")
        ended = abs(self.state[0]) > 1
        return self.state, -abs(float(self.state[0])), ended


class Agent:
    def __init__(self):
        self.calls = {"act": 0, "replay": 0}
        self.memory = []
        inputs = keras.layers.Input((4,))
        x = keras.layers.Dense(24, activation="relu")(inputs)
        x = keras.layers.Dense(24, activation="relu")(x)
        self.model = keras.Model(inputs, keras.layers.Dense(2)(x))
        self.model.compile("adam", "mse")

    def act(self, state):
        if random.random() < 0.1:
            state = state + 0.01
        values = self.model.predict(state[np.newaxis], verbose=0)  # here: act
        self.calls["act"] += 1
        return int(np.argmax(values[0]))

    def replay(self):
        states, targets = [], []
        for state, action, reward, after, ended in random.sample(self.memory, REPLAYED_ROWS):
            target = self.model.predict(np.stack([state, after]), verbose=0)  # here: replay
            self.calls["replay"] += 1
            target[0][action] = reward + (0 if ended else 0.95 * np.max(target[1]))
            states.append(state)
            targets.append(target[0])
        self.model.fit(np.array(states), np.array(targets), verbose=0)  # here: fit


def main():
    random.seed(0)
    np.random.seed(0)
    cart, agent = Cart(), Agent()
    state, fits = cart.reset(), 0
    for step in range(1, STEPS + 1):
        action = agent.act(state)
        after, reward, ended = cart.step(action)
        agent.memory.append((state, action, reward, after, ended))
        state = cart.reset() if ended else after
        if step % REPLAY_EVERY == 0:
            agent.replay()
            fits += 1
    print("act", agent.calls["act"])
    print("replay", agent.calls["replay"])
    print("fit", fits)


if __name__ == "__main__":
    main()
    print(f"took {time.perf_counter() - BEGAN:.6f} s")
