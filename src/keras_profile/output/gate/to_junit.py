"""What a gate found as JUnit XML, which CI services show as tests.

Source: https://github.com/testmoapp/junitxml, the keys that all readers know.
"""

from __future__ import annotations

from ...model.gate import GateContent, GateResult
from ..markup import Markup, element, join
from .to_terminal import WORDS


def render(content: GateContent) -> bytes:
    """A test suite with a test case for each call.

    What is not known is an error if it fails the gate, and skipped if the settings let it pass.
    """
    results = content.results
    failures = sum(one.answer == "regressed" for one in results)
    errors = sum(_is_error(one, content) for one in results)
    suite = element(
        "testsuite",
        {
            "name": "keras-profile gate",
            "tests": str(len(results)),
            "failures": str(failures),
            "errors": str(errors),
            "skipped": str(sum(_is_skipped(one, content) for one in results)),
        },
        (_case(one, content) for one in results),
    )
    page = join(
        [Markup('<?xml version="1.0" encoding="UTF-8"?>'), element("testsuites", {}, suite), ""], "\n"
    )
    return page.text.encode("utf-8", "replace")


def _case(one: GateResult, content: GateContent) -> Markup:
    details = "\n".join([one.headline, *([] if one.counts is None else one.counts.more)])
    inner = None
    if one.answer == "regressed":
        inner = element("failure", {"message": one.headline, "type": WORDS[one.answer]}, details)
    elif _is_error(one, content):
        inner = element("error", {"message": one.headline, "type": WORDS[one.answer]}, details)
    elif _is_skipped(one, content):
        inner = element("skipped", {"message": one.headline})
    return element("testcase", {"name": one.name, "classname": "keras_profile.gate"}, inner)


def _is_error(one: GateResult, content: GateContent) -> bool:
    return one.answer == "failed" or (_is_unsure(one) and content.exit_code != 0)


def _is_skipped(one: GateResult, content: GateContent) -> bool:
    return _is_unsure(one) and content.exit_code == 0


def _is_unsure(one: GateResult) -> bool:
    return one.answer in ("inconclusive", "unsteady")
