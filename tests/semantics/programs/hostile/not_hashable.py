from tiny import keras, model as inner, x

asked = []


class Equal(keras.Model):
    def __init__(self):
        super().__init__()
        self.inner = inner

    def call(self, inputs):
        return self.inner(inputs)

    def __eq__(self, other):
        asked.append("eq")
        return True

    def __hash__(self):
        asked.append("hash")
        return 1


first, second = Equal(), Equal()
for model in (first, second):
    model(x)
    model.predict(x, verbose=0)
asked.clear()
for model in (first, second):
    for _ in range(5):
        model(x)
        model.predict(x, verbose=0)
print("asked:", asked)
