"""Tries recipes: each change is built, compared with the original call, and timed alongside it."""
