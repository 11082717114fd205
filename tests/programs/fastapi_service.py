"""A FastAPI service under uvicorn: a coroutine predicts, a function on a thread loads the model."""

import time

BEGAN = time.perf_counter()

import os
import socket
import tempfile
from contextlib import suppress
from typing import Annotated

import numpy as np
import uvicorn
from fastapi import Body, FastAPI
from tensorflow import keras

app = FastAPI()
served = {"predict": 0, "reload": 0}


def make_model():
    inputs = keras.layers.Input((4,))
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Dense(8, activation="relu")(inputs)))
    model.compile("adam", "mse")
    return model


@app.post("/predict")
async def predict(row: Annotated[list, Body()]):
    score = model.predict(np.array([row], "float32"), verbose=0)  # here: predict
    served["predict"] += 1
    return {"score": float(score[0, 0])}


@app.post("/reload")
def reload(row: Annotated[list, Body()]):
    fresh = keras.models.load_model(path)  # here: load
    score = fresh.predict(np.array([row], "float32"), verbose=0)  # here: reloaded
    served["reload"] += 1
    return {"score": float(score[0, 0])}


if __name__ == "__main__":
    model = make_model()
    with tempfile.TemporaryDirectory() as folder, socket.socket() as listening:
        path = os.path.join(folder, "model.keras")
        model.save(path)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        print("port", listening.getsockname()[1], flush=True)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listening])
    for name, count in served.items():
        print(name, count)
    print(f"took {time.perf_counter() - BEGAN:.6f} s", flush=True)
