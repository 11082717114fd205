import sys

from tiny import keras, model as other, x

depths = []


class Deep(keras.Model):
    def __init__(self, times):
        super().__init__()
        self.times = times

    def call(self, inputs):
        return other(inputs)

    def predict(self, inputs, depth=0, **options):
        depths.append(depth)
        if depth == self.times:
            return "reached"
        return self.predict(inputs, depth + 1)


other.predict(x, verbose=0)
sys.setrecursionlimit(1000)
try:
    Deep(10**6).predict(x)
except RecursionError:
    print("raised at:", max(depths))
print("at 900:", Deep(900).predict(x))
