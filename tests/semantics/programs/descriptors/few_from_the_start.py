#: shell ulimit -n 48
import resource

from tiny import model, x

print("limit:", resource.getrlimit(resource.RLIMIT_NOFILE))
print("result:", model.predict(x, verbose=0).tolist())
