from tiny import keras, np

model = keras.Sequential(
    [
        keras.Input(batch_shape=(2, 3, 1)),
        keras.layers.GRU(2, stateful=True, kernel_initializer="ones", recurrent_initializer="ones"),
    ]
)
data = np.ones((2, 3, 1), "float32")
print("results:", [model.predict(data, verbose=0, batch_size=2).tolist() for _ in range(4)])
print("calls:", [model(data).numpy().tolist() for _ in range(3)])
model.layers[0].reset_state()
print("reset:", model.predict(data, verbose=0, batch_size=2).tolist())
