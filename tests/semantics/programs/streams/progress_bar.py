import contextlib
import io
import re

from tiny import make, model, x

for one in (model, make()):
    for verbose in ("auto", 1, 2):
        with contextlib.redirect_stdout(io.StringIO()) as shown:
            one.predict(x, batch_size=4, verbose=verbose)
        print("shown:", re.sub("[0-9.]+(s|ms|us)/step|[0-9]+s", "TIME", repr(shown.getvalue())[-120:]))
