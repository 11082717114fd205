import os

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["TF_NUM_INTRAOP_THREADS"] = "1"
os.environ["TF_NUM_INTEROP_THREADS"] = "1"
import ctypes

from tiny import model, x

library = ctypes.CDLL(None)
library.getenv.restype = ctypes.c_char_p
print("in C:", library.getenv(b"OMP_NUM_THREADS"), library.getenv(b"TF_NUM_INTRAOP_THREADS"))
print("result:", model.predict(x, verbose=0).tolist())
