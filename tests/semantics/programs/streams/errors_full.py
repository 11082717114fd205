#: shell exec 2>/dev/full
#: unrecorded there is nowhere to say so
from tiny import model, x

print("result:", model.predict(x, verbose=0).tolist())
