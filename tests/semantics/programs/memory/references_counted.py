import sys

from tiny import keras, make, x


class Thing:
    def __array__(self, dtype=None, copy=None):
        return x


model = make()
other = make()
print("before:", sys.getrefcount(x), sys.getrefcount(model) - sys.getrefcount(other))
for _ in range(5):
    model(x)
print("after calls:", sys.getrefcount(x), sys.getrefcount(keras.Model.predict) < 20)
result = model(x)
print("of a result:", sys.getrefcount(result))
for _ in range(3):
    result = model.predict(x, verbose=0)
print("of an array:", sys.getrefcount(result), sys.getrefcount(x))
