#: closer 1
from tiny import model, x


class Leave(SystemExit):
    pass


try:
    model.predict(x, verbose=0)
    raise Leave(7)
finally:
    print("finally:", "reached")
