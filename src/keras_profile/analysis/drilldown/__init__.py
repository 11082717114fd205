"""From what the readers read to what a reader of the report digs through."""
