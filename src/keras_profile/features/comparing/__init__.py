"""Compares two ways to make a call: measured now and in turn, or recorded earlier."""
