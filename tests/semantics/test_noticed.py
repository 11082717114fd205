"""The page and the table of what a program can notice agree, and each entry is shown by a program."""

from __future__ import annotations

import re

from semantics.noticed import NOTICED
from semantics.running import all_programs
from support.commands import ROOT


def test_the_page_has_what_the_table_has():
    page = (ROOT / "docs" / "noticed.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (.+)\n\n((?:(?!## ).*\n)*)", page, re.MULTILINE))
    assert list(sections) == [one.title for one in NOTICED]
    for one in NOTICED:
        assert one.why in sections[one.title].replace("`", ""), one.title


def test_each_entry_is_shown_by_programs_that_are_there():
    names = {program.name for program in all_programs()}
    for one in NOTICED:
        assert one.shown_by, one.title
        assert set(one.shown_by) <= names
