"""``keras-profile open``: pages and exports in a browser or in other viewers."""
