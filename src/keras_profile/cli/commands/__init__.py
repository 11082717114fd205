"""The commands: each module is one, with its parser (``add``) and its code.

What only the command itself needs is imported when it runs, so that the help appears at once.
"""

from __future__ import annotations

from importlib import import_module

#: The modules of all commands, in the order of the help.
COMMANDS = [
    import_module(f"{__name__}.{name}")
    for name in (
        "run",
        "profile",
        "environment",
        "demo",
        "try_recipes",
        "reproduce",
        "history",
        "sweep",
        "compare",
        "gate",
        "bisect",
        "report",
        "explain",
        "export",
        "trace",
        "collect",
        "fleet",
        "open",
        "list",
        "rules",
        "doctor",
    )
]
