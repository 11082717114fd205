import contextlib
import io
import re

from tiny import make, model, x

for one in (model, make()):
    for verbose in ("auto", 1, 2):
        with contextlib.redirect_stdout(io.StringIO()) as shown:
            one.predict(x, batch_size=4, verbose=verbose)
        # How often the bar is drawn before its end is a matter of time.
        last = re.split("[\r\n\b]+", shown.getvalue().rstrip())[-1]
        print("shown:", re.sub("[0-9.]+(s|ms|us)/step|[0-9]+s", "TIME", repr(last)))
