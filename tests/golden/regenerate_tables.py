"""Writes the tables of the documents and the JSON Schemas again from what they are made of."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.key_tables import KINDS, SCHEMAS, schema
from support.tables import DOCS, TABLES, with_table

if __name__ == "__main__":
    for name, table, make in TABLES:
        page = DOCS / name
        page.write_text(with_table(page.read_text(encoding="utf-8"), table, make()), encoding="utf-8")
    for name in KINDS:
        (SCHEMAS / f"{name}.schema.json").write_text(schema(name), encoding="utf-8")
