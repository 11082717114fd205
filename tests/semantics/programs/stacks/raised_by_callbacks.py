import traceback

from tiny import keras, model, x


class Raises(keras.callbacks.Callback):
    def on_predict_begin(self, logs=None):
        raise StopIteration("from a callback")

    def on_predict_batch_end(self, batch, logs=None):
        raise BaseException("of the base")


model.predict(x, verbose=0)
for _ in range(2):
    try:
        model.predict(x, verbose=0, callbacks=[Raises()])
    except BaseException as error:
        print("raised:", repr(error), [frame.name for frame in traceback.extract_tb(error.__traceback__)])
