import sys

from tiny import keras, model as other, x


class Asks(keras.Model):
    def __init__(self):
        super().__init__()
        self.inner = other

    def call(self, inputs):
        return self.inner(inputs)

    def predict(self, *arguments, **options):
        frame = sys._getframe(1)
        print("predict from:", frame.f_code.co_name, frame.f_lineno, frame.f_globals["__name__"])
        return super().predict(*arguments, **options)

    def __call__(self, *arguments, **options):
        frame = sys._getframe(1)
        print("call from:", frame.f_code.co_name, frame.f_lineno, frame.f_globals["__name__"])
        return super().__call__(*arguments, **options)


def mine():
    model(x)
    model.predict(x, verbose=0)


model = Asks()
mine()
mine()
