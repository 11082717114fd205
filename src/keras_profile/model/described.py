"""Says what a field means, beside the field: the documents and JSON Schemas are made of it."""

from __future__ import annotations

import msgspec


def says(text: str) -> msgspec.Meta:
    """What a field means, for ``Annotated[type, says("…")]``. Markdown, without a full stop."""
    return msgspec.Meta(description=text)
