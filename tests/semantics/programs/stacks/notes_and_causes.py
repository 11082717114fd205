from tiny import keras, make, x


class Raises(keras.layers.Layer):
    def call(self, inputs):
        try:
            raise KeyError("first")
        except KeyError as error:
            failure = ValueError("second")
            failure.add_note("a note")
            raise failure from error


class Model(keras.Model):
    def __init__(self):
        super().__init__()
        self.inner = Raises()

    def build(self, shape):
        self.built = True

    def call(self, inputs):
        return self.inner(inputs)


make()(x)
for call in (Model().predict, Model()):
    try:
        try:
            raise OSError("context")
        except OSError:
            call(x)
    except ValueError as error:
        print(
            "error:",
            type(error).__name__,
            getattr(error, "__notes__", None),
            repr(error.__cause__),
            error.__suppress_context__,
        )
        first, chain = error, []
        while first:
            chain.append(type(first).__name__)
            first = first.__context__
        print("chain:", chain)
