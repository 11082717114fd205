"""A terminal emulator: what somebody sees of an output, and whether it moved anything."""

from __future__ import annotations

import pyte


def seen(output: str) -> str:
    """What a terminal shows of an output, line by line. It must be that and nothing else.

    Fails where the output moves the cursor, sets the title, switches screens or character sets.
    """
    lines = output.split("\n")
    # Twice as wide as the longest line, since some letters are two columns wide.
    screen = pyte.Screen(2 * max(map(len, lines)) + 2, len(lines) + 2)
    modes, sets = set(screen.mode), (screen.g0_charset, screen.g1_charset)
    answers = []
    screen.write_process_input = answers.append
    pyte.Stream(screen).feed(output.replace("\n", "\r\n"))
    assert (screen.title, screen.icon_name) == ("", "")
    assert (set(screen.mode), (screen.g0_charset, screen.g1_charset), screen.charset) == (modes, sets, 0)
    assert answers == []
    assert screen.cursor.y == len(lines) - 1
    shown = [line.rstrip() for line in screen.display[: len(lines)]]
    return "\n".join(shown)
