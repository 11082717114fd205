#: with PYTHONHASHSEED=0
from tiny import keras, x

keras.utils.set_random_seed(11)
model = keras.Sequential([keras.layers.Dense(5), keras.layers.Dropout(0.5), keras.layers.Dense(2)])
print("result:", model.predict(x, verbose=0).tolist())
print("training:", model(x, training=True).numpy().tolist())
print("again:", model(x, training=True).numpy().tolist())
model.compile("sgd", "mse")
model.fit(x, x[:, :2] / 32, epochs=2, batch_size=2, verbose=0)
print("trained:", [one.tolist() for one in model.get_weights()])
