import tensorflow as tf

from tiny import keras, make, x

traced = []


class Layer(keras.layers.Layer):
    def call(self, inputs):
        traced.append(type(inputs).__name__)
        return inputs * 2


model = make(Layer())
traced.clear()


@tf.function
def step(inputs):
    total = tf.zeros(())
    for row in inputs:
        total += tf.reduce_sum(model(row[None]))
    return total


for _ in range(3):
    print("step:", float(step(tf.constant(x))))
print("traces:", step.experimental_get_tracing_count(), traced)
graph = step.get_concrete_function(tf.TensorSpec((8, 4))).graph
print("ops:", sorted({op.type for op in graph.get_operations()}), len(graph.get_operations()))
print("code:", len(tf.autograph.to_code(step.python_function)))
