#: only 3.12
import sys
import threading

from tiny import model, x

stop = []


def work():
    while not stop:
        model.predict(x, verbose=0)
        model(x)


def refused():
    count = 0
    for _ in range(300):
        for tool in range(6):
            try:
                sys.monitoring.use_tool_id(tool, "mine")
                sys.monitoring.free_tool_id(tool)
            except ValueError:
                count += 1
    return count


print("tools:", [sys.monitoring.get_tool(tool) for tool in range(6)], refused())
thread = threading.Thread(target=work)
thread.start()
print("beside calls:", refused() > 0)
stop.append(True)
thread.join()
print("events:", [sys.monitoring.get_events(tool) for tool in range(6) if sys.monitoring.get_tool(tool)])
