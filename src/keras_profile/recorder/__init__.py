"""The recorder: the part of keras_profile that runs inside the profiled interpreter.

It is Python 3.7 code that needs only the standard library, numpy and what is being
profiled. It imports nothing from the rest of keras_profile, so that its folder can
be given to any interpreter that has TensorFlow.

The protocol, start to end:

1. The driver starts ``python <this folder> <request.json> <file descriptor>``, or calls
   :func:`.workload.recording_session.record` in its own process.
2. The recorder reads the request (:mod:`.protocol.requests`; ``do`` names the kind). To record,
   it builds the workload, makes the cold call, then records the captures in rounds.
3. It reports progress on the file descriptor, one event per line of JSON
   (:mod:`.protocol.events`; ``event`` names the kind).
4. After every round the recording's folder is complete: a crash of the profiled
   program loses only the round in which it happened.

Expected failures come back as data: an ``error`` event with a kind, a message, what
to do next and, if the user's own code raised, its traceback.
"""
