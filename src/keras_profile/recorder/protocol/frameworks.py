"""Names and numbers of Keras and TensorFlow that the recorder and its readers share."""

from __future__ import annotations

#: The default batch size of ``predict``, in rows, in every release.
KERAS_BATCH_SIZE = 32

#: The packages below which Keras' modules are: TensorFlow 2.0 to 2.5, tf_keras, Keras 2.13 on, Keras 2.6
#: to 2.12.
KERAS_ROOTS = ("tensorflow.python.keras", "tf_keras.src", "keras.src", "keras")

#: The module and function that build every graph, from TensorFlow 2.0 on.
GRAPH_BUILDER = ("tensorflow.python.framework.func_graph", "func_graph_from_py_func")
#: The module and function that make an iterator over a dataset, from TensorFlow 2.0 on.
ITERATOR_MAKER = ("tensorflow.python.data.ops.dataset_ops", "DatasetV2.__iter__")
#: The class in which every function within a tf.data pipeline is traced, from TensorFlow 2.0
#: on, in ``dataset_ops`` at first and in ``structured_function`` by 2.9.
PIPELINE_FUNCTION = "StructuredFunctionWrapper"
#: Classes in which tf.data traces functions for each device of a strategy.
DEVICE_FUNCTIONS = ("_PerDeviceGenerator", "_ReincarnatedPerDeviceGenerator")

#: Functions of Keras that run the model in ``predict``, by the names that they are traced
#: under: the first in TensorFlow 2.0 and 2.1, the next in Keras 2 since then (``run_step``
#: from 2.4 on), ``step_function`` and the rest in Keras 3.
MODEL_FUNCTIONS = (
    "distributed_function",
    "predict_function",
    "step_function",
    "run_step",
    "one_step_on_data",
    "one_step_on_data_distributed",
    "multi_step_on_data",
)
