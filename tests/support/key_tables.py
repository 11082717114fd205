"""Tables of the keys of a JSON object, and JSON Schemas, made of the class that it is read as."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from inspect import cleandoc
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec import inspect

from keras_profile.features.doctor.checkup import Checkup
from keras_profile.features.experiments.compile_question.reproduction import Reproduction
from keras_profile.features.experiments.releases.history import History
from keras_profile.features.fleet.store_layout import Table, column_types, own_columns
from keras_profile.features.trace.trace_differences import TraceDifferences
from keras_profile.features.trace.trace_report import TraceReport
from keras_profile.model.bisection import BisectionContent
from keras_profile.model.comparison import ComparisonContent, ProgramComparisonContent
from keras_profile.model.fleet import Collection, FleetContent, FleetRows
from keras_profile.model.gate import GateContent
from keras_profile.model.listing import Listing, RuleListing
from keras_profile.model.lock import LockFile
from keras_profile.model.prepared import Explained, Exported, Opened, PreparedEnvironment, Sent
from keras_profile.model.program import ProgramFile
from keras_profile.model.program_report import ProgramReport
from keras_profile.model.recorded import Recorded
from keras_profile.model.recording import RecordingFile
from keras_profile.model.report import ReportContent
from keras_profile.model.store import StoreFile
from keras_profile.model.sweep import CellFile, SweepContent
from keras_profile.model.trials import Trials

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"

#: What has a JSON Schema, by its name: files, and what commands print. Each is one of these.
KINDS: dict[str, tuple[type, ...]] = {
    "recording": (RecordingFile,),
    "trials": (Trials,),
    "program": (ProgramFile,),
    "report": (ReportContent, ProgramReport),
    "list": (Listing,),
    "rules": (RuleListing,),
    "environment": (PreparedEnvironment,),
    "export": (Exported,),
    "open": (Opened,),
    "sent": (Sent,),
    "explanation": (Explained,),
    "trace": (TraceReport,),
    "trace_differences": (TraceDifferences,),
    "checkup": (Checkup,),
    "history": (History,),
    "reproduction": (Reproduction,),
    "comparison": (ComparisonContent, ProgramComparisonContent),
    "gate": (GateContent,),
    "bisection": (BisectionContent,),
    "lock": (LockFile,),
    "store": (StoreFile,),
    "collection": (Collection,),
    "fleet": (FleetContent,),
    "fleet_rows": (FleetRows,),
    "sweep": (SweepContent,),
    "sweep_cell": (CellFile,),
}

_PLAIN = {
    inspect.StrType: "text",
    inspect.IntType: "integer",
    inspect.FloatType: "number",
    inspect.BoolType: "true or false",
    inspect.NoneType: "null",
}
_OBJECTS = (inspect.StructType, inspect.DataclassType)


def schema(name: str) -> str:
    """The JSON Schema of a file. Keys that it does not name are allowed: newer versions add some."""
    kinds = KINDS[name]
    found, parts = msgspec.json.schema_components(
        [*kinds, *_recorded()], schema_hook=_of_recorded, ref_template="#/$defs/{name}"
    )
    own = list(found[: len(kinds)])
    whole: dict[str, Any] = own[0] if len(own) == 1 else {"anyOf": own}
    text = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"keras_profile.{name}",
        **whole,
        "$defs": dict(_reachable(whole, parts)),
    }
    return json.dumps(_as_any_release_says(text), indent=1, ensure_ascii=False) + "\n"


def _as_any_release_says(part: Any) -> Any:
    """A part of a schema without what differs between releases of msgspec and Python.

    From msgspec 0.23 on a default that is made for each object, such as an empty list, is in the schema, and
    docstrings are not indented; nor are they from Python 3.13 on.
    """
    if isinstance(part, list):
        return [_as_any_release_says(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {key: value for key, value in part.items() if key != "default" or value not in ([], {})}
    return {
        key: cleandoc(value)
        if key == "description" and isinstance(value, str)
        else _as_any_release_says(value)
        for key, value in kept.items()
    }


def _recorded() -> list[type]:
    return [kind.kind for kind in Recorded.__subclasses__()]


def _of_recorded(kind: type) -> dict[str, str]:
    assert issubclass(kind, Recorded)
    return {"$ref": f"#/$defs/{kind.kind.__name__}"}


def _reachable(whole: object, parts: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The definitions that ``whole`` refers to, by name."""
    text, found = json.dumps(whole), set[str]()
    while new := {name for name in parts if f'"#/$defs/{name}"' in text} - found:
        found |= new
        text = json.dumps([parts[name] for name in sorted(new)])
    return ((name, parts[name]) for name in sorted(found))


def keys(kind: type, elsewhere: Mapping[type, str] = MappingProxyType({})) -> str:
    """The table of a class's keys. The classes ``elsewhere`` are shown as the text that they have there."""
    lines = ["| key | value | content |", "|---|---|---|"]
    for field in inspect.type_info(kind).fields:  # type: ignore[attr-defined]
        says = (field.type.extra_json_schema or {}).get("description")
        assert says, f"{kind.__name__}.{field.name} does not say what it means"
        # A field that may be left out and has no value then is one that is unset.
        absent = " or absent" if not field.required and field.default is field.default_factory else ""
        lines.append(f"| `{field.encode_name}` | {_value(field.type, elsewhere)}{absent} | {says} |")
    return "\n".join(lines)


def store_table(table: Table, shared: Sequence[str]) -> str:
    """The section of a table of a store: what a row is, and its columns with DuckDB's types."""
    types = column_types(table.row)
    lines = [f"### {table.name}", "", _about(table.row), ""]
    if shared:
        lines += [f"First {', '.join(f'`{name}`' for name in shared)}, then:", ""]
    lines += ["| column | type | content |", "|---|---|---|"]
    for field in inspect.type_info(table.row).fields:  # type: ignore[attr-defined]
        says = (field.type.extra_json_schema or {}).get("description")
        assert says, f"{table.name}.{field.name} does not say what it means"
        if field.encode_name in own_columns(table):
            lines.append(f"| `{field.encode_name}` | {types[field.encode_name]} | {says} |")
    return "\n".join(lines)


def keys_of_all(kind: type, elsewhere: Mapping[type, str] = MappingProxyType({}), level: int = 4) -> str:
    """The table of a class's keys, and a section for each class that is within it and not ``elsewhere``.

    The sections are what the classes' docstrings say, with headings of the ``level``.
    """
    parts = [keys(kind, elsewhere)]
    for inner in _within(kind, elsewhere):
        parts += [f"{'#' * level} {_title(inner)}", _about(inner), keys(inner, elsewhere)]
    return "\n\n".join(parts)


def _about(kind: type) -> str:
    """A class's docstring, each paragraph in one line."""
    paragraphs = cleandoc(kind.__doc__ or "").split("\n\n")
    return "\n\n".join(" ".join(one.split()) for one in paragraphs)


def _title(kind: type) -> str:
    """``TracedFunction`` as a heading has it: ``Traced function``."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind.__name__)
    return words.strip().capitalize()


def _within(kind: type, elsewhere: Mapping[type, str]) -> list[type]:
    found: dict[type, None] = {}

    def walk(part: inspect.Type) -> None:
        for inner in _parts(part):
            if not isinstance(inner, _OBJECTS):
                walk(inner)
            elif inner.cls not in found and inner.cls not in elsewhere:
                found[inner.cls] = None
                for field in inner.fields:
                    walk(field.type)

    for field in inspect.type_info(kind).fields:  # type: ignore[attr-defined]
        walk(field.type)
    return list(found)


def _parts(part: inspect.Type) -> list[inspect.Type]:
    if isinstance(part, inspect.Metadata):
        return [part.type]
    if isinstance(part, inspect.UnionType):
        return list(part.types)
    return [part.item_type] if isinstance(part, inspect.ListType) else []


def _value(part: inspect.Type, elsewhere: Mapping[type, str]) -> str:
    """The type of a value in words."""
    if isinstance(part, inspect.Metadata):
        return _value(part.type, elsewhere)
    if isinstance(part, inspect.UnionType):
        words = (_value(one, elsewhere) for one in part.types)
        known = sorted(words, key=lambda text: text == "null")
        return "any plain value" if len(known) == len(_PLAIN) else " or ".join(known)
    if isinstance(part, inspect.LiteralType):
        *most, last = (f"`{value}`" for value in part.values)
        return f"{', '.join(most)} or {last}"
    if isinstance(part, inspect.ListType):
        items = _value(part.item_type, elsewhere)
        return f"list of ({items})" if " or " in items else f"list of {items}"
    if isinstance(part, inspect.TupleType):
        return f"[{', '.join(_value(one, elsewhere) for one in part.item_types)}]"
    if isinstance(part, inspect.DictType):
        return f"{_value(part.value_type, elsewhere)} by name"
    if isinstance(part, (*_OBJECTS, inspect.CustomType)):
        title = _title(part.cls).lower()
        return elsewhere.get(part.cls) or f"[{title}](#{title.replace(' ', '-')})"
    return _PLAIN[type(part)]
