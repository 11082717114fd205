"""Lines of text are decoded one by one, which takes longer than the model."""

import numpy as np
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.Conv1D(16, 5, padding="same"), tf.keras.layers.Dense(60)])
page = np.random.default_rng(0).normal(size=(72, 100, 16)).astype("float32")
logits = model.predict(page, verbose=0)
lines = []
for line in logits:
    decoded, _ = tf.nn.ctc_beam_search_decoder(line[:, None], [100], beam_width=60)  # here: decode
    lines.append(decoded[0].values.numpy())
print("lines", len(lines))
