#: shell exec 1>&-
import os
import sys

with open("seen", "w") as file:
    file.write("%s %d\n" % (sys.stdout, file.fileno()))
from tiny import model, x

print("nowhere")
model.predict(x, verbose=0)
os.path.exists("seen")
