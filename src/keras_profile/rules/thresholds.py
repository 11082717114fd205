"""The thresholds of all rules, each with the reason for its value."""
from __future__ import annotations


class Threshold(float):
    """A number with the reason why it is that number."""

    reason: str

    def __new__(cls, value: float, reason: str) -> Threshold:
        made = super().__new__(cls, value)
        made.reason = reason
        return made


LEAST_SHARE = Threshold(0.10, (
    "share of the call that a finding has at least: mending less gains less than a ninth, and medians "
    "of equal runs on a shared machine differ by more"))
