"""DQN for picker robots on a small warehouse grid (vectorised environment)."""

import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from keras import layers

GRID, ROBOTS, OBS, ACTIONS = 12, 64, 6, 4
MOVES = np.array([[0, 1], [0, -1], [1, 0], [-1, 0]])


class Warehouse:
    def __init__(self, rng):
        self.rng = rng
        self.pos = rng.integers(0, GRID, (ROBOTS, 2))
        self.goal = rng.integers(0, GRID, (ROBOTS, 2))

    def observe(self):
        return np.concatenate([self.pos, self.goal, self.goal - self.pos], 1).astype(np.float32) / GRID

    def step(self, action):
        self.pos = np.clip(self.pos + MOVES[action], 0, GRID - 1)
        done = (self.pos == self.goal).all(1)
        reward = np.where(done, 1.0, -0.02).astype(np.float32)
        after = self.observe()
        self.goal[done] = self.rng.integers(0, GRID, (int(done.sum()), 2))
        return after, reward, done.astype(np.float32)


def q_network():
    inp = keras.Input((OBS,))
    x = inp
    for _ in range(3):
        x = layers.LayerNormalization()(layers.Dense(128, activation="relu")(x))
    value = layers.Dense(1)(layers.Dense(64, activation="relu")(x))
    advantage = layers.Dense(ACTIONS)(layers.Dense(64, activation="relu")(x))
    return keras.Model(inp, layers.Add()([value, advantage]))


class Agent:
    def __init__(self):
        self.policy, self.target = q_network(), q_network()
        self.sync()
        self.optimizer = keras.optimizers.Adam(1e-3)
        self.optimizer.build(self.policy.trainable_variables)

    def sync(self):
        self.target.set_weights(self.policy.get_weights())

    @tf.function
    def act(self, obs, epsilon):
        greedy = tf.argmax(self.policy(obs, training=False), axis=1, output_type=tf.int32)
        n = tf.shape(obs)[0]
        wander = tf.random.uniform([n], 0, ACTIONS, dtype=tf.int32)
        return tf.where(tf.random.uniform([n]) < epsilon, wander, greedy)

    @tf.function
    def learn(self, obs, action, reward, after, done):
        best = tf.reduce_max(self.target(after, training=False), axis=1)
        goal = reward + 0.97 * (1.0 - done) * best
        with tf.GradientTape() as tape:
            q = tf.gather(self.policy(obs, training=True), action, batch_dims=1)
            loss = tf.reduce_mean(tf.square(goal - q))
        variables = self.policy.trainable_variables
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        return loss


def main(steps=360):
    keras.utils.set_random_seed(1)
    world, agent = Warehouse(np.random.default_rng(1)), Agent()
    obs, picked = world.observe(), 0.0
    start = time.perf_counter()
    for step in range(steps):
        action = agent.act(obs, max(0.05, 1.0 - step / steps)).numpy()
        after, reward, done = world.step(action)
        loss = agent.learn(obs, action, reward, after, done)
        obs, picked = world.observe(), picked + done.sum()
        if step % 100 == 99:
            agent.sync()
            print(f"step {step + 1}: {picked:.0f} picks, loss {float(loss):.4f}")
    print(f"{steps} steps in {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
