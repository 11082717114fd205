"""What ``environment``, ``explain``, ``export`` and ``open`` print with ``--json``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from .described import says
from .recording import Schema

#: Names and versions.
#:
#: History: 1 is the first. Keys may be added without a new version.
ENVIRONMENT_SCHEMA = Schema("keras_profile.environment", 1)
EXPLANATION_SCHEMA = Schema("keras_profile.explanation", 1)
EXPORT_SCHEMA = Schema("keras_profile.export", 1)
OPEN_SCHEMA = Schema("keras_profile.open", 1)
SENT_SCHEMA = Schema("keras_profile.sent", 1)


@dataclass(frozen=True)
class PreparedEnvironment:
    """What ``environment --json`` prints: what to set for processes that are to be recorded."""

    schema: Annotated[Schema, says("`keras_profile.environment` and its version")]
    recording: Annotated[str, says("folder of the recording that they make together")]
    variables: Annotated[dict[str, str], says("environment variables to set")]
    put_before: Annotated[
        dict[str, str],
        says(
            "variables that list folders: put the value before the present one, with the system's separator"
        ),
    ]


@dataclass(frozen=True)
class Explained:
    """What ``explain --json`` prints."""

    schema: Annotated[Schema, says("`keras_profile.explanation` and its version")]
    recording: Annotated[str | None, says("folder of the recording; null with `--private`")]
    private: Annotated[bool, says("whether paths and lines of code were omitted")]
    cut: Annotated[bool, says("whether the end of the text was cut off, at 4,096 bytes")]
    text: Annotated[str, says("the answer, as Markdown")]


@dataclass(frozen=True)
class Exported:
    """What ``export --json`` prints, and ``open --json`` for a viewer that loads a file itself."""

    schema: Annotated[Schema, says("`keras_profile.export` and its version")]
    recording: Annotated[str, says("folder of the recording")]
    format: Annotated[str, says("as `--format` takes it")]
    path: Annotated[str, says("of the file that was written")]
    loading: Annotated[str, says("how to load it, in words")]
    notes: Annotated[list[str], says("what the file leaves out, in sentences")] = field(default_factory=list)


@dataclass(frozen=True)
class Sent:
    """What `export --format otlp --json` prints."""

    schema: Annotated[Schema, says("`keras_profile.sent` and its version")]
    recording: Annotated[str, says("folder of the recording")]
    address: Annotated[str, says("the URL that the spans were sent to")]
    calls: Annotated[int, says("how many calls were sent")]
    spans: Annotated[int, says("how many spans that was: the calls, and each stretch of a phase in them")]
    notes: Annotated[list[str], says("what was not sent, in sentences")] = field(default_factory=list)


@dataclass(frozen=True)
class Opened:
    """What ``open --json`` prints. A viewer that is a server runs on until Ctrl-C."""

    schema: Annotated[Schema, says("`keras_profile.open` and its version")]
    viewer: Annotated[str, says("as `--in` takes it")]
    address: Annotated[str, says("a URL, of a file or of a server on this machine")]
    path: Annotated[str | None, says("of the page; null for a server")]
