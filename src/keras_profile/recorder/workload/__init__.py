"""A workload that the recorder calls: what is called, with what, when, under which capture."""
