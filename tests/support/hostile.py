"""Names that somebody wrote to harm whoever shows them, and recordings that have them in every place."""

from __future__ import annotations

from keras_profile.recorder.protocol import events

from . import streams

#: What would set ``window.owned`` in a page that takes it for anything but text.
MARKUP = {
    "script": "<script>window.owned=1</script>",
    "end": "</script></style></title><script>window.owned=1</script>",
    "event": "<img src=x onerror=window.owned=1>",
    "attribute": '"\'` autofocus onfocus=window.owned=1 onmouseover=window.owned=1 x="',
    "link": "<a href=javascript:window.owned=1 id=owned>x</a>",
    "svg": "<svg onload=window.owned=1><animate onbegin=window.owned=1 attributeName=x dur=1s></svg>",
    "markdown": "[x](javascript:window.owned=1) ![x](http://evil.example/x.png) <javascript:window.owned=1>",
    "braces": "${window.owned=1}{{data}}{{constructor.constructor('window.owned=1')()}}",
    "separators": "a\u2028window.owned=1\u2029//\n<script>window.owned=1</script>",
    "nulls": "\x00<scr\x00ipt>window.owned=1</scr\x00ipt>",
    "entities": "&lt;script&gt;&#60;img src=x onerror=window.owned=1&#62;&#x6A;avascript:window.owned=1",
    "style": "</style><style>*{background:url(http://evil.example/x)}@import 'http://evil.example/y';",
    "comment": "--><!--><script>window.owned=1</script>]]>",
    "fence": "```\n<script>window.owned=1</script>\n````",
    "doctype": '<!DOCTYPE x [<!ENTITY e SYSTEM "http://evil.example/e">]>&e;',
}

#: What would move a terminal's cursor, change its title or its letters, or hide what is there.
CONTROLS = {
    "title": "\x1b]0;owned\x07",
    "clear": "\x1b[2J\x1b[3J",
    "place": "\x1b[1;1Howned",
    "return": "good\rowned",
    "back": "good\x08\x08\x08\x08owned",
    "single": "\x9b2J\x9d0;owned\x9c",
    "letters": "\x1b(0\x0eowned",
    "screen": "\x1b[?1049h",
    "hidden": "\x1b[8mowned\x7f",
    "reset": "\x1bc\x0c\x0b\x85",
    "answer": "\x1b[6n\x05",
    "around": "\u202eowned\u2066x\u2069",
    "halves": "caf\udce9 \ud800",
}

#: A name with each of them.
ALL_CONTROLS = " ".join(CONTROLS.values())


def program(folder, names):
    """The recording of a program of which ``names`` are the names of all kinds of things."""
    names = list(names)
    made = streams.program(
        folder, command=[names[0]], given_up=[{"group": 0, "text": names[0], "reason": names[0]}]
    )
    process = streams.Process(made)
    for number, name in enumerate(names):
        process.tell(events.Thread(2 + number, name))
        process.site(
            number,
            file=name,
            line=number + 1,
            function=name,
            source=name,
            through={"file": name, "line": 1, "function": name},
        )
        process.group(
            number,
            number,
            target=name,
            layers=[{"layer": name, "class": name}],
            announcements=[name],
        )
        process.calls(8, number, thread=2 + number)
        process.activity("fit", name, where=name)
        process.tell(events.Announce(name))
    process.tell(
        events.Environment(
            {**streams.ENVIRONMENT, "devices": names, "settings": dict.fromkeys(names, names[0])}
        )
    )
    process.stacks(
        *(
            (
                [streams.line(number, name, name, name, looped=True), streams.library(name, name)],
                400,
                1,
            )
            for number, name in enumerate(names, 1)
        ),
        *(([streams.imported(name)], 200, 1) for name in names),
    )
    process.end(raised=" ".join(names))
    return made
