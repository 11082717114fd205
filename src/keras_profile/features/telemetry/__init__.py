"""``keras-profile export --format otlp``: calls and phases as spans, sent to a collector."""
