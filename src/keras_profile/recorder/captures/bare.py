"""``bare``: how long calls take with nothing installed. The total rests on it."""

from __future__ import annotations

from ..measuring import measured_call


class Bare:
    name = "bare"

    def __init__(self, context):
        pass

    def start(self):
        pass

    def stop(self):
        pass

    def measure(self, call, x, keep):
        return measured_call(call, x)

    def close(self):
        pass

    def save(self, folder):
        return {}
