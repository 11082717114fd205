"""The commands: each module is one, with its parser (``add``) and what it does.

What only the command itself needs is imported when it runs: the help appears at once.
"""

from __future__ import annotations

from . import (
    demo,
    doctor,
    environment,
    export,
    history,
    list,
    open,
    profile,
    report,
    reproduce,
    rules,
    run,
    trace,
    try_recipes,
)

#: All commands in the order of the help.
COMMANDS = [
    run,
    profile,
    environment,
    demo,
    try_recipes,
    reproduce,
    history,
    report,
    export,
    trace,
    open,
    list,
    rules,
    doctor,
]
