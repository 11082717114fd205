"""``keras-profile doctor``: checks what the environment lacks.

It has three independent steps. ``gathering`` collects facts: it requests a survey from the recorder,
with a short recording in the middle. The survey's events come in an order in which each needs more
to work, so that a broken import keeps all earlier facts. ``checks`` goes through its catalogue:
each row has an id, the facts that it needs, and a pure function to a verdict. ``summary`` prints.

No check knows which versions fit together: the recorder finds that out from what an import raised.
"""
