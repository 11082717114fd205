import keras
import tensorflow as tf


def own(function):
    code = getattr(function, "__code__", None)
    return (
        function.__module__,
        function.__qualname__,
        hasattr(function, "__wrapped__"),
        code and code.co_filename.rpartition("/")[2],
        code and code.co_name,
    )


for name in (
    "predict",
    "predict_on_batch",
    "__call__",
    "fit",
    "evaluate",
    "compile",
    "__init__",
    "load_weights",
    "make_predict_function",
    "predict_step",
    "save",
    "set_weights",
    "get_weights",
    "summary",
):
    print("Model." + name + ":", own(getattr(keras.Model, name)), name in vars(keras.Model))
for one in (
    keras.models.load_model,
    keras.models.clone_model,
    keras.utils.clear_session,
    keras.Sequential.__call__,
    keras.layers.Layer.__call__,
    keras.layers.Dense.__init__,
    keras.layers.Layer.__init__,
    tf.function,
    tf.data.Dataset.from_tensor_slices,
    tf.saved_model.load,
    tf.Variable.assign,
):
    print(one.__qualname__ + ":", own(one))
