"""What tests of whole programs need."""

from __future__ import annotations

import pytest

from support import requirements
from support.commands import PROGRAMS
from support.programs import Running, command_of

#: Not to be imported in search of doctests: they are programs, and load TensorFlow.
collect_ignore = [
    str(path.relative_to(PROGRAMS))
    for path in PROGRAMS.rglob("*.py")
    if not path.name.startswith("test_") and path.name != "conftest.py"
]


@pytest.fixture(scope="session", autouse=True)
def _tensorflow_is_there():
    requirements.tensorflow()


@pytest.fixture(scope="session")
def start_program(new_folder):
    """Starts a program under keras-profile and returns it while it runs; in the end it is killed."""
    started = []

    def start(program, *arguments, options=("--no-try", "--no-replay", "--no-html"), **variables):
        started.append(Running(command_of(program, *arguments, options=options), new_folder(), variables))
        return started[-1]

    yield start
    for one in started:
        one.kill()
