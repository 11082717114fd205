import gc
import weakref

import tensorflow as tf

from tiny import keras, model, np, x


class Data(keras.utils.PyDataset):
    def __len__(self):
        return 3

    def __getitem__(self, index):
        return x


def batches():
    try:
        for _ in range(3):
            yield (x,)
    finally:
        print("generator:", "closed")


generator, data, dataset = batches(), Data(), tf.data.Dataset.from_tensor_slices(x).batch(4)
for one in (generator, data, dataset):
    print("rows:", len(model.predict(one, verbose=0)))
references = [weakref.ref(one) for one in (generator, data)]
del generator, data, dataset, one
gc.collect()
print("alive:", [reference() is not None for reference in references], np.__name__)
