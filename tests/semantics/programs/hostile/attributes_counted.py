from tiny import keras, model as inner, x

asked = {}


class Counts(keras.Model):
    def __init__(self):
        super().__init__()
        self.inner = inner

    def call(self, inputs):
        return self.inner(inputs)

    def __getattribute__(self, name):
        asked[name] = asked.get(name, 0) + 1
        return super().__getattribute__(name)


model = Counts()
model(x)
model.predict(x, verbose=0)
asked.clear()
for _ in range(3):
    model(x)
print("by calls:", sorted(asked.items()))
asked.clear()
for _ in range(3):
    model.predict(x, verbose=0)
print("by predict:", sorted(asked.items()))
