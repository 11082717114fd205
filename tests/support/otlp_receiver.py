"""A process that takes spans by OTLP over HTTP, as a collector does, and writes down what it got.

``python otlp_receiver.py FILE [STATUS]`` prints its port. Each request that it decodes is a line of JSON in
``FILE``. With a ``STATUS`` it answers with that alone; with ``partial`` it takes all but one span.
"""

from __future__ import annotations

import gzip
import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        request = ExportTraceServiceRequest.FromString(body)
        with open(sys.argv[1], "a", encoding="utf-8") as file:
            got = {"path": self.path, "headers": dict(self.headers), "request": MessageToDict(request)}
            file.write(json.dumps(got) + "\n")
        answer = ExportTraceServiceResponse()
        how = sys.argv[2] if len(sys.argv) > 2 else "200"
        if how == "partial":
            answer.partial_success.rejected_spans = 1
            answer.partial_success.error_message = "one too many"
        content = answer.SerializeToString() if how in ("200", "partial") else b"no key was given"
        self.send_response(200 if how == "partial" else int(how))
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    print(server.server_port, flush=True)
    server.serve_forever()
