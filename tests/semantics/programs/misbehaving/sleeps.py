#: closer 2
import time

from odd import ends_with

ends_with(lambda layer, inputs: time.sleep(10**6))
