"""A program of a service is recorded, collected, and its service is in the fleet."""

from __future__ import annotations

import json
import sys

from support.commands import run

PROGRAM = """
import keras
import numpy as np

model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(2)])
x = np.ones((8, 4), "float32")

def handle():
    return model.predict(x, verbose=0)

for _ in range(20):
    handle()
"""
VARIABLES = {
    "OTEL_SERVICE_NAME": "ranking",
    "OTEL_RESOURCE_ATTRIBUTES": "service.version=2.4.1,host.name=node-7",
    "KERAS_PROFILE_LABELS": "team=search,calls_a_day=1000000",
}


def test_a_recorded_service_is_in_the_fleet(tmp_path):
    def command(*words):
        code, out, errors = run(
            [sys.executable, "-m", "keras_profile", *words], tmp_path, None, {**VARIABLES, "COLUMNS": "100"}
        )
        assert code == 0, errors
        return out

    (tmp_path / "app.py").write_text(PROGRAM)
    command("run", "--no-try", "--no-html", "app.py")
    (report,) = tmp_path.glob("reports/app-*/report.json")
    labels = json.loads(report.read_text())["environment"]["labels"]
    assert labels == {
        "service": "ranking",
        "version": "2.4.1",
        "host": "node-7",
        "team": "search",
        "calls_a_day": "1000000",
    }
    found = json.loads(command("collect", "traces", "reports", "--to", "store", "--json"))
    assert (found["added"], found["known"], found["failed"]) == (1, 1, [])
    fleet = json.loads(command("fleet", "store", "--json", "--no-html"))
    assert (fleet["services"], fleet["hosts"], fleet["lines"]) == (1, 1, 1)
    costs = {one["rule"]: one for one in fleet["costs"]}
    cost = costs["pipeline_rebuilt"]
    assert (cost["service"], cost["place"], cost["entry"]) == ("ranking", "app.py:handle", "predict")
    assert cost["core_hours_a_day"] > 0
    query = "SELECT service, version, host, labels['team'], calls FROM recordings"
    rows = json.loads(command("fleet", "store", "--sql", query, "--json"))["rows"]
    assert rows == [["ranking", "2.4.1", "node-7", "search", 20]]
    assert "ranking app.py:handle" in command("fleet", "store", "--no-html", "--quiet")
