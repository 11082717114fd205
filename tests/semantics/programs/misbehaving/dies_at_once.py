#: closer 2
import os

from odd import ends_with

ends_with(lambda layer, inputs: os._exit(9))
