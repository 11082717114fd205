import os
import pstats
import sys

from tiny import model, x


def mine():
    return model.predict(x, verbose=0)


for _ in range(10):
    mine()
print("profiler:", type(sys.getprofile()).__name__)


class Removes:
    def __del__(self, remove=os.remove, stats=pstats.Stats, show=print):
        counted = {key[2]: value[0] for key, value in stats("stats").stats.items()}
        show("counted:", counted["mine"], len([name for name in counted if name == "predict"]))
        remove("stats")


sys.modules["sys"].kept = Removes()
