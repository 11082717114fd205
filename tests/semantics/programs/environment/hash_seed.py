#: with PYTHONHASHSEED=7
import subprocess
import sys

print("order:", list({"gradient", "tensor", "layer", "model", "loss", "batch"}))
child = "print(list({'gradient', 'tensor', 'layer', 'model', 'loss'}))"
print("child:", subprocess.run([sys.executable, "-c", child], capture_output=True, text=True).stdout.strip())
