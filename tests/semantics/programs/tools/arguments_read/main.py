#: arguments --rows 3 --json --thorough -v
import argparse

from tiny import model, x

parser = argparse.ArgumentParser()
parser.add_argument("--rows", type=int)
parser.add_argument("--json", action="store_true")
parser.add_argument("--thorough", action="store_true")
parser.add_argument("-v", action="count")
told = parser.parse_args()
print("told:", told, parser.prog)
print("result:", model.predict(x[: told.rows], verbose=0).tolist())
parser.error("and then an error")
