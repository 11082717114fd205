#: closer 2
import sys

from odd import ends_with

ends_with(lambda layer, inputs: sys.exit(11))
