"""``keras-profile doctor``: what the environment lacks, from facts by checks."""
