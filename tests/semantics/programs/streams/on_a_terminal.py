#: terminal
import os
import sys

print("terminal:", sys.stdin.isatty(), sys.stdout.isatty(), sys.stderr.isatty(), sys.stdout.line_buffering)
print("size:", tuple(os.get_terminal_size()))
import termios

before = termios.tcgetattr(0)
from tiny import model, x

model.predict(x, verbose=0)
print("same:", termios.tcgetattr(0) == before, os.ttyname(0) == os.ttyname(2))
