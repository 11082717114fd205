import hashlib
import random

from tiny import keras, model, np, x

import tensorflow as tf

random.seed(3)
np.random.seed(3)
tf.random.set_seed(3)
keras.utils.set_random_seed(3)
model.predict(x, verbose=0)
for _ in range(20):
    model.predict(x, verbose=0)
    model(x)
print("random:", random.random(), hashlib.sha256(repr(random.getstate()).encode()).hexdigest()[:8])
print("numpy:", np.random.rand(3).tolist())
print(
    "tensorflow:", tf.random.uniform((3,)).numpy().tolist(), tf.random.normal((1,), seed=4).numpy().tolist()
)
print(
    "keras:", keras.random.uniform((2,)).numpy().tolist(), keras.random.normal((2,), seed=5).numpy().tolist()
)
