from tiny import keras, model as inner, x


class Refuses(keras.Model):
    def __init__(self):
        super().__init__()
        self.inner, self.ready = inner, True

    def call(self, inputs):
        return self.inner(inputs)

    def _refused(self):
        raise LookupError("refused")

    inputs = outputs = input_shape = output_shape = property(_refused, lambda self, value: None)
    get_config = count_params = summary = to_json = get_weights = _refused


model = Refuses()
print("result:", model(x).shape, model.predict(x, verbose=0).shape)
