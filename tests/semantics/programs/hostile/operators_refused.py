from tiny import keras, model as inner, x


def refuse(*arguments):
    raise RuntimeError("refused")


class Refuses(keras.Model):
    __repr__ = __str__ = __dir__ = __reduce__ = __reduce_ex__ = refuse
    __lt__ = __sizeof__ = __format__ = __copy__ = __deepcopy__ = refuse

    def __init__(self):
        super().__init__()
        self.inner = inner

    def call(self, inputs):
        return self.inner(inputs)


model = Refuses()
for call in (model, lambda inputs: model.predict(inputs, verbose=0), model.predict_on_batch):
    for _ in range(2):
        try:
            print("result:", call(x).shape)
        except Exception as error:
            print("error:", repr(error))
