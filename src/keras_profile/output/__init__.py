"""Writers: each makes one output, from a report alone."""
