"""Starts the recorder in an interpreter or a program with it, and watches them."""
