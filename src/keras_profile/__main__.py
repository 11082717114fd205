"""``python -m keras_profile``: the same as ``keras-profile``."""

from __future__ import annotations

import sys

from .cli import program

sys.exit(program())
