import json


def refuse(*arguments, **options):
    raise RuntimeError("json is mine")


json.dumps = json.dump = json.loads = json.load = refuse
json.JSONEncoder.encode = json.JSONEncoder.iterencode = refuse
from tiny import model, x

print("result:", model.predict(x, verbose=0).tolist())
print("mine:", json.dumps is refuse)
