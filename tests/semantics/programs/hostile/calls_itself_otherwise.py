from tiny import keras, model as inner, x


class Meta(type(keras.Model)):
    def __getattribute__(cls, name):
        if name == "__name__":
            return "Anything"
        return super().__getattribute__(name)

    def __instancecheck__(cls, instance):
        return super().__instancecheck__(instance)


class Odd(keras.Model, metaclass=Meta):
    name = property(lambda self: self.__dict__.get("_own", "odd.name"), lambda self, value: None)

    def __init__(self):
        super().__init__()
        self.inner = inner

    def call(self, inputs, *, needed=3, **more):
        return self.inner(inputs)

    def predict(self, other, /, first=1, *rest, verbose=0):
        return super().predict(other, verbose=verbose), first, rest


model = Odd()
print("result:", model(x, needed=4).shape, model.predict(x, 2, 3)[1:], type(model.predict(x)[0]).__name__)
print("name:", repr(model.name), type(model).__qualname__)
