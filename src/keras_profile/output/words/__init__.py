"""How what is written is put into words, the same in every output: a module for each thing."""
