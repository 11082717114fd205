import os

with open("file", "w") as file:
    print("at first:", file.fileno())
print("open:", sorted(os.listdir("/proc/self/fd"), key=int))
import json
import socket

with socket.socket() as one:
    print("later:", one.fileno(), json.__name__)
