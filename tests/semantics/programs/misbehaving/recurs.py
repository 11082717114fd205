#: closer 2
from odd import ends_with

ends_with(lambda layer, inputs: layer(inputs))
