from tiny import keras, model as inner, x


class Refuses(keras.Model):
    def __init__(self):
        super().__init__()
        self.inner = inner

    def call(self, inputs):
        return self.inner(inputs)

    def __getattr__(self, name):
        if not name.startswith("_") and name not in ("optimizer",):
            raise RuntimeError("no attribute " + name)
        raise AttributeError(name)


model = Refuses()
for call in (model, lambda inputs: model.predict(inputs, verbose=0), model.predict_on_batch):
    try:
        print("result:", call(x).shape)
    except Exception as error:
        print("error:", repr(error))
