"""A file is replaced as a whole, also where somebody reads the earlier one for a moment."""

from __future__ import annotations

import json
import os

import pytest

from keras_profile.recorder import whole_file


def test_readers_see_the_earlier_file_or_the_later(tmp_path):
    path = tmp_path / "a.json"
    whole_file.write_json(str(path), {"é": 1})
    assert json.loads(path.read_bytes()) == {"é": 1}
    with pytest.raises(TypeError):
        whole_file.write_json(str(path), {"not JSON": {1}})
    assert json.loads(path.read_bytes()) == {"é": 1}


def refusing(times):
    left = [times]

    def rename(part, path):
        if left[0]:
            left[0] -= 1
            raise PermissionError(13, "somebody has it open")
        os.replace(part, path)

    return rename


@pytest.mark.parametrize("times", [0, 1, 5])
def test_a_reader_is_waited_for(tmp_path, times):
    (tmp_path / "new").write_text("new")
    (tmp_path / "old").write_text("old")
    whole_file.put_in_place(str(tmp_path / "new"), str(tmp_path / "old"), refusing(times))
    assert (tmp_path / "old").read_text() == "new"


def test_who_reads_for_ever_is_an_error_and_nothing_is_lost(tmp_path, monkeypatch):
    monkeypatch.setattr(whole_file, "_WAIT_S", 0)
    (tmp_path / "new").write_text("new")
    with pytest.raises(PermissionError):
        whole_file.put_in_place(str(tmp_path / "new"), str(tmp_path / "old"), refusing(10**6))
    assert (tmp_path / "new").read_text() == "new"


def test_another_error_is_not_waited_for(tmp_path):
    with pytest.raises(FileNotFoundError):
        whole_file.put_in_place(str(tmp_path / "no"), str(tmp_path / "old"))
