"""What the recorder writes into stacks, spans and traces for the readers to find."""

from __future__ import annotations

#: The name that the frame around every measured call has in stacks, before its number.
CALL_FRAME = "keras_profile_call_"

#: Events in ``spans.npz``. A probe's entry is logged as the internal's number (0 and up),
#: a generator's resumption as that plus RESUMED, and an exit or ``yield`` as
#: ``-1 - number``; the others are no probe's.
RESUMED = 500000000
CALL_BEGIN = 1000000001
CALL_END = 1000000002
GC_BEGIN = 1000000003
GC_END = 1000000004

#: What the annotation of an internal is called in a TensorFlow trace; its phase follows.
#: Without a colon, behind which TF 2.0 expects the op and cuts off what stands before.
ANNOTATION_PREFIX = "keras_profile."
#: The same in the copies that TensorBoard opens, behind the phase: a narrow box shows how a
#: name begins. As long as the prefix, so that a name is changed in its place.
ANNOTATION_SUFFIX = " keras_profile"

#: What follows the entry point in the name of a step there. TensorFlow names the call of a
#: tf.function for it, and one may be called ``function`` or ``predict``: none has brackets.
STEP_SUFFIX = "()"

#: The op whose events tie the clock of ``annotations.json`` to that of its trace.
MARKER_OP = "PopulationCount"
