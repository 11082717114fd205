"""``keras-profile history``: one workload in several releases."""
