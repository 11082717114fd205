"""Keeps work after the program's end apart from its output, logs and temporary files."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from contextlib import contextmanager
from typing import Iterator

from ..protocol import PROGRAM_FILES
from .output_file import output_into


@contextmanager
def apart_from_program(folder: str) -> Iterator[None]:
    """Lets nothing reach the program's output, log files or temporary folder meanwhile.

    Output goes to a file in ``folder``, temporary files to a folder there, which is removed.
    """
    scratch = os.path.join(folder, PROGRAM_FILES["scratch"])
    os.makedirs(scratch, exist_ok=True)
    before, disabled = tempfile.tempdir, logging.root.manager.disable
    tempfile.tempdir = scratch
    logging.disable(logging.CRITICAL)
    try:
        with output_into(folder):
            yield
    finally:
        tempfile.tempdir = before
        logging.disable(disabled)
        shutil.rmtree(scratch, ignore_errors=True)
