import os
import socket

from tiny import model, x

model.predict(x, verbose=0)
os.closerange(3, 1024)
pairs = [socket.socketpair() for _ in range(12)]
for _ in range(4):
    model.predict(x, verbose=0)
    model(x)
got = []
for pair in pairs:
    for end in pair:
        end.setblocking(False)
        try:
            got.append(end.recv(100000))
        except BlockingIOError:
            got.append(None)
print("bytes that nobody sent:", [one for one in got if one is not None])
