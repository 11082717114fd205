#: closer 1
from tiny import model, x

open("result", "w").write("result")
model.predict(x, verbose=0)
raise KeyboardInterrupt
