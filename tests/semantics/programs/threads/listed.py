import sys
import threading
import _thread

print("at first:", [thread.name for thread in threading.enumerate()], threading.active_count())
from tiny import model, x

model.predict(x, verbose=0)
model(x)
print("after:", [thread.name for thread in threading.enumerate()], threading.active_count())
print("counted:", _thread._count())
print("frames:", len(sys._current_frames()))
print("next name:", threading.Thread().name)
