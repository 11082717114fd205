"""The checks of ``keras-profile doctor``: each turns the facts of an environment into a line."""
