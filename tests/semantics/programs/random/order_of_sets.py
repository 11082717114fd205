#: with PYTHONHASHSEED=12345
from tiny import model, x

words = {"alpha", "beta", "gamma", "delta", "epsilon"}
print("order:", list(words))
model.predict(x, verbose=0)
print("after:", list({"alpha", "beta", "gamma", "delta", "epsilon"}), hash("text"))
