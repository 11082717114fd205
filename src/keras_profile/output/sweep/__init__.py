"""Outputs of a sweep: terminal, page, JSON, the best configurations as TOML."""
