"""Rules: each looks for one cause of slowness in the evidence of a recording."""
