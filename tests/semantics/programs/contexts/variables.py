import contextvars
import decimal

from tiny import keras, make, x

request = contextvars.ContextVar("request", default="none")
seen = []


class Looks(keras.layers.Layer):
    def call(self, inputs):
        seen.append((request.get(), decimal.getcontext().prec))
        request.set("set in the call")
        return inputs


model = make(Looks())
model.run_eagerly = True
seen.clear()
request.set("mine")
decimal.getcontext().prec = 7
model(x)
print("seen:", seen, request.get(), decimal.getcontext().prec, len(contextvars.copy_context()))
context = contextvars.copy_context()
context.run(request.set, "another")
context.run(model.predict, x, verbose=0)
print("seen:", seen, context[request], request.get())
