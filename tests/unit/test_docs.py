"""The documents keep up with the program: no word, option or link without its entry."""

from __future__ import annotations

import argparse
import re
import shlex
from pathlib import Path

import pytest

from keras_profile.analysis.attribution.internals import internals_table
from keras_profile.analysis.attribution.vocabulary import NO_PHASE, PHASES
from keras_profile.analysis.comparisons.verdicts import ORDER
from keras_profile.analysis.rules.catalogue import RULES
from keras_profile.cli.parser import make_parser
from keras_profile.features.doctor.checks.catalogue import CHECKS, LOG_FOLDER_CHECKS
from keras_profile.output.rules_page import render_rules_page
from keras_profile.recipes.catalogue import RECIPES
from keras_profile.recorder.protocol import CAPTURES, ENTRY_POINTS, FILES
from support.key_tables import KINDS, SCHEMAS, schema
from support.option_tables import PAGE, command_parsers, with_tables
from support.tables import TABLES, with_table

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])

_FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def sections(page: str, level: int) -> dict[str, str]:
    """The text below each heading of a level, up to the next of that level or a higher one."""
    text = _FENCE.sub("", (DOCS / page).read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    heading = ""
    for line in text.splitlines():
        marks, _, title = line.partition(" ")
        if marks and set(marks) == {"#"} and len(marks) <= level:
            heading = title.strip() if len(marks) == level else ""
            if heading:
                assert heading not in found, f"{page} has two entries for {heading}"
                found[heading] = ""
        elif heading:
            found[heading] += line + "\n"
    return found


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as repository hosts make them."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def test_phases_are_the_entries_of_their_page():
    assert set(sections("phases.md", 3)) == set(PHASES)


@pytest.mark.parametrize("phase", list(PHASES))
def test_phase_has_text(phase):
    assert sections("phases.md", 3)[phase].strip()


def test_phases_of_the_internals_table_have_entries():
    used = {row.phase for row in internals_table()} - set(NO_PHASE)
    assert used <= set(sections("phases.md", 3))


def test_captures_are_the_entries_of_their_page():
    found = sections("captures.md", 3)
    assert tuple(found) == CAPTURES
    for name, text in found.items():
        for part in ("What it is:", "Trusted for:", "Known biases:", "It writes:"):
            assert part in text, f"the entry of {name} does not say: {part}"


@pytest.mark.parametrize("name", list(FILES.values()))
def test_files_of_a_recording_are_described(name):
    assert f"`{name}" in (DOCS / "recording.md").read_text(encoding="utf-8")


def test_entry_points_are_the_entries_of_their_section():
    section = sections("commands.md", 2)["Entry points"]
    assert re.findall(r"^### (.+)$", section, re.MULTILINE) == list(ENTRY_POINTS)


def test_recipes_are_the_entries_of_their_page():
    found = sections("recipes.md", 3)
    assert list(found) == [recipe.id for recipe in RECIPES]
    for recipe in RECIPES:
        assert recipe.why in found[recipe.id], f"the entry of {recipe.id} does not say why it helps"


def test_verdicts_are_described():
    described = re.findall(
        r"`(\w+)`",
        "".join(
            line.split("|")[1] for line in sections("recipes.md", 2)["Verdicts"].splitlines() if "`" in line
        ),
    )
    assert set(described) == set(ORDER)


def test_commands_have_entries():
    found = {title for title in sections("commands.md", 2) if title.startswith("`")}
    assert found == {f"`keras-profile {name}`" for name in command_parsers()}


def test_the_option_tables_are_what_the_parser_says():
    """After a change of an option: ``python tests/golden/regenerate_docs.py``."""
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_tables(page)
    assert re.findall(r"^<!-- options: (\w+) -->$", page, re.MULTILINE) == list(command_parsers())


def test_checks_of_the_doctor_have_entries():
    section = sections("commands.md", 2)["`keras-profile doctor`"]
    listed = [
        name
        for line in section.splitlines()
        if line.startswith("| `") and line.count("|") == 4
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    ]
    assert listed == [check.id for check in (*CHECKS, *LOG_FOLDER_CHECKS)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_point_to_something(page):
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    for link in _LINK.findall(text):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, anchor = link.partition("#")
        place = (page.parent / path).resolve() if path else page
        assert place.exists(), f"{page.name}: {link} points to nothing"
        assert place.is_relative_to(ROOT), f"{page.name}: {link} leaves the project"
        if anchor:
            assert anchor in anchors(place), f"{page.name}: {link} has no such heading"


@pytest.mark.parametrize(("name", "part"), [("demo", "keras-profile demo"), ("tests", "-m pytest")])
def test_readme_has_the_marked_command(name, part):
    """A mark, directly below it a fenced block, and in that one line."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(rf"^<!-- command: {name} -->\n```\w*\n(.+)\n```$", text, re.MULTILINE)
    assert len(blocks) == 1
    assert part in blocks[0]


def test_the_page_of_rules_is_what_the_rules_say():
    """After a change of a rule: ``python tests/golden/regenerate_docs.py``."""
    page = (DOCS / "rules.md").read_text(encoding="utf-8")
    assert page == render_rules_page([rule.text() for rule in RULES])


@pytest.mark.parametrize(("page", "table", "make"), TABLES, ids=[table for _, table, _ in TABLES])
def test_the_tables_of_the_documents_are_what_they_are_made_of(page, table, make):
    """After a change of a capture, an entry point or a type: ``python tests/golden/regenerate_docs.py``."""
    text = (DOCS / page).read_text(encoding="utf-8")
    assert text == with_table(text, table, make())


def test_the_architecture_names_what_there_is():
    """Each file or folder that the page names exists in the package, or in the repository."""
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    source = ROOT / "src" / "keras_profile"
    named = {
        place.replace("NAME", "toy")
        for place in re.findall(r"`([a-z_]+/[\w/.-]*)`", page)
        if "NAME" not in place and "X.py" not in place
    }
    assert len(named) > 20
    missing = [place for place in named if not (source / place).exists() and not (ROOT / place).exists()]
    assert missing == []


def test_the_architecture_draws_all_folders():
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    picture = page.split("```")[1]
    source = ROOT / "src" / "keras_profile"
    tops = {path.name for path in source.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert all(f"{name}/" in picture for name in tops)
    drawn = set(re.findall(r"([a-z_]+)/", picture)) - {"keras_profile", "src"}
    assert drawn <= {path.name for path in source.rglob("*") if path.is_dir()}


@pytest.mark.parametrize("name", KINDS)
def test_the_json_schemas_are_what_the_types_say(name):
    """After a change of a type: ``python tests/golden/regenerate_docs.py``."""
    assert (SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8") == schema(name)


# --- commands and their output ---

RAN = re.compile(r"<!-- ran: (.+?) -->\n```text\n(.*?)```", re.DOTALL)
PAGES_WITH_COMMANDS = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 130


def test_what_a_command_printed_is_shown():
    """Written by ``python docs/run_examples.py``; the commands themselves run in ``tests/programs``."""
    shown = [block for page in PAGES_WITH_COMMANDS for block in RAN.findall(page.read_text(encoding="utf-8"))]
    assert shown
    for command, output in shown:
        assert output.strip(), command
        assert "Traceback" not in output, command


def commands():
    """Each command of this program in a block of shell lines, with the page that has it."""
    for page in PAGES_WITH_COMMANDS:
        for block in re.findall(
            r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
        ):
            for line in block.splitlines():
                for command in re.findall(r"keras-profile [^|;&)>\"]+", line.partition(" #")[0]):
                    yield page.name, command.strip()


@pytest.mark.parametrize(("page", "command"), sorted(set(commands())))
def test_commands_of_the_documents_are_ones_that_there_are(page, command):
    words = shlex.split(command)
    if words[1:2] in (["--help"], ["--version"]):
        return
    options = make_parser().parse_args(words[1:], argparse.Namespace(arguments=words[1:]))
    assert callable(options.function)
