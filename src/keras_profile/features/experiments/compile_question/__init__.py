"""``keras-profile reproduce``: the question why ``predict`` is slower after ``compile()``."""
