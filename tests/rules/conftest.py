"""What pytest must not import in search of doctests: they load TensorFlow."""

collect_ignore = ["programs.py", "healthy.py"]
