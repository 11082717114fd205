import os
import signal

from tiny import model, x

caught = []
numbers = [
    number
    for number in signal.valid_signals()
    if number not in (9, 19, 32, 33, 11, 6, 8, 4, 7, 20, 21, 22, 18)
]
for number in numbers:
    signal.signal(number, lambda got, frame: caught.append(got))
for number in numbers:
    os.kill(os.getpid(), number)
    model(x)
print("caught:", sorted(caught) == sorted(numbers))
print("mine:", all(callable(signal.getsignal(number)) for number in numbers))
for number in numbers:
    signal.signal(number, signal.SIG_DFL)
model.predict(x, verbose=0)
