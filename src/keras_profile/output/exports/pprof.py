"""Writes a recording as a gzipped profile of pprof.

https://github.com/google/pprof/blob/main/proto/profile.proto ::

    Profile   1 sample_type, 2 sample, 4 location, 5 function, 6 string_table, 9 time_nanos,
              12 period, 13 comment, 14 default_sample_type
    ValueType 1 type, 2 unit            Sample   1 location_id (leaf first), 2 value, 3 label
    Label     1 key, 2 str              Location 1 id, 4 line {1 function_id, 2 line}
    Function  1 id, 2 name, 3 system_name, 4 filename, 5 start_line

Each capture has its own values, so the time of a call is not summed over captures: choose one with
``-sample_index``. Labels give the phase and the thread of a sample: ``-tagroot phase`` divides a call by
its phases.
"""

from __future__ import annotations

import gzip

from ...analysis.drilldown.tracks import traced_paths
from ...model.drilldown import Frame, Views
from ..encoding.boxes import stacks
from ..encoding.protobuf import number, numbers, sized, utf8
from ..exporting import IN_TIME, ExportFormat, of_views

#: The values of a sample: type and unit. Times are ns of one call.
VALUES = (
    ("samples", "count"),
    ("sampled_time", "nanoseconds"),
    ("entries", "count"),
    ("span_time", "nanoseconds"),
    ("tensorflow_events", "count"),
    ("tensorflow_time", "nanoseconds"),
)
#: The position of each capture's count; its time comes next.
_SAMPLED, _SPANS, _TENSORFLOW = 0, 2, 4


class _Profile:
    """The tables of a profile, filled as samples are added."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self._strings: dict[str, int] = {"": 0}
        self._locations: dict[int, int] = {}
        self._samples: list[bytes] = []

    def string(self, text: str) -> int:
        return self._strings.setdefault(text, len(self._strings))

    def sample(self, path: list[int], first: int, count: int, ns: int, labels: dict[str, str]) -> None:
        """A sample of the frames in ``path``, outermost first."""
        values = [0] * len(VALUES)
        values[first], values[first + 1] = count, ns
        ids = [self._locations.setdefault(frame, len(self._locations) + 1) for frame in reversed(path)]
        self._samples.append(
            sized(
                2,
                b"".join(
                    [
                        numbers(1, ids),
                        numbers(2, values),
                        *(
                            sized(3, number(1, self.string(key)) + number(2, self.string(text)))
                            for key, text in labels.items()
                        ),
                    ]
                ),
            )
        )

    def encoded(self, comments: list[str]) -> bytes:
        types = [
            sized(1, number(1, self.string(kind)) + number(2, self.string(unit))) for kind, unit in VALUES
        ]
        places = [self._place(id, self._views.frames[frame]) for frame, id in self._locations.items()]
        rest = [number(13, self.string(comment)) for comment in comments]
        rest.append(number(14, self.string("sampled_time")))
        table = [sized(6, utf8(text)) for text in self._strings]
        return b"".join([*types, *self._samples, *places, *rest, *table])

    def _place(self, id: int, frame: Frame) -> bytes:
        name = self.string(frame.name)
        line = number(1, id) + number(2, frame.line)
        function = (
            number(1, id)
            + number(2, name)
            + number(3, name)
            + number(4, self.string(frame.file))
            + number(5, frame.line)
        )
        return sized(4, number(1, id) + sized(4, line)) + sized(5, function)


def encode_pprof(views: Views, name: str) -> bytes:
    """``views`` of the recording ``name``: trees of samples and spans, and TensorFlow's events."""
    profile = _Profile(views)
    phases = list(views.phases)
    for tree in views.trees:
        first = _SAMPLED if tree.counts_samples else _SPANS
        for path, phase, self_ns, count in stacks(tree):
            if self_ns or count:
                profile.sample(path, first, count, self_ns, {"phase": phases[phase]})
    for one in traced_paths(views):
        labels = {"phase": phases[one.phase], "thread": one.thread}
        profile.sample(list(one.frames), _TENSORFLOW, one.count, one.self_ns, labels)
    comments = [
        f"keras_profile: {name}; times are ns of one call",
        *(tree.basis for tree in views.trees),
        *views.notes,
    ]
    # Without a timestamp, the file is the same each time it is made.
    return gzip.compress(profile.encoded(comments), mtime=0)


EXPORT = ExportFormat(
    suffix=".pb.gz",
    captures=IN_TIME,
    encode=of_views(encode_pprof),
    loading="go tool pprof -http=localhost: {path}, or drop it on https://www.speedscope.app",
)
