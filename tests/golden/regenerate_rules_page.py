"""Writes ``docs/rules.md`` anew from the rules themselves."""

from __future__ import annotations

from pathlib import Path

from keras_profile.analysis.rules.catalogue import RULES
from keras_profile.output.rules_page import render_rules_page

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"

if __name__ == "__main__":
    PAGE.write_text(render_rules_page([rule.text() for rule in RULES]), encoding="utf-8")
