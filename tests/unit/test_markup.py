"""Markup: whatever a text has in it, it comes back as text, in HTML and in XML."""

from __future__ import annotations

import html.parser
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_profile.output.html.palette import colours, phase_colours
from keras_profile.output.markup import Markup, element, join, prose

HOSTILE = [
    "<script>alert(1)</script>",
    '" onload="alert(1)',
    "' onload='alert(1)",
    "&lt;b&gt; & &amp;",
    "two\nlines/of\na path.py",
    "</p></title></style><img src=x>",
    "<!-- ]]> -->",
]


class Read(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("name", HOSTILE)
def test_text_and_attributes_come_back_as_they_are(name):
    made = element("p", {"title": name}, name, element("b", {}, [name, None])).text
    read = Read(made)
    assert read.tags == ["p", "b"]
    assert read.attributes == [("title", name.replace("\n", " "))]
    assert read.text == name * 2
    tree = ElementTree.fromstring(made)
    assert (tree.text, tree[0].text) == (name, name)


@given(st.text(), st.text())
def test_any_text_makes_one_element(attribute, text):
    made = element("p", {"title": attribute}, text).text
    assert Read(made).tags == ["p"]
    tree = ElementTree.fromstring(made)
    assert [tree.tag, len(tree), list(tree.attrib)] == ["p", 0, ["title"]]


def test_markup_is_not_escaped_again_and_strings_always_are():
    inner = element("i", {}, "<")
    assert join([inner, inner.text], " ").text == "<i>&lt;</i> &lt;i&gt;&amp;lt;&lt;/i&gt;"
    assert element("style", {}, Markup("a > b {}")).text == "<style>a > b {}</style>"


def test_code_in_a_sentence_is_text_too():
    assert join([prose("a `<b>` <c> `")]).text == "a <code>&lt;b&gt;</code> &lt;c&gt; `"


def test_control_characters_are_spelled_out():
    assert (
        element("p", {"title": "\x1b[31m"}, "a\x00\x07\x1b[0m\ud800b\tc").text
        == '<p title="\\x1b[31m">a\\x00\\x07\\x1b[0m\\ud800b c</p>'
    )


def test_both_themes_have_every_colour():
    light, dark = colours(), colours(dark=True)
    assert set(light) == set(dark)
    assert light["page"] != dark["page"]
    assert all(light[f"phase-{phase}"] == colour for phase, colour in phase_colours().items())
