"""Commands that do more than make one recording and its report: one folder each."""
