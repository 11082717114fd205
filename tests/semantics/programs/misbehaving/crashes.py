#: closer 2
#: shell ulimit -c 0
import os

from odd import ends_with

ends_with(lambda layer, inputs: os.abort())
