"""What a gate found as SARIF 2.1.0: a result at the user's function that makes the model.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from typing import Any

from ...model.gate import GateAnswer, GateContent, GateResult

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: dict[GateAnswer, str] = {
    "regressed": "error",
    "failed": "error",
    "inconclusive": "warning",
    "unsteady": "warning",
}
_RULES: dict[GateAnswer, str] = {
    "regressed": "A call of the model became slower, or does more than is locked",
    "failed": "A call of the model could not be measured",
    "inconclusive": "It is not known whether a call of the model became slower",
    "unsteady": "The machine is too unsteady to measure a call of the model",
}


def render(content: GateContent, version: str, prefix: str = "") -> bytes:
    """One run, with a result for each call that did not pass.

    ``prefix`` is the path of the working folder in its repository. A call whose function is in no known file
    is shown at the settings, since readers refuse results without a place.
    """
    results = [_result(one, prefix) for one in content.results if one.answer in _LEVELS]
    rules = [
        {"id": answer, "shortDescription": {"text": text}, "defaultConfiguration": {"level": _LEVELS[answer]}}
        for answer, text in _RULES.items()
    ]
    driver = {
        "name": "keras_profile",
        "version": version,
        "rules": rules,
    }
    log = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results, "columnKind": "unicodeCodePoints"}],
    }
    return (json.dumps(log, indent=1) + "\n").encode()


def _result(one: GateResult, prefix: str) -> dict[str, Any]:
    file = (one.file or "pyproject.toml").replace("\\", "/")
    return {
        "ruleId": one.answer,
        "level": _LEVELS[one.answer],
        "message": {"text": f"{one.name}: {one.headline}"},
        "partialFingerprints": {"kerasProfileCall/v1": one.name},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": prefix + file},
                    "region": {"startLine": one.line},
                }
            }
        ],
    }
