"""Starts the recorder, alone or with a program, and watches it."""
