"""int8 layers run without kernels for int8."""

from __future__ import annotations

from ..evidence_view import View
from ..rule import Answer, NotFound, Rule
from ..shared import layer_kernels
from ..shared.claiming import claim
from ..shared.thresholds import LEAST_SHARE


def judge(evidence: View) -> Answer:
    quantised = {
        layer.layer: layer.quantization for layer in evidence.workload("layers") if layer.quantization
    }
    if not quantised:
        return NotFound("no layer is quantised")
    devices = [device for device in evidence.environment("devices") if "CPU" not in device]
    if devices:
        return NotFound(f"these devices may have kernels for int8: {', '.join(devices)}")
    ns, chosen = layer_kernels.of_layers(evidence, quantised)
    return claim(
        evidence,
        {"execution": ns},
        "quantised layers are",
        title=(
            f"{len(quantised)} layers are quantised to {min(quantised.values())}, which this "
            "processor's kernels run slower than float32 ({cost} ms a call in them)"
        ),
        lines=layer_kernels.lines(chosen),
    )


RULE = Rule(
    id="quantised_layers",
    title="int8 layers run without kernels for int8",
    meaning=(
        "model.quantize('int8') shrinks the weights. With TensorFlow on a CPU, each call then finds the "
        "largest value of each row, divides, rounds and casts, and multiplies without a fast kernel. The "
        "layers take about three times as long as in float32."
    ),
    advice="predict in float32, or run the int8 model in LiteRT or ONNX Runtime",
    recognised=(
        "Layers have a quantization mode, all devices are CPUs, and these layers' kernels take at least "
        "LEAST_SHARE of the call."
    ),
    example="model.quantize('int8')               # for speed, on a CPU",
    sources=(
        "https://github.com/tensorflow/model-optimization/issues/599",
        "https://github.com/keras-team/keras/pull/19263",
    ),
    needs=("workload.layers", "environment.devices", "layers", "phases"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("float32_policy", "litert", "onnxruntime"),
)
