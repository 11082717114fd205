import inspect

from tiny import keras, model, x

before = set(dir(model)), set(vars(model)), set(dir(keras.Model)), list(vars(keras.Model))
model.predict(x, verbose=0)
model(x)
print("dir:", sorted(set(dir(model)) - before[0]))
print("vars:", sorted(set(vars(model)) - before[1]))
print("class:", sorted(set(dir(keras.Model)) - before[2]), list(vars(keras.Model)) == before[3])
print(
    "type:", type(model).__name__, type(type(model)).__name__, [one.__name__ for one in type(model).__mro__]
)
print("order:", list(vars(keras.Model)))
print("layer:", list(vars(keras.layers.Layer)))
print("sequential:", list(vars(keras.Sequential)))
print("members:", len(inspect.getmembers_static(keras.Model)), len(dir(keras)), len(dir(keras.Model)))
print("package:", [name for name in dir(keras) if "profile" in name], keras.Model.__init__.__name__)
