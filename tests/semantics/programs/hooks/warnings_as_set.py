import warnings

from tiny import keras, make, x


class Warning1(UserWarning):
    pass


class Warns(keras.layers.Layer):
    def call(self, inputs):
        warnings.warn("from a layer", Warning1)
        return inputs


model = make(Warns())
shown = []
original = warnings.showwarning
warnings.showwarning = lambda *arguments, **options: shown.append(arguments[1].__name__)
warnings.simplefilter("always", Warning1)
model.run_eagerly = True
for _ in range(3):
    model.predict(x, verbose=0)
print("shown:", shown.count("Warning1"))
warnings.simplefilter("error", Warning1)
try:
    model(x)
except Warning1 as error:
    print("raised:", error)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("once", Warning1)
    model(x)
print("caught:", [str(one.message) for one in caught if one.category is Warning1])
print("filters:", len(warnings.filters), warnings.showwarning is not original)
