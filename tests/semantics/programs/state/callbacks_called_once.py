from tiny import keras, model, x

said = []


class Says(keras.callbacks.Callback):
    def __getattribute__(self, name):
        if name.startswith("on_"):
            said.append(name)
        return super().__getattribute__(name)

    def set_model(self, model):
        said.append("set_model")
        super().set_model(model)

    def set_params(self, params):
        said.append(sorted(params.items(), key=str) if params else params)
        super().set_params(params)


model.predict(x, verbose=0)
for size in (8, 3):
    said.clear()
    model.predict(x, batch_size=size, verbose=0, callbacks=[Says()])
    print("said:", said)
counts = {"begin": 0, "end": 0}
one = keras.callbacks.LambdaCallback()
one.on_predict_begin = lambda logs: counts.__setitem__("begin", counts["begin"] + 1)
one.on_predict_end = lambda logs: counts.__setitem__("end", counts["end"] + 1)
for _ in range(40):
    model.predict(x, verbose=0, callbacks=[one])
print("counts:", counts)
