"""``keras-profile doctor``: what the environment lacks, from facts by checks.

Three steps that know nothing of each other. ``gathering`` makes facts: it asks the recorder for a
survey with a short recording in its middle, whose events say in order what needs ever more to
work, so that a broken import leaves all facts from before. ``checks`` asks each row of its
catalogue: an id, the facts that it needs, a pure function to a verdict. ``summary`` prints.

No check knows which versions suit each other: the recorder's installation does, by what an
import raised.
"""
