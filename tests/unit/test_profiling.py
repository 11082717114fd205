"""What profiling does in which order, wherever the calls are made, and what it leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

import keras_profile
from keras_profile import cli
from keras_profile.api.options import ProfileOptions
from keras_profile.api.profiling import profile_at
from keras_profile.errors import KerasProfileError
from keras_profile.recorder.protocol.requests import TrialOptions
from keras_profile.recordings.writing import encode_json
from support import contents

DEMO = Path(__file__).parents[2] / "traces" / "demo-keras-3.15"


class Played:
    """A place where nothing is called: a recording is made by hand."""

    def __init__(self, interrupted=False, fails=None, trials_fail=None):
        self.interrupted = interrupted
        self.fails = fails
        self.trials_fail = trials_fail
        self.asked = []

    def record(self, request, listener):
        self.asked.append(("record", request))
        if self.fails is not None:
            raise self.fails
        made = contents.recording(calls=[{}] * 6, interrupted=self.interrupted).content
        Path(request.folder, "recording.json").write_bytes(encode_json(made))

    def try_recipes(self, request, listener):
        self.asked.append(("try", request))
        if self.trials_fail is not None:
            raise self.trials_fail


@pytest.fixture
def profile(tmp_path):
    def profile(place, target="net.py:build", **options):
        return profile_at(place, target, ProfileOptions(**options), name="mine", output=tmp_path, quiet=True)

    return profile


def test_calls_are_recorded_and_then_recipes_are_tried(profile, tmp_path):
    place = Played()
    report = profile(place, seconds=10.0, rows=3, recipes=["threads"], processes=True)
    (first, recorded), (second, tried) = place.asked
    assert (first, second) == ("record", "try")
    assert (recorded.seconds, recorded.rows) == (6.0, 3)
    assert tried.folder == recorded.folder == str(report.opened.folder.resolve())
    assert (tried.target, tried.rows) == (recorded.target, recorded.rows)
    assert tried.trials == TrialOptions(4.0, ["threads"], approximate=False, processes=True)
    assert report.calls.warm.count == 6
    assert report.recording.startswith("mine-predict-")
    assert [path.name for path in (tmp_path / "traces").iterdir()] == [report.recording]


@pytest.mark.parametrize(
    ("place", "options"), [(Played(), {"recipes": ()}), (Played(interrupted=True), {"recipes": None})]
)
def test_no_recipe_is_tried_where_none_is_wanted_or_the_user_stopped_it(profile, place, options):
    assert profile(place, **options).calls.warm.count == 6
    assert [what for what, _ in place.asked] == ["record"]


def test_the_profile_is_kept_where_recipes_cannot_be_tried(profile, capsys):
    report = profile(Played(trials_fail=KerasProfileError("the machine is on fire", "leave it")))
    assert report.calls.warm.count == 6
    assert "changes could not be tried: the machine is on fire (leave it)" in capsys.readouterr().err


def test_nothing_is_left_where_nothing_was_recorded(profile, tmp_path):
    with pytest.raises(KerasProfileError, match="no model"):
        profile(Played(fails=KerasProfileError("no model")))
    assert list((tmp_path / "traces").iterdir()) == []


def test_of_an_exported_folder_the_signature_is_called(profile, tmp_path):
    assert profile(Played(), target=str(tmp_path)).recording.startswith("mine-signature-")


# --- what is saved ---


def names_and_bytes(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_report_is_saved_as_the_command_line_writes_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    written = keras_profile.load(DEMO).save(tmp_path / "saved")
    assert cli.main(["report", str(DEMO)]) == 0
    saved = names_and_bytes(tmp_path / "saved")
    assert saved == names_and_bytes(tmp_path / "reports" / DEMO.name)
    assert {path.name for path in written} == {name.partition("/")[0] for name in saved}
    assert {"report.json", "report.md", "report.html", "pyinstrument.html", "tensorboard"} == {
        path.name for path in written
    }


def test_a_page_that_cannot_be_made_is_warned_of(profile, tmp_path):
    report = profile(Played())
    (report.opened.folder / "pyinstrument.pyisession").write_text('{"frame_records": 7}')
    with pytest.warns(UserWarning, match=r"no pyinstrument\.html") as warned:
        written = report.save(tmp_path / "saved")
    assert [path.name for path in written] == ["report.json", "report.md", "report.html"]
    assert warned[0].filename == __file__


def test_a_report_that_was_read_from_a_file_is_saved_without_pages(profile, tmp_path):
    profile(Played()).save(tmp_path / "saved")
    read = keras_profile.load(tmp_path / "saved")
    assert [path.name for path in read.save(tmp_path / "again")] == ["report.json", "report.md"]
