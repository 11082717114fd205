import os
import warnings

warnings.simplefilter("ignore", DeprecationWarning)  # of a fork with threads, with its number

order = []
os.register_at_fork(before=lambda: order.append("before"), after_in_child=lambda: order.append("child"))
from tiny import model, x

model.predict(x, verbose=0)
order.clear()
child = os.fork()
if not child:
    os._exit(order == ["before", "child"])
print("child:", os.waitpid(child, 0)[1] >> 8, order)
