"""``keras-profile reproduce``: the question of why ``predict`` is slower after ``compile()``."""
