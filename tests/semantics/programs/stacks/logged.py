import logging

from tiny import keras, make, np, x


class Raises(keras.layers.Layer):
    def call(self, inputs):
        raise LookupError("from a layer")


logging.basicConfig(format="%(levelname)s %(filename)s:%(lineno)d %(funcName)s %(message)s %(threadName)s")
model = make()
model.predict(x, verbose=0)
try:
    model.predict(np.ones((2, 7), "float32"), verbose=0)
except Exception:
    logging.exception("caught")
    logging.error("with its stack", stack_info=True)
layer = Raises()
try:
    layer(x)
except LookupError:
    logging.exception("out of a layer")
