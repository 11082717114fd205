import gc
import weakref

from tiny import keras, make, x

models = [make()]
reference = weakref.ref(models[0])


class Removes(keras.callbacks.Callback):
    def on_predict_begin(self, logs=None):
        models.clear()


print("result:", models[0].predict(x, verbose=0, callbacks=[Removes()]).shape)
gc.collect()
print("alive:", reference() is not None)
print("made and dropped:", make()(x).shape, make().predict(x, verbose=0).shape)
