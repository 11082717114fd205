"""From a recording to its report: pure functions of what was recorded."""
