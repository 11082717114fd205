"""Answers requests by a model, one at a time, as they come; here it sends the requests itself."""

import http.server
import json
import threading
import urllib.request

import keras
import numpy as np

layers = [keras.layers.Input((20,)), keras.layers.Dense(64, "relu"), keras.layers.Dense(3)]
model = keras.Sequential(layers)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        rows = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        scores = model.predict(np.array(rows, "float32"), verbose=0)
        body = json.dumps(scores.tolist()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}"
for number in range(100):
    data = json.dumps(np.random.rand(1 + number % 4, 20).tolist()).encode()
    with urllib.request.urlopen(address, data) as answer:
        answer.read()
server.shutdown()
print("100 requests")
