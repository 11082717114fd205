"""Commands that do more than one recording and its report: one folder each."""
