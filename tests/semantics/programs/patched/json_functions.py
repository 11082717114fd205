#: unrecorded the recorder writes JSON itself
import json

from tiny import model, x


def refuse(*arguments, **options):
    raise RuntimeError("json is mine")


json.dumps = json.dump = json.loads = json.load = refuse
json.JSONEncoder.encode = json.JSONEncoder.iterencode = refuse
print("result:", model.predict(x, verbose=0).tolist())
print("mine:", json.dumps is refuse)
