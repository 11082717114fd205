"""Names of files by their paths, of whatever system the recording is."""

from __future__ import annotations

import ntpath
import posixpath
import re

_OF_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\")


def file_name(path: str) -> str:
    r"""What a path ends with: the file, and what may stand behind it, such as a line.

    >>> file_name("/srv/app.py:41"), file_name(r"C:\srv\app.py:41"), file_name(r"\\host\share\app.py")
    ('app.py:41', 'app.py:41', 'app.py')
    >>> file_name("app.py"), file_name(r"/srv/a\b.py"), file_name("<stdin>")
    ('app.py', 'a\\b.py', '<stdin>')
    """
    return ntpath.basename(path) if _OF_WINDOWS.match(path) else posixpath.basename(path)
