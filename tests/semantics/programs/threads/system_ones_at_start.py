import os

print("at first:", len(os.listdir("/proc/self/task")))
import json
import socket

print("later:", len(os.listdir("/proc/self/task")), json.__name__, socket.__name__)
