"""Outputs of a gate: terminal, Markdown summary, JUnit XML, SARIF."""
