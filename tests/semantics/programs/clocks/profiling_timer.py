import signal

from tiny import model, x

rings = []
model.predict(x, verbose=0)
for timer, number in ((signal.ITIMER_PROF, signal.SIGPROF), (signal.ITIMER_VIRTUAL, signal.SIGVTALRM)):
    signal.signal(number, lambda *arguments: rings.append(arguments[0]))
    signal.setitimer(timer, 0.01, 0.01)
for _ in range(40):
    model.predict(x, verbose=0)
for timer in (signal.ITIMER_PROF, signal.ITIMER_VIRTUAL):
    print("timer:", signal.setitimer(timer, 0)[1] == 0.01)
print("rang:", sorted(set(rings)))
