"""Outputs of a fleet: terminal, page, and tables of answers in SQL."""
