"""Recordings of programs made by hand: what a recorder appends to a process's files."""

from __future__ import annotations

import json
import struct
from pathlib import Path

from keras_profile.analysis.attribution.internals import internals_table
from keras_profile.recorder.protocol import (
    CALL_BEGIN,
    CALL_END,
    CALL_ROW,
    CAPTURES,
    COLD,
    PROGRAM_SCHEMA,
    STACKS_SCHEMA,
    events,
)
from keras_profile.recorder.protocol.visible import readable_json

ENVIRONMENT = {
    "python": "3.12.1",
    "tensorflow": "2.21.0",
    "keras": "3.15.0",
    "keras_root": "keras.src",
    "backend": "tensorflow",
    "platform": "Linux",
    "cpu_count": 2,
    "devices": ["CPU:0"],
    "settings": {},
}

MS = 1_000_000
#: When the processes here began, by their own clock and by that of the day.
BEGAN, TIME = 5_000 * MS, 1_700_000_000.0


def workload(shape=(1, 4)):
    return {
        "target": "",
        "entry_point": "predict",
        "batch_size": None,
        "steps": None,
        "compiled": True,
        "inputs": [{"shape": list(shape), "dtype": "float32", "kind": "array"}],
        "run_eagerly": False,
        "parameters": 13,
        "layers": [],
        "announcements": [],
        "verbose": False,
    }


def internal_of(phase):
    """The number of the first internal of a phase."""
    return next(number for number, row in enumerate(internals_table()) if row.phase == phase)


def line(number, source="", function="act", file="/home/u/app.py", looped=False):
    """A frame of a line of the user's."""
    return ["user", file, "__main__", function, number, source, looped]


def library(module, function):
    """A frame of a library's function."""
    return ["library", f"/lib/{module}.py", module, function, 0]


def imported(package):
    """A frame of a package that is imported."""
    return ["import", "", package, "", 0]


def inference(group=0):
    """The frame that a call of a group ends in."""
    return ["inference", "", "", "", group]


def activity(kind):
    """The frame of Keras' other work."""
    return ["activity", "", "", kind, 0]


def as_written(content):
    """JSON as the recorder writes it."""
    return readable_json(json.dumps(content))


RECORDER = ["recorder", "", "", "", 0]


class Process:
    """A process of a program in ``folder``: events, calls, spans and samples are added in order."""

    def __init__(self, program, pid=100, parent=1, forked=False, time=TIME):
        self.pid = pid
        self.folder = Path(program) / f"process-{pid}"
        self.folder.mkdir()
        self.now = BEGAN
        self.tell(
            events.Process(
                pid=pid,
                parent=parent,
                argv=["app.py"],
                executable="python",
                python="3.12.1",
                folder=str(program),
                forked=forked,
                time=time,
                began_ns=BEGAN,
            )
        )
        self.tell(events.Environment(ENVIRONMENT))
        self.tell(
            events.Internals(
                [
                    {
                        "module": row.module,
                        "qualname": row.qualname,
                        "table_module": row.module,
                        "file": None,
                        "line": None,
                        "loaded": True,
                    }
                    for row in internals_table()
                ]
            )
        )
        self.tell(events.Thread(0, "MainThread"))
        self.tell(events.Thread(1, "worker"))

    def tell(self, event):
        """Appends an event as the recorder does."""
        with (self.folder / "process.jsonl").open("a") as file:
            file.write(event.to_json() + "\n")

    def site(
        self,
        number=0,
        file="/home/u/app.py",
        line=41,
        function="act",
        source="q = model.predict(x)",
        through=None,
    ):
        self.tell(events.Site(number, file, line, function, source, through))

    def group(self, number=0, site=0, entry="predict", varying=False, base=None, **changed):
        shape = changed.pop("shape", (1, 4))
        self.tell(
            events.Group(
                group=number,
                site=site,
                entry=entry,
                varying=varying,
                base=number if base is None else base,
                workload={**workload(shape), **changed},
            )
        )

    def call(
        self,
        group=0,
        capture="bare",
        wall=10 * MS,
        flags=0,
        thread=0,
        others=0,
        model=0,
        block=0,
        begin=None,
        gap=MS // 10,
    ):
        begin = self.now if begin is None else begin
        row = struct.pack(
            CALL_ROW,
            group,
            CAPTURES.index(capture),
            flags,
            thread,
            others,
            model,
            block,
            begin,
            wall,
            wall,
            wall,
            -1,
        )
        with (self.folder / "calls.bin").open("ab") as file:
            file.write(row)
        self.now = max(self.now, begin + wall + gap)
        return begin

    def spans(self, begin, group=0, wall=10 * MS, phase="dataset_building", share=0.9):
        """The block of a call in which one phase has ``share`` of the time."""
        folder = self.folder / "groups" / str(group)
        folder.mkdir(parents=True, exist_ok=True)
        inner = internal_of(phase)
        codes = [CALL_BEGIN, inner, -1 - inner, CALL_END]
        times = [begin, begin + MS // 10, begin + MS // 10 + int(wall * share), begin + wall]
        with (folder / "spans.bin").open("ab") as file:
            file.write(struct.pack(f"<{1 + 2 * len(codes)}q", len(codes), *codes, *times))

    def calls(self, count, group=0, **fields):
        """A cold call, then ``count`` warm ones, a quarter of them under spans."""
        self.spans(self.call(group, "spans", wall=300 * MS, flags=COLD, **fields), group, 300 * MS)
        for number in range(count):
            capture = "spans" if number % 4 == 0 else "bare"
            begin = self.call(group, capture, block=number // 8, **fields)
            if capture == "spans":
                self.spans(begin, group, fields.get("wall", 10 * MS))

    def activity(self, kind, name, where="app.py:7, in main", wall=50 * MS, within=-1, begin=None, thread=0):
        self.tell(
            events.Activity(
                kind=kind,
                name=name,
                where=where,
                wall_ns=wall,
                thread=thread,
                within=within,
                begin_ns=self.now if begin is None else begin,
            )
        )
        if begin is None:
            self.now += wall

    def stacks(self, *paths, began=BEGAN, paused=0, of_worker=()):
        """Sampled paths: of each the frames from the outermost on, its time in ms, and how busy it was.

        Frames are as :func:`line`, :func:`library` and the others make them. ``of_worker`` are paths of
        the thread number 1, which does not count for how long it was looked.
        """
        frames, nodes = [["thread", "", "", "", 0]], [(-1, -1), (0, 0)]
        if of_worker:
            frames.append(["thread", "", "", "", 1])
            nodes.append((0, 1))
        times = {}
        for start, (path, wall, busy) in [*((1, one) for one in paths), *((2, one) for one in of_worker)]:
            node = start
            for frame in path:
                if frame not in frames:
                    frames.append(frame)
                key = (node, frames.index(frame))
                if key not in nodes:
                    nodes.append(key)
                node = nodes.index(key)
            times[node] = (times.get(node, (0, 0))[0] + wall, busy)
        walls = [round(times.get(number, (0, 0))[0] * MS) for number in range(len(nodes))]
        (self.folder / "stacks.json").write_text(
            as_written(
                {
                    "schema": STACKS_SCHEMA,
                    "began_ns": began,
                    "last_ns": began + sum(round(wall * MS) for _, wall, _ in paths),
                    "paused_ns": paused,
                    "ticks": 1,
                    "frames": frames,
                    "nodes": {
                        "parent": [parent for parent, _ in nodes],
                        "frame": [frame for _, frame in nodes],
                        "count": [wall // (10 * MS) + (wall > 0) for wall in walls],
                        "wall_ns": walls,
                        "cpu_ns": [
                            int(wall * times.get(number, (0, 0))[1]) for number, wall in enumerate(walls)
                        ],
                    },
                }
            )
        )

    def end(self, raised=None):
        self.tell(events.Overhead({"probes": 3 * MS, "calls": MS}, self.now))
        self.tell(events.Ended(self.now, raised))


def program(folder, command=("app.py",), exit_code=0, complete=True, interrupted=False, **fields):
    """The folder of a program's recording."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "program.json").write_text(
        as_written(
            {
                "schema": PROGRAM_SCHEMA,
                "created": "2026-01-02T03:04:05+00:00",
                "command": list(command),
                "python": "python",
                "exit_code": exit_code,
                "complete": complete,
                "interrupted": interrupted,
                **fields,
            }
        )
    )
    return folder


def usual(folder, calls=40):
    """A program whose one line calls predict in a loop."""
    made = program(folder)
    process = Process(made)
    process.site()
    process.group()
    process.calls(calls)
    process.end()
    return made
