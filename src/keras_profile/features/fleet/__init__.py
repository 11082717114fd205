"""Recordings of many machines: collected into a store, and questions answered from it."""
