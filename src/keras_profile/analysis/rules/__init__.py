"""Rules: each looks for one cause of slowness in the evidence of a recording.

What is known is put into one ``Evidence``; what was not recorded is None in it. ``engine`` asks
every rule of the list in ``catalogue``. A rule has a pure function from a view to ``Found``,
``NotFound`` or ``CannotTell``. The view gives what the rule declares: ``needs``, without which the
engine answers cannot tell for it, and ``uses``, which it asks ``has()`` for. Other access raises.

A found cause claims nanoseconds of phases. Rules are served in the order of the catalogue, and
each gets what is left of the phases that it claims, so that a nanosecond is claimed once.
"""
