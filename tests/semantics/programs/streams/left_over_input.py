#: stdin first line\nsecond line\nthird without an end
import sys

print("first:", sys.stdin.readline())
from tiny import model, x

model.predict(x, verbose=0)
print("second:", repr(input()))
print("third:", repr(sys.stdin.read()), repr(sys.stdin.read()))
