import os

from tiny import model, x

model.predict(x, verbose=0)
os.execvp("sh", ["sh", "-c", "echo shell: $#; ls /proc/self/fd | wc -l; exit 21", "sh", "one", "two"])
