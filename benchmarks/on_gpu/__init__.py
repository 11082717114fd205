"""What keras_profile says of a GPU, on a machine that has one."""
