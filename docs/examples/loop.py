import numpy as np
import keras

model = keras.Sequential([keras.layers.Input((16,)), keras.layers.Dense(32, "relu"), keras.layers.Dense(4)])
states = np.random.rand(200, 16).astype("float32")

actions = []
for state in states:
    scores = model.predict(state[None], verbose=0)
    actions.append(int(scores.argmax()))

print(len(actions), "actions")
