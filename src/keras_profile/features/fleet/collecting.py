"""Collects recordings and reports into a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ...errors import KerasProfileError, RecordingError
from ...launch.recorder_process import Listener
from ...model.fleet import COLLECTION_SCHEMA, Collection, NotCollected
from ...recorder.protocol import events
from .duck import connection
from .places import Folder, is_remote
from .sources import Read, Source, find_sources
from .store_of_recordings import Store, month_of

#: How often the progress is said.
_STEPS = 20


def collect(
    folders: Sequence[Path], place: str, labels: Mapping[str, str], compact: bool, listener: Listener
) -> Collection:
    """Adds all recordings and reports in ``folders`` to the store at ``place``, which is made if necessary.

    ``labels`` come before those that were recorded. With ``compact``, small files are merged in all months.
    What cannot be read is named, and the rest is collected. Raises :class:`KerasProfileError`.
    """
    sources = find_sources(folders)
    if folders and not sources:
        raise KerasProfileError(
            f"{', '.join(map(str, folders))}: expected recordings or reports, found none",
            "give a folder such as traces/ or reports/, or one above it",
        )
    added, known, failed = 0, 0, list[NotCollected]()
    with connection(is_remote(place)) as connected:
        store = Store(place, connected)
        if folders:
            store.check_or_make()
        else:
            store.check()
        months = set[str]()
        for number, source in enumerate(sources):
            if number % max(len(sources) // _STEPS, 1) == 0:
                listener(events.Stage(f"collecting {number + 1:,} of {len(sources):,}"))
            try:
                month = _add(source, store, labels)
            except RecordingError as error:
                failed.append(NotCollected(str(source.path), error.message))
                continue
            if month is None:
                known += 1
            else:
                added += 1
                months.add(month)
        merged = store.merge(store.months() if compact else months, compact) if _mergeable(store) else None
        if compact and merged is None:
            store.place.remove([])
    return Collection(
        schema=COLLECTION_SCHEMA,
        store=place,
        added=added,
        known=known,
        failed=failed,
        merged=0 if merged is None else merged.files,
        notes=[] if merged is None else merged.notes,
    )


def _mergeable(store: Store) -> bool:
    """Whether files can be removed there after they were merged."""
    if not isinstance(store.place, Folder):
        return False
    store.place.remove_old_parts()
    return True


def _add(source: Source, store: Store, labels: Mapping[str, str]) -> str | None:
    """Adds a source; returns the month whose files are one more, None if it is in the store already."""
    read = Read(source)
    if store.has(read.identity, read.made_at):
        return None
    row = read.row(labels)
    store.add(row)
    return month_of(row)
