"""The time that may be spent in any case: the processes of a run share it.

A file in the program's folder has a byte for each part that was claimed. Two processes that claim at
the same moment may both get the last one.
"""

from __future__ import annotations

from ..own_files import APPENDED, OwnFile, used_file

#: The time is divided into this many parts.
_PARTS = 20


class SharedGrace:
    """The part of ``whole_ns`` that this process has claimed: ``claimed_ns``."""

    def __init__(self, path: str, whole_ns: int) -> None:
        self._path = path
        self._part_ns = whole_ns // _PARTS
        self._is_over = whole_ns <= 0
        self.claimed_ns = 0

    def claim(self, needed_ns: float) -> int:
        """Claims ``needed_ns`` in all, as far as there is so much left; returns what this process has."""
        while self.claimed_ns < needed_ns and not self._is_over:
            try:
                self._claim_part()
            except OSError:  # a full disk, a folder that is gone: nothing more is claimed
                self._is_over = True
        return self.claimed_ns

    def _claim_part(self) -> None:
        if used_file(self._path, APPENDED, _with_one_more):
            self.claimed_ns += self._part_ns
        else:
            self._is_over = True


def _with_one_more(file: OwnFile) -> bool:
    """Writes a byte into a file, if it has fewer than the parts."""
    if file.size >= _PARTS:
        return False
    file.write(b".")
    return True
