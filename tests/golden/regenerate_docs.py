"""Writes again what the documents have from code: tables, options, the page of rules, JSON Schemas."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from keras_profile.analysis.rules.catalogue import RULES
from keras_profile.output.rules_page import render_rules_page
from support.key_tables import KINDS, SCHEMAS, schema
from support.option_tables import PAGE, with_tables
from support.tables import DOCS, TABLES, with_table

if __name__ == "__main__":
    for name, table, make in TABLES:
        page = DOCS / name
        page.write_text(with_table(page.read_text(encoding="utf-8"), table, make()), encoding="utf-8")
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    rules = render_rules_page([rule.text() for rule in RULES])
    (DOCS / "rules.md").write_text(rules, encoding="utf-8")
    for name in KINDS:
        (SCHEMAS / f"{name}.schema.json").write_text(schema(name), encoding="utf-8")
