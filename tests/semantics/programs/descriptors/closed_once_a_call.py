import os

from tiny import model, x

for turn in range(4):
    model.predict(x, verbose=0)
    os.closerange(3, 1024)
    with open("log%d" % turn, "w") as file:
        model(x)
        file.write("turn %d\n" % turn)
print("sizes:", [os.path.getsize("log%d" % turn) for turn in range(4)])
