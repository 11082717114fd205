import os

os.environ["CUDA_VISIBLE_DEVICES"] = ""
from tiny import model, x

import tensorflow as tf

print("devices:", [device.name for device in tf.config.list_logical_devices()])
print("on:", model(x).device)
