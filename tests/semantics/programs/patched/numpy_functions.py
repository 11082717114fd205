from tiny import model, np, x

asked = []


def counted(name):
    original = getattr(np, name)

    def function(*arguments, **options):
        import sys

        asked.append((name, "keras_profile" in sys._getframe(1).f_code.co_filename))
        return original(*arguments, **options)

    return function


for name in ("asarray", "array", "copy", "shape", "ascontiguousarray", "concatenate", "median", "sort"):
    setattr(np, name, counted(name))
for _ in range(5):
    model.predict(x, verbose=0)
    model(x)
print("asked by us:", sorted({name for name, ours in asked if ours}))
print("asked:", len(asked))
