import builtins

from tiny import model, x

asked = []


def counted(name):
    original = getattr(builtins, name)

    def function(*arguments, **options):
        import sys

        if "keras_profile" in sys._getframe(1).f_code.co_filename:
            asked.append(name)
        return original(*arguments, **options)

    return function


for name in (
    "print",
    "len",
    "id",
    "getattr",
    "hasattr",
    "sorted",
    "iter",
    "next",
    "min",
    "max",
    "sum",
    "repr",
    "vars",
):
    setattr(builtins, name, counted(name))
for _ in range(5):
    model.predict(x, verbose=0)
    model(x)
print("asked:", sorted(set(asked)))
