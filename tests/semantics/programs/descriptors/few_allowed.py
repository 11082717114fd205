import resource

from tiny import model, x

model.predict(x, verbose=0)
used = max(int(name) for name in __import__("os").listdir("/proc/self/fd"))
resource.setrlimit(resource.RLIMIT_NOFILE, (used + 12, used + 12))
held = []
try:
    while True:
        held.append(open("/dev/null"))
except OSError as error:
    print("error:", error.errno)
print("result:", model(x).numpy().tolist())
held.clear()
print("predict:", model.predict(x, verbose=0).tolist())
