import sys
import warnings

from tiny import keras, model as other, x


class Warns(keras.Model):
    def call(self, inputs):
        return other(inputs)

    def predict(self, *arguments, **options):
        warnings.warn("deprecated", FutureWarning, stacklevel=2)
        return super().predict(*arguments, **options)

    def __call__(self, *arguments, **options):
        for level in (1, 2, 3):
            warnings.warn("level %d" % level, FutureWarning, stacklevel=level)
        return super().__call__(*arguments, **options)


warnings.simplefilter("always", FutureWarning)
warnings.showwarning = lambda message, kind, file, line, *rest: print(
    "warned:", message, file.rpartition("/")[2], line
)


def mine():
    return model(x)


model = Warns()
mine()
model.predict(x, verbose=0)
print("registries:", "__warningregistry__" in globals(), sys.getrecursionlimit())
