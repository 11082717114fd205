import sys
import threading

from tiny import model, x

seen = []


def profile(frame, event, argument):
    if event == "call" and frame.f_code.co_name == "work":
        seen.append(threading.current_thread().name)


def work():
    for _ in range(5):
        model.predict(x, verbose=0)
    seen.append(sys.getprofile() is profile)


threading.setprofile(profile)
for number in range(4):
    thread = threading.Thread(target=work, name="mine %d" % number)
    thread.start()
    thread.join()
threading.setprofile(None)
print("seen:", seen)
