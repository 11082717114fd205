from tiny import keras, model as inner, x


class Mine(keras.Model):
    def __init__(self):
        super().__init__()
        self.inner, self.said = inner, []

    def call(self, inputs, training=None):
        self.said.append(("call", training))
        return self.inner(inputs)

    def __call__(self, *arguments, **options):
        self.said.append("__call__")
        return super().__call__(*arguments, **options)

    def predict(self, *arguments, **options):
        self.said.append("predict")
        return super(Mine, self).predict(*arguments, **options)

    def predict_step(self, data):
        self.said.append("step")
        return super().predict_step(data)


class Further(Mine):
    def predict(self, *arguments, **options):
        return keras.Model.predict(self, *arguments, **options), Mine.predict(self, *arguments, **options)


for model in (Mine(), Further()):
    model(x)
    model(x, training=True)
    model.predict(x, verbose=0)
    print("said:", list(model.said))
    print(
        "class:",
        type(model).predict.__qualname__,
        type(model).__call__.__qualname__,
        super(type(model), model).predict.__qualname__,
    )
