"""Names as they are spelled out, on a terminal and in JSON."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_profile.errors import KerasProfileError
from keras_profile.recorder.protocol import events
from keras_profile.recorder.protocol.visible import readable_json, visible
from keras_profile.recordings.writing import encode_json
from support import hostile
from support.terminal import seen


@pytest.mark.parametrize("name", list(hostile.CONTROLS))
def test_no_control_moves_a_terminal(name):
    text = visible(hostile.CONTROLS[name])
    assert text != hostile.CONTROLS[name]
    assert seen(text) == text.rstrip()


@pytest.mark.parametrize("text", ["", "plain", "café 𝕯 日本", "two\nlines", "\\x1b", "a × b – c"])
def test_text_stays_as_it_is(text):
    assert visible(text) == text


def test_bytes_and_characters_are_told_apart():
    assert visible("\udce9 \ud800 \x1b \x9b \u202e") == "\\xe9 \\ud800 \\x1b \\x9b \\u202e"


@given(st.text(st.characters()))
def test_whatever_is_written_can_be_encoded_and_is_not_spelled_twice(text):
    visible(text).encode()
    assert visible(visible(text)) == visible(text)


#: Any text, with halves of characters and backslashes.
TEXTS = st.text(st.one_of(st.characters(), st.sampled_from("\\u\ud83d\ude00\udce9\ud800")))


@given(st.recursive(TEXTS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner)))
def test_json_of_any_text_is_read_by_a_strict_reader(content):
    text = readable_json(json.dumps(content))
    msgspec.json.decode(text)
    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return
    assert json.loads(text) == content


@pytest.mark.parametrize(
    ("name", "read"), [("caf\udce9", "caf\\xe9"), ("\U0001f600", "\U0001f600"), ("\\udce9", "\\udce9")]
)
def test_events_and_reports_have_names_that_are_no_text(name, read):
    assert msgspec.json.decode(events.Announce(name).to_json())["text"] == read
    assert msgspec.json.decode(encode_json({name: [name]})) == {read: [read]}


def test_a_report_that_is_shown_as_it_stands_moves_no_terminal():
    text = encode_json({"names": list(hostile.CONTROLS.values())[:-1]}).decode()
    assert seen(text) == text.rstrip() + "\n"
    assert json.loads(text) == {"names": list(hostile.CONTROLS.values())[:-1]}


def test_an_error_has_no_control_wherever_it_is_shown():
    error = KerasProfileError(*[hostile.ALL_CONTROLS] * 3)
    for text in (str(error), error.message, error.advice, error.trace):
        assert seen(text) == text.rstrip()
