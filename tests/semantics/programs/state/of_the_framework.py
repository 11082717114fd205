import tensorflow as tf

from tiny import keras, make, model, x


def state():
    graph = tf.compat.v1.get_default_graph()
    return [
        tf.executing_eagerly(),
        tf.config.functions_run_eagerly(),
        len(graph.get_operations()),
        graph.get_name_scope(),
        keras.config.floatx(),
        keras.config.dtype_policy().name,
        keras.config.is_traceback_filtering_enabled(),
        keras.config.image_data_format(),
        tf.config.optimizer.get_jit(),
        tf.config.optimizer.get_experimental_options(),
        tf.config.get_soft_device_placement(),
        tf.config.threading.get_intra_op_parallelism_threads(),
        tf.distribute.has_strategy(),
        tf.get_logger().level,
        len(tf.get_logger().handlers),
        tf.compat.v1.get_logger().propagate,
        tf.debugging.experimental.disable_dump_debug_info.__name__,
        keras.config.is_interactive_logging_enabled(),
        model.jit_compile,
        model.run_eagerly,
        model.compiled,
        model.built,
    ]


print("at first:", state())
model.predict(x, verbose=0)
function = model.predict_function
for _ in range(20):
    model.predict(x, verbose=0)
    model(x)
print("at last:", state())
print("function:", model.predict_function is function, type(function).__name__, make().predict_function)
