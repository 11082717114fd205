import pickle
import sys

from .other import VALUE
from tiny import model, x


class Mine:
    pass


print(
    "main:",
    __name__,
    __package__,
    __spec__.name,
    VALUE,
    sys.argv[1:],
    sys.path[0] == __file__.rsplit("/", 2)[0],
)
print("pickled:", pickle.loads(pickle.dumps(Mine())).__class__ is Mine, Mine.__module__)
print("result:", model.predict(x, verbose=0).tolist())
