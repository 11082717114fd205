"""What the recorder writes into stacks, spans and traces for the readers to find."""

from __future__ import annotations

#: The name in stacks of the frame around every measured call, before its number.
CALL_FRAME = "keras_profile_call_"

#: Events in ``spans.npz``. A probe's entry is logged as the internal's number (0 and up),
#: a generator's resumption as that plus RESUMED, and an exit or ``yield`` as
#: ``-1 - number``; the others do not come from probes.
RESUMED = 500000000
CALL_BEGIN = 1000000001
CALL_END = 1000000002
GC_BEGIN = 1000000003
GC_END = 1000000004

#: The name of an internal's annotation in a TensorFlow trace; its phase follows.
#: It has no colon: TF 2.0 expects the op after one and cuts off what is before it.
ANNOTATION_PREFIX = "keras_profile."
#: The same in the copies that TensorBoard opens, after the phase: a narrow box shows only the
#: beginning of a name. It is as long as the prefix, so that a name can be changed in place.
ANNOTATION_SUFFIX = " keras_profile"

#: What follows the entry point in the name of a step there. TensorFlow names the call of a
#: tf.function after it, and one may be called ``function`` or ``predict``: none has brackets.
STEP_SUFFIX = "()"

#: The op whose events tie the clock of ``annotations.json`` to that of its trace.
MARKER_OP = "PopulationCount"
