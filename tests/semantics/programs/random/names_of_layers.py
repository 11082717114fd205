from tiny import keras, make, x

first = keras.layers.Dense(1).name
model = keras.Sequential([keras.layers.Dense(1), keras.layers.Dense(2)])
for _ in range(10):
    model.predict(x, verbose=0)
    model(x)
make().predict(x, verbose=0)
print("names:", first, model.name, [layer.name for layer in model.layers], keras.layers.Dense(1).name)
print("next:", keras.Sequential().name, keras.layers.Conv1D(1, 1).name, keras.layers.Layer().name)
import tensorflow as tf

print(
    "tensorflow:",
    tf.Variable(1.0).name,
    tf.function(lambda: 1).name,
    tf.compat.v1.get_default_graph().unique_name("a"),
)
