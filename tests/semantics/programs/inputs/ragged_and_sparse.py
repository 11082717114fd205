import tensorflow as tf

from tiny import keras, np

ragged = tf.ragged.constant([[1.0, 2.0], [3.0]])
sparse = tf.sparse.from_dense(np.eye(4, dtype="float32"))


class Sums(keras.Model):
    def call(self, inputs):
        if isinstance(inputs, tf.RaggedTensor):
            return tf.reduce_sum(inputs, 1)
        if isinstance(inputs, tf.SparseTensor):
            return tf.sparse.reduce_sum(inputs, 1)
        return tf.reduce_sum(inputs, 1)


for name, value in (("ragged", ragged), ("sparse", sparse), ("texts", tf.constant([["a"], ["b"]]))):
    for label, call in (("call", Sums()), ("predict", lambda v: Sums().predict(v, verbose=0))):
        try:
            print(name + ",", label + ":", np.asarray(call(value)).tolist())
        except Exception as error:
            print(name + ",", label + ":", type(error).__name__)
