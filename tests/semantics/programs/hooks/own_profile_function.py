import sys

from tiny import model, x


def mine():
    return model(x)


seen = [0]


def profile(frame, event, argument):
    if event == "call" and frame.f_code is mine.__code__:
        seen[0] += 1


for _ in range(60):
    mine()
sys.setprofile(profile)
for _ in range(60):
    mine()
    assert sys.getprofile() is profile
for _ in range(10):
    model.predict(x, verbose=0)
print("still mine:", sys.getprofile() is profile)
sys.setprofile(None)
print("seen:", seen)
