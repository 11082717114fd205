import tensorflow as tf

# Refused once TensorFlow has run anything.
tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 3
)
tf.config.threading.set_inter_op_parallelism_threads(3)
tf.config.threading.set_intra_op_parallelism_threads(5)
from tiny import model, x

with tf.device("CPU:2"):
    print("on:", model(x).device)
print("threads:", tf.config.threading.get_intra_op_parallelism_threads())
print("devices:", len(tf.config.list_logical_devices()))
