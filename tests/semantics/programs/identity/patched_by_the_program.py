import functools

from tiny import keras, model, x

counted = []
original = keras.Model.predict


@functools.wraps(original)
def predict(self, *arguments, **options):
    counted.append(type(self).__name__)
    return original(self, *arguments, **options)


model.predict(x, verbose=0)
keras.Model.predict = predict
for _ in range(5):
    model.predict(x, verbose=0)
print("counted:", counted, keras.Model.predict is predict, model.predict.__func__ is predict)
keras.Model.predict = original
model.predict(x, verbose=0)
print("restored:", len(counted), keras.Model.predict is original)
called = keras.layers.Layer.__call__
keras.layers.Layer.__call__ = lambda self, *arguments, **options: (
    counted.append(self.name[:4]) or called(self, *arguments, **options)
)
model(x)
print("layers:", counted[5:])
keras.layers.Layer.__call__ = called
model.predict = lambda *arguments, **options: "my own"
print("instance:", model.predict(x))
del model.predict
print("again:", model.predict(x, verbose=0).shape)
