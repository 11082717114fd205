#: closer 1
import resource
import signal

from tiny import model, x

caught = []
signal.signal(signal.SIGXCPU, lambda *arguments: caught.append(1))
model.predict(x, verbose=0)
used = resource.getrusage(resource.RUSAGE_SELF)
resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 300, resource.RLIM_INFINITY))
open("kept", "w").write("kept")
kept = open("kept more", "w")
kept.write("kept")
print("result:", model.predict(x, verbose=0).tolist(), caught)
