#: closer 2
import os

from odd import ends_with

ends_with(lambda layer, inputs: os.killpg(0, 2))
