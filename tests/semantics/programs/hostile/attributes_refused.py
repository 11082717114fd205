from tiny import keras, model as inner, x


ready = []


class Refuses(keras.Model):
    def __init__(self):
        super().__init__()
        self.inner = inner

    def call(self, inputs):
        return self.inner(inputs)

    def __getattr__(self, name):
        if ready:
            raise RuntimeError("no attribute " + name)
        raise AttributeError(name)


model = Refuses()
model(x)
model.predict(x, verbose=0)
ready.append(True)
for call in (model, lambda inputs: model.predict(inputs, verbose=0), model.predict_on_batch):
    try:
        print("result:", call(x).shape)
    except Exception as error:
        print("error:", repr(error))
