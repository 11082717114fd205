"""What a check is: the facts that it needs, and the verdicts that it can give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..checkup import FAILS, NOT_CHECKED, OK, WARNING, Facts, Failure, Status


@dataclass(frozen=True)
class Verdict:
    """What a check found. ``advice`` says what to do, ``command`` is what to run for it."""

    status: Status
    text: str
    advice: str = ""
    command: str = ""


def ok(text: str) -> Verdict:
    """Everything works."""
    return Verdict(OK, text)


def warning(text: str, advice: str = "", command: str = "") -> Verdict:
    """It works, but not fully, or only in some cases."""
    return Verdict(WARNING, text, advice, command)


def fails(text: str, advice: str = "", command: str = "") -> Verdict:
    """It does not work."""
    return Verdict(FAILS, text, advice, command)


def because(failure: Failure | None, otherwise: str) -> Verdict:
    """It does not work because of ``failure``, or for no known reason."""
    if failure is None:
        return fails(otherwise)
    return fails(failure.message, failure.advice, failure.command)


def not_checked(text: str) -> Verdict:
    """It could not be checked; the text says why."""
    return Verdict(NOT_CHECKED, text)


@dataclass(frozen=True)
class Check:
    """One line of a checkup.

    ``needs`` are the names of the facts that :attr:`judge` requires: if one is missing,
    nothing is checked. ``judge`` is a pure function.
    """

    id: str
    needs: tuple[str, ...]
    judge: Callable[[Facts], Verdict]


def release(version: str) -> tuple[int, ...]:
    """Returns the numbers that a version begins with, for comparisons.

    >>> release("2.20.0"), release("3.0rc1") < release("3.1")
    ((2, 20, 0), True)
    """
    numbers = []
    for part in version.split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits))
    return tuple(numbers)
