import codecs

asked = []
codecs.register(lambda name: asked.append(name))
codecs.register_error("mine", lambda error: ("?", error.end))
from tiny import model, x

model.predict(x, verbose=0)
print("error:", "\xe4".encode("ascii", "mine"))
print("asked:", sorted(set(asked)))
