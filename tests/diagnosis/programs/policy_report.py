"""Roll out saved policies in a vectorised cart environment and report advantage statistics."""

import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

N_ENVS = 20
HORIZON = 500
GAMMA, LAMBDA = 0.99, 0.95


class CartEnv:
    def __init__(self, n, seed):
        self.rng = np.random.default_rng(seed)
        self.state = self._fresh(n)

    def _fresh(self, n):
        return self.rng.uniform(-0.05, 0.05, (n, 4)).astype("float32")

    def step(self, action):
        x, v, th, w = self.state.T
        force = np.where(action == 1, 10.0, -10.0)
        temp = (force + 0.05 * w**2 * np.sin(th)) / 1.1
        acc = (9.8 * np.sin(th) - np.cos(th) * temp) / (0.5 * (4 / 3 - 0.1 * np.cos(th) ** 2 / 1.1))
        v = v + 0.02 * (temp - 0.05 * acc * np.cos(th) / 1.1)
        w = w + 0.02 * acc
        self.state = np.stack([x + 0.02 * v, v, th + 0.02 * w, w], axis=1).astype("float32")
        done = (np.abs(self.state[:, 0]) > 2.4) | (np.abs(self.state[:, 2]) > 0.21)
        self.state[done] = self._fresh(int(done.sum()))
        return self.state.copy(), np.where(done, -1.0, 1.0).astype("float32"), done


def mlp(n_out, seed):
    init = keras.initializers.GlorotUniform(seed=seed)
    return keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(64, activation="tanh", kernel_initializer=init),
            layers.Dense(64, activation="tanh", kernel_initializer=init),
            layers.Dense(n_out),
        ]
    )


class Agent:
    def __init__(self, seed):
        self.policy = mlp(2, seed)
        self.critic = mlp(1, seed + 1)

    @tf.function
    def act(self, obs):
        return tf.random.categorical(self.policy(obs), 1)[:, 0]

    @tf.function
    def value(self, obs):
        return self.critic(obs)[..., 0]


def rollout(agent, seed):
    env = CartEnv(N_ENVS, seed)
    obs = np.zeros((HORIZON + 1, N_ENVS, 4), "float32")
    rewards = np.zeros((HORIZON, N_ENVS), "float32")
    dones = np.zeros((HORIZON, N_ENVS), bool)
    obs[0] = env.state
    for t in range(HORIZON):
        action = agent.act(tf.constant(obs[t])).numpy()
        obs[t + 1], rewards[t], dones[t] = env.step(action)
    values = agent.value(tf.constant(obs.reshape(-1, 4)))
    return rewards, dones, tf.reshape(values, (HORIZON + 1, N_ENVS))


def gae(rewards, dones, values):
    adv = np.zeros(len(rewards), "float32")
    last = 0.0
    for t in reversed(range(len(rewards))):
        alive = 0.0 if dones[t] else 1.0
        delta = rewards[t] + GAMMA * values[t + 1] * alive - values[t]
        last = delta + GAMMA * LAMBDA * alive * last
        adv[t] = last
    return adv


if __name__ == "__main__":
    for seed in (10, 20, 30):
        t0 = time.time()
        rewards, dones, values = rollout(Agent(seed), seed)
        adv = np.stack([gae(rewards[:, i], dones[:, i], values[:, i]) for i in range(N_ENVS)])
        print(
            f"policy {seed}: episodes {int(dones.sum())}, reward {rewards.mean():.3f}, "
            f"advantage {adv.mean():+.2f} +- {adv.std():.2f}, {time.time() - t0:.1f}s"
        )
