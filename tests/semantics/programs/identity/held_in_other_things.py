import functools
import operator

from keras import Model

held = Model.predict
called = Model.__call__
from tiny import keras, model, x

default = lambda inputs, function=model.predict: function(inputs, verbose=0)
partial = functools.partial(model.predict, verbose=0)
print("held:", held(model, x, verbose=0).shape, held is keras.Model.predict, called is keras.Model.__call__)
print("partial:", partial(x).shape, default(x).shape, partial.func == model.predict)
print("caller:", operator.methodcaller("predict", x, verbose=0)(model).shape)
print("keys:", {model: 1}[model], {model.predict: 2}[model.predict], {held: 3}[keras.Model.predict])
print("mapped:", [one.shape for one in map(model, [x, x])], getattr(model, "predict")(x, verbose=0).shape)
print("hash:", hash(model.predict) == hash(model.predict), model.predict is not model.predict)
print("repr:", repr(held).partition(" at ")[0], str(model.predict).partition(" of ")[0])
