import threading

from tiny import model, x

model.predict(x, verbose=0)
others = [thread for thread in threading.enumerate() if thread is not threading.main_thread()]
for thread in others:
    thread.join()
while threading.active_count() > 1:
    pass
print("joined:", len(others))
