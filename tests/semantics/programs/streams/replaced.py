import contextlib
import io
import sys

buffer = io.StringIO()
with contextlib.redirect_stdout(buffer), contextlib.redirect_stderr(buffer):
    from tiny import make, model, x

    print("inside")
    model.predict(x, verbose=0)
    make().predict(x, verbose=0)
print("written:", repr(buffer.getvalue()), sys.stdout is sys.__stdout__)
sys.stdout, sys.stderr = None, None
model.predict(x, verbose=0)
model(x)
sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
del sys.stderr
model.predict(x, verbose=0)
print("end:", hasattr(sys, "stderr"))
