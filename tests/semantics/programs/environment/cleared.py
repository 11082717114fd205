#: unrecorded the variables are gone before Keras is imported
import os
import subprocess
import sys

os.environ.clear()
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
from tiny import model, x

print("result:", model.predict(x, verbose=0).tolist())
print("names:", [name for name in os.environ if "PYTHON" in name or "PROFILE" in name])
done = subprocess.run(
    [sys.executable, "-c", "import os; print(sorted(os.environ))"], capture_output=True, text=True
)
print("child:", done.stdout.strip(), done.stderr, done.returncode)
