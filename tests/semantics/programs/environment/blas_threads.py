import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np

np.ones((200, 200)) @ np.ones((200, 200))
print("threads:", len(os.listdir("/proc/self/task")))
