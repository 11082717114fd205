#: only 3.12
import sys

from tiny import model, x

seen = [0, 0]


def mine():
    return model(x)


def started(code, offset):
    seen[0] += code is mine.__code__


def returned(code, offset, value):
    seen[1] += code is mine.__code__


monitoring = sys.monitoring
for tool in (monitoring.PROFILER_ID, monitoring.COVERAGE_ID):
    monitoring.use_tool_id(tool, "mine")
    monitoring.register_callback(tool, monitoring.events.PY_START, started)
    monitoring.register_callback(tool, monitoring.events.PY_RETURN, returned)
    monitoring.set_events(tool, monitoring.events.PY_START | monitoring.events.PY_RETURN)
for _ in range(50):
    mine()
for _ in range(5):
    model.predict(x, verbose=0)
print("seen:", seen, [monitoring.get_tool(tool) for tool in range(6)])
print("events:", [monitoring.get_events(tool) for tool in (1, 2)])
