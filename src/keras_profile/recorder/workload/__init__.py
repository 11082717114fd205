"""The workload that the recorder calls: what is called, with what, when, and under which capture."""
