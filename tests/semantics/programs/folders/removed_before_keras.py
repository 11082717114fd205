import os
import sys

os.mkdir("gone")
sys.path.insert(0, os.getcwd())
os.chdir("gone")
os.rmdir("../gone")
from tiny import model, x

print("result:", model.predict(x, verbose=0).tolist())
