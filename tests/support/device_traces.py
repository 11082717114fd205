"""Traces with a GPU, made by hand: XSpace files of a few threads and streams."""

from __future__ import annotations

from dataclasses import dataclass, field

from keras_profile.output.encoding.protobuf import number, sized, utf8

#: How an event of a stream says what it copies, and what it is of.
COPY, OP, NAME = "memcpy_details", "tf_op", "name"


@dataclass
class Plane:
    """A plane; ``lines`` are (name, start in ns, (event, begin, end in ns after that, stats…)…)."""

    name: str
    lines: list[tuple] = field(default_factory=list)

    def encoded(self):
        events = sorted({event for _, _, *rows in self.lines for event, *_ in rows})
        stats = sorted({stat for _, _, *rows in self.lines for row in rows for stat in row[3]})
        content = sized(2, utf8(self.name))
        for field_number, names in ((4, events), (5, stats)):
            for key, name in enumerate(names, 1):
                content += sized(
                    field_number, number(1, key) + sized(2, number(1, key) + sized(2, utf8(name)))
                )
        for line, start_ns, *rows in self.lines:
            body = sized(2, utf8(line)) + number(3, start_ns)
            for event, begin, end, values in rows:
                made = number(1, events.index(event) + 1)
                made += number(2, begin * 1000) + number(3, (end - begin) * 1000)
                for stat, value in values.items():
                    text = sized(5, utf8(value)) if isinstance(value, str) else number(4, value)
                    made += sized(4, number(1, stats.index(stat) + 1) + text)
                body += sized(4, made)
            content += sized(3, body)
        return sized(1, content)


def step(number_of_it, begin, end):
    """A marked step of the main thread."""
    return ("step", begin, end, {"step_num": number_of_it})


def on_host(*events, name="python3", start_ns=1_000_000):
    """A host's plane with one thread; events are (name, begin, end) or have stats."""
    return Plane("/host:CPU", [(name, start_ns, *((*one, {}) if len(one) == 3 else one for one in events))])


def on_gpu(*lines, name="/device:GPU:0"):
    return Plane(name, list(lines))


def written(path, *planes):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(plane.encoded() for plane in planes))
    return path


def waiting_for_input():
    """Two steps of 1,000 ns: the GPU computes 200 of each, and waits while the host makes an iterator."""
    host = on_host(
        step(0, 0, 1000),
        ("MakeIterator::RangeDataset", 0, 700),
        ("FunctionRun", 700, 950),
        step(1, 2000, 3000),
        ("MakeIterator::RangeDataset", 2000, 2700),
        ("FunctionRun", 2700, 2950),
    )
    stream = (
        "Stream #1(Compute)",
        1_000_000,
        ("gemm", 720, 870, {OP: "model/dense/MatMul:MatMul"}),
        ("relu", 870, 920, {OP: "model/dense/Relu:Relu"}),
        ("gemm", 2720, 2870, {OP: "model/dense_1/MatMul:MatMul"}),
        ("relu", 2870, 2920, {OP: "model/dense_1/Relu:Relu"}),
        ("gemm", 5000, 5100, {OP: "model/dense/MatMul:MatMul"}),
    )
    copies = (
        "Stream #2(MemcpyH2D)",
        1_000_000,
        ("MemcpyH2D", 710, 730, {COPY: "size:4096 dest:0 async:1"}),
        ("MemcpyH2D", 2710, 2730, {COPY: "kind_src:1 size:1024 dest:0"}),
    )
    return host, on_gpu(stream, copies)
