"""A GPU or TPU waits for Python and Keras, call by call or batch by batch."""

from __future__ import annotations

from ....model.devices import DeviceDivision
from ....model.workload import Input
from ....number_words import number, percent
from ....recorder.protocol.frameworks import KERAS_BATCH_SIZE
from ...given_numbers import whole
from ..evidence_view import View
from ..rule import Addition, Answer, Rule
from ..shared import device_time
from ..shared.claiming import claim
from ..shared.thresholds import DEVICE_IDLE_SHARE

#: Above this many rows a batch would not be made larger for the sake of the host.
_MOST_ROWS = 1_000_000


def judge(evidence: View) -> Answer:
    device = device_time.busiest(evidence)
    if device is None:
        return device_time.NO_DEVICE
    others = {*device_time.input_phases(device), *device_time.LAUNCHES}
    phases = {wait.phase for wait in device.waits if wait.phase not in others}
    name, lines = device_time.short(device), device_time.lines(device)
    rows = _enough_rows(evidence, device)
    if rows:
        lines.append(
            f"with about {number(rows)} rows at once it would compute as long as it waits now, if its time "
            "grows with the rows"
        )
    return claim(
        evidence,
        device_time.idle_claims(evidence, device, phases),
        f"what {name} waits for Python is",
        title=(
            f"{name} is busy {percent(device.busy_share)} of the time: it waits {{cost}} ms for Python and "
            "what surrounds the model"
        ),
        lines=lines,
        least=DEVICE_IDLE_SHARE,
        addition=Addition(f"{name} is idle meanwhile", lines),
    )


def _enough_rows(evidence: View, device: DeviceDivision) -> int | None:
    """How many rows at once would keep the device as long busy as it is idle; None if unknown."""
    if not evidence.has("workload.inputs") or not evidence.has("workload.batch_size") or not device.busy_ns:
        return None
    inputs: list[Input] = evidence.workload("inputs")
    if not inputs or inputs[0].kind not in ("array", "tensor"):
        return None
    given = (inputs[0].shape or [None])[0]
    if not given:
        return None
    batch = min(given, whole(evidence.workload("batch_size"), KERAS_BATCH_SIZE))
    rows = round(batch * device.idle_ns / device.busy_ns, -1 if batch >= 10 else 0)
    return int(rows) if batch < rows <= _MOST_ROWS else None


RULE = Rule(
    id="device_host_bound",
    title="The GPU waits for Python",
    meaning=(
        "For small batches, Python, Keras and the call of a traced function take longer than the device "
        "computes. The device's time hardly grows with the rows until it is full, so more rows in a call "
        "cost almost nothing."
    ),
    advice="give each call more rows: a larger `batch_size`, or several requests together",
    recognised=(
        "The device is idle for at least DEVICE_IDLE_SHARE of the call while the host neither prepares the "
        "input nor launches ops."
    ),
    example="model.predict(x, batch_size=32)       # the GPU computes 1 of 20 ms a batch\n\n"
    "model.predict(x, batch_size=1024)",
    sources=("https://www.tensorflow.org/guide/gpu_performance_analysis",),
    needs=("devices", "phases"),
    uses=("workload.inputs", "workload.batch_size"),
    judge=judge,
    thresholds=(DEVICE_IDLE_SHARE,),
    recipes=("larger_batch_size", "one_predict_for_many_calls", "predict_on_batch", "concrete_function"),
)
