"""The checks of ``keras-profile doctor``: from the facts of an environment to a line each."""
