import sys

from tiny import model, x

model.predict(x, verbose=0)
events = {}
listening = [True]


def hook(event, arguments):
    if listening and (
        event.split(".")[0] in ("os", "socket", "subprocess", "shutil", "tempfile", "sys", "gc", "fcntl")
        or event in ("open", "exec", "compile")
    ):
        events[event] = events.get(event, 0) + 1


sys.addaudithook(hook)
for _ in range(30):
    model.predict(x, verbose=0)
    model(x)
listening.clear()
print("events:", sorted(events))
