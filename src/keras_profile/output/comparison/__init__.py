"""Outputs of a comparison: terminal, Markdown, page, and the formats of CI."""
