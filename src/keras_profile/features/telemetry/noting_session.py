"""An HTTP session that notes how its last request went."""

from __future__ import annotations

from typing import Any

import requests


class NotingSession(requests.Session):  # type: ignore[misc]  # its types are another package
    """A session; ``status``, ``content`` and ``failure`` are of its last request, None if there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.forget()

    def forget(self) -> None:
        """Begins again, before the next request."""
        self.status: int | None = None
        self.content = b""
        self.failure: str | None = None

    @property
    def answer(self) -> str:
        """The answer in one line."""
        return " ".join(self.content.decode("utf-8", "replace").split())

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Sends a request, as the base does, and notes what comes of it."""
        self.forget()
        try:
            response = super().send(request, **options)
        except requests.RequestException as error:
            self.failure = _innermost(error)
            raise
        self.status, self.content = response.status_code, response.content
        return response


def _innermost(error: BaseException) -> str:
    """The first cause of an error: what the libraries on the way say of it is long."""
    while error.__cause__ is not None or error.__context__ is not None:
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
    return str(getattr(error, "strerror", None) or error)
