"""What goes into the recorder and what comes out: what both sides share.

The rest of keras_profile imports only this package of the recorder. Requests are in
:mod:`.requests` and events in :mod:`.events`. The command line has to start quickly, and needs
neither before it records.
"""

from __future__ import annotations

from .captures import (
    CAPTURE_OF,
    CAPTURE_TABLE,
    CAPTURES,
    LEAST_S,
    MOST_S,
    RECORDING_SHARE,
    CaptureSpec,
    captures_in_time,
)
from .entries import (
    ENTRY_POINT_OF,
    ENTRY_POINT_TABLE,
    ENTRY_POINTS,
    FUNCTION,
    MODEL,
    MODEL_METHODS,
    SIGNATURE,
    EntryPoint,
    entry_point_of_call,
    with_option,
)
from .errors import RecorderError
from .files import (
    CALL_FIELDS,
    CALL_ROW,
    COLD,
    FILES,
    FOLDER_VARIABLE,
    PROGRAM_FILES,
    PROGRAM_SCHEMA,
    RAISED,
    RECORDING_SCHEMA,
    SAMPLED_FRAME_KINDS,
    SETTLING,
    STACKS_SCHEMA,
    TRIALS_SCHEMA,
)
from .marks import (
    ANNOTATION_PREFIX,
    ANNOTATION_SUFFIX,
    CALL_BEGIN,
    CALL_END,
    CALL_FRAME,
    GC_BEGIN,
    GC_END,
    MARKER_OP,
    RESUMED,
    STEP_SUFFIX,
)

__all__ = [
    "ANNOTATION_PREFIX",
    "ANNOTATION_SUFFIX",
    "CALL_BEGIN",
    "CALL_END",
    "CALL_FIELDS",
    "CALL_FRAME",
    "CALL_ROW",
    "CAPTURES",
    "CAPTURE_OF",
    "CAPTURE_TABLE",
    "COLD",
    "ENTRY_POINTS",
    "ENTRY_POINT_OF",
    "ENTRY_POINT_TABLE",
    "FILES",
    "FOLDER_VARIABLE",
    "FUNCTION",
    "GC_BEGIN",
    "GC_END",
    "LEAST_S",
    "MARKER_OP",
    "MODEL",
    "MODEL_METHODS",
    "MOST_S",
    "PROGRAM_FILES",
    "PROGRAM_SCHEMA",
    "RAISED",
    "RECORDING_SCHEMA",
    "RECORDING_SHARE",
    "RESUMED",
    "SAMPLED_FRAME_KINDS",
    "SETTLING",
    "SIGNATURE",
    "STACKS_SCHEMA",
    "STEP_SUFFIX",
    "TRIALS_SCHEMA",
    "CaptureSpec",
    "EntryPoint",
    "RecorderError",
    "captures_in_time",
    "entry_point_of_call",
    "with_option",
]
