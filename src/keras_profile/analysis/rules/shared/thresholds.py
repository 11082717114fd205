"""Thresholds of more than one rule, each with the reason for its value."""

from __future__ import annotations

from ..rule import Threshold

LEAST_SHARE = Threshold(
    "LEAST_SHARE",
    0.10,
    "share of the call that a finding takes at least: fixing less gains less than a ninth, and medians of "
    "equal runs on a shared machine differ by more",
)

MANY_CALLS = Threshold(
    "MANY_CALLS",
    8,
    "calls of a model from one line that make a loop: ensembles and test-time augmentation call a model up "
    "to a handful of times on purpose",
)

CALLS_PER_MODEL = Threshold(
    "CALLS_PER_MODEL",
    2,
    "calls per model object at most, to say that each call gets a new one: a model that is kept is called "
    "again and again",
)

MANY_BATCHES = Threshold(
    "MANY_BATCHES",
    8,
    "batches in a call at least, for their number to matter: a handful of fetches takes less than a "
    "millisecond each",
)

WAITING_SHARE = Threshold(
    "WAITING_SHARE",
    0.30,
    "share of the call that waiting for Python's batches takes at least: with pools and threads it varies "
    "by a tenth from run to run",
)

PER_BATCH_NS = Threshold(
    "PER_BATCH_NS",
    2_000_000,
    "ns that a batch claims at most beside the model: batches of a tiny model take 0.5 ms in total, and "
    "four times that on a busy machine",
)

DEVICE_IDLE_SHARE = Threshold(
    "DEVICE_IDLE_SHARE",
    0.30,
    "share of the call in which a device waits for one thing at least: what takes a tenth of a call is "
    "common in programs whose device is busy for the rest",
)

COMPARED_CALLS = Threshold(
    "COMPARED_CALLS",
    3,
    "calls that were compared with the one before at least: two that are alike may be a call to warm up and "
    "the first real one",
)

SLOWER_TIMES = Threshold(
    "SLOWER_TIMES",
    1.5,
    "times as long as alone: calls in a row, with their data in the caches, take up to a third less than "
    "calls between other work",
)

SLOWER_NS = Threshold(
    "SLOWER_NS",
    2_000_000,
    "ns that a call takes longer: smaller differences occur if other work runs between the calls",
)

LEAST_TIMED_CALLS = Threshold("LEAST_TIMED_CALLS", 5, "calls of the program timed with nothing installed")
