#: shell exec 1>/dev/full
from tiny import model, x

print("result:", model.predict(x, verbose=0).tolist())
