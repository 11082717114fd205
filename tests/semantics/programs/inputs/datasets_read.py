import tensorflow as tf

from tiny import model, x

read = []


def rows():
    for number in range(6):
        read.append(number)
        yield x[number]


dataset = tf.data.Dataset.from_generator(rows, output_signature=tf.TensorSpec((4,))).batch(2)
for steps in (None, 2, None):
    read.clear()
    print("result:", model.predict(dataset, steps=steps, verbose=0).tolist())
    print("read:", len(read) >= 4, read[:4])
mapped = (
    tf.data.Dataset.from_tensor_slices(x)
    .map(lambda row: tf.numpy_function(lambda r: read.append("map") or r, [row], tf.float32))
    .map(lambda row: tf.ensure_shape(row, (4,)))
    .batch(4)
)
read.clear()
model.predict(mapped, verbose=0)
print("mapped:", len(read))
iterator = iter(tf.data.Dataset.from_tensor_slices(x).batch(2))
model(next(iterator))
print("next:", next(iterator).numpy().tolist(), len(list(iterator)))
