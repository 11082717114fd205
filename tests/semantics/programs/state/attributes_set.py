from tiny import keras, model as inner, x

names = []


class Listens(keras.Model):
    def __init__(self):
        super().__init__()
        self.inner = inner

    def __setattr__(self, name, value):
        names.append(name)
        super().__setattr__(name, value)

    def call(self, inputs):
        return self.inner(inputs)


model = Listens()
model(x)
model.predict(x, verbose=0)
names.clear()
for _ in range(5):
    model(x)
print("by calls:", names)
names.clear()
for _ in range(5):
    model.predict(x, verbose=0)
print("by predict:", names)
