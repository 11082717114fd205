from tiny import keras, np, x

one, two = keras.Input((4,), name="one"), keras.Input((2,), name="two")
joined = keras.layers.Concatenate()([one, two])
dense = keras.layers.Dense(1, kernel_initializer="ones", name="sum")
model = keras.Model({"one": one, "two": two}, {"sum": dense(joined), "joined": joined})
data = {"one": x, "two": x[:, :2]}
result = model.predict(data, verbose=0)
print("result:", {name: value.tolist() for name, value in sorted(result.items())}, type(result).__name__)
print("call:", sorted(model(data)), list(data), data["one"] is x)
print("batch:", sorted(model.predict_on_batch(data)))
listed = keras.Model([one, two], [dense(joined), joined])
print(
    "listed:",
    [value.shape for value in listed.predict([x, x[:, :2]], verbose=0)],
    type(listed([x, x[:, :2]])).__name__,
)
print("order:", list(model.predict({"two": x[:, :2], "one": x}, verbose=0)), np.__name__)
