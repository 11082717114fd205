"""The Python interface: profile, watch, the notebook, and what they return."""
