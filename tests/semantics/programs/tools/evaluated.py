#: stdin from tiny import model, x\nprint("inner:", model.predict(x, verbose=0).shape)\n
import code
import sys

console = code.InteractiveConsole({"__name__": "console"})
for line in sys.stdin:
    console.push(line.rstrip("\n"))
exec("def mine():\n    return model(x).shape", console.locals)
print("executed:", console.locals["mine"](), eval("model.predict(x, verbose=0).shape", console.locals))
import runpy

open("other.py", "w").write("from tiny import model, x\nresult = model.predict(x, verbose=0).shape\n")
print("run:", runpy.run_path("other.py", run_name="__main__")["result"], __name__)
