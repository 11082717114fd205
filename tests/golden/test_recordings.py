"""The recordings in ``traces/`` give the reports in ``reports/``, to the byte.

After a change that is meant to change reports: ``python tests/golden/regenerate.py``,
and read the difference before you commit it.
"""
from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from keras_profile import pipeline, store

ROOT = Path(__file__).parents[2]
RECORDINGS = store.list_recordings(ROOT / "traces")


def test_there_are_recordings():
    assert RECORDINGS


@pytest.mark.parametrize("recording", RECORDINGS, ids=store.name_in_traces)
def test_a_recording_gives_its_report(recording, tmp_path):
    content = pipeline.make_report(recording)
    for name, encode in pipeline.REPORT_FILES.items():
        gold = ROOT / "reports" / store.name_in_traces(recording) / name
        found = encode(content)
        if found != gold.read_bytes():
            saved = tmp_path / name
            saved.write_bytes(found)
            difference = list(difflib.unified_diff(
                gold.read_text().splitlines(), found.decode().splitlines(), str(gold), str(saved),
                lineterm="", n=1))
            pytest.fail("\n".join(difference[:40]), pytrace=False)


@pytest.mark.parametrize("recording", RECORDINGS, ids=store.name_in_traces)
def test_the_phases_sum_and_little_is_unattributed(recording):
    attribution = pipeline.make_report(recording).attribution
    assert sum(phase.self_ns for phase in attribution.phases) == attribution.total_ns
    assert attribution.unattributed_ns <= 0.01 * attribution.total_ns


@pytest.mark.parametrize("recording", RECORDINGS, ids=store.name_in_traces)
def test_a_recording_is_small_and_holds_no_home_folder(recording):
    files = [path for path in recording.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 3_500_000
    for path in files:
        content = path.read_bytes()
        assert b"/home/" not in content, path
        assert f"{Path.home()}/".encode() not in content, path
