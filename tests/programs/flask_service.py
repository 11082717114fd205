"""A Flask service: one endpoint predicts, the other loads the model for each request."""

import time

BEGAN = time.perf_counter()

import os
import tempfile
from contextlib import suppress

import numpy as np
from flask import Flask, jsonify, request
from tensorflow import keras
from werkzeug.serving import make_server

app = Flask(__name__)
served = {"predict": 0, "reload": 0}


def make_model():
    inputs = keras.layers.Input((4,))
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Dense(8, activation="relu")(inputs)))
    model.compile("adam", "mse")
    return model


@app.post("/predict")
def predict():
    row = np.array([request.get_json()], "float32")
    score = model.predict(row, verbose=0)  # here: predict
    served["predict"] += 1
    return jsonify(score=float(score[0, 0]))


@app.post("/reload")
def reload():
    row = np.array([request.get_json()], "float32")
    fresh = keras.models.load_model(path)  # here: load
    score = fresh.predict(row, verbose=0)  # here: reloaded
    served["reload"] += 1
    return jsonify(score=float(score[0, 0]))


if __name__ == "__main__":
    model = make_model()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.keras")
        model.save(path)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        print("port", server.server_port, flush=True)
        with suppress(KeyboardInterrupt):
            server.serve_forever()
    for name, count in served.items():
        print(name, count)
    print(f"took {time.perf_counter() - BEGAN:.6f} s", flush=True)
