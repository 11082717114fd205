import threading

from tiny import keras, make, x

own = threading.local()
own.value = "main"
seen = []


class Looking(keras.layers.Layer):
    def call(self, inputs):
        seen.append((threading.current_thread().name, own.value, len(vars(own))))
        return inputs


model = make(Looking())
model.predict(x, verbose=0)


def work():
    own.value = "worker"
    model(x)
    seen.append(vars(threading.current_thread()).keys())


thread = threading.Thread(target=work, name="worker")
thread.start()
thread.join()
print("main:", seen[-3] if len(seen) > 2 else seen)
print("seen:", sorted(set(map(str, seen[:-1]))))
print("thread:", sorted(seen[-1]))
