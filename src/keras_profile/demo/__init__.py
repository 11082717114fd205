"""The demo's model."""
