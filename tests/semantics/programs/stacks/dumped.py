import faulthandler

from tiny import keras, make, x


class Dumps(keras.layers.Layer):
    def call(self, inputs):
        with open("dump", "a") as file:
            faulthandler.dump_traceback(file, all_threads=False)
        return inputs


model = make(Dumps())
model.run_eagerly = True
model(x)
model.predict(x, verbose=0)
print("functions:", [line.split(" in ")[-1] for line in open("dump").read().splitlines() if " in " in line])
