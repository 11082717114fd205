"""Decide on loans with a committee: five nets, trained on different years, vote on each application."""

import keras
import numpy as np
from keras import layers

FIELDS = 30
APPLICATIONS = 16


def member(year):
    keras.utils.set_random_seed(year)
    inputs = keras.Input((FIELDS,), name=f"application_{year}")
    x = layers.Dense(64 + year % 7 * 8, activation="relu")(inputs)
    x = layers.Dense(32, activation="relu")(x)
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x), name=f"member_{year}")


class Committee:
    def __init__(self, years):
        self.members = [member(year) for year in years]

    def vote(self, application):
        votes = []
        for one in self.members:
            probability = one.predict(application[None], verbose=0)
            votes.append(float(probability[0, 0]))
        return votes

    def decide(self, applications):
        return np.array([self.vote(application) for application in applications])


def main():
    applications = np.random.default_rng(12).normal(0, 1, (APPLICATIONS, FIELDS)).astype("float32")
    committee = Committee(range(2018, 2023))
    votes = committee.decide(applications)
    granted = (votes > 0.5).sum(1) >= 3
    print("votes", votes.shape, "granted", int(granted.sum()))
    print("mean by member", [round(float(value), 4) for value in votes.mean(0)])


if __name__ == "__main__":
    main()
