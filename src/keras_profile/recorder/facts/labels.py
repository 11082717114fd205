"""Labels of a recording: what service, version and host it is of, as the environment says."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

#: A label's name, by the name that OpenTelemetry has for it. Other resource attributes are not read.
#: https://opentelemetry.io/docs/specs/semconv/resource/
OTEL_LABELS = {
    "service.name": "service",
    "service.namespace": "namespace",
    "service.version": "version",
    "host.name": "host",
    "deployment.environment": "environment",
    "deployment.environment.name": "environment",
    "cloud.region": "region",
}
#: Labels of one's own: ``key=value,key=value``.
OWN_LABELS = "KERAS_PROFILE_LABELS"
#: The most labels, and the most characters of a name and of a value: the rest is left out.
MOST_LABELS, LONGEST_NAME, LONGEST_VALUE = 32, 64, 200


def labels(variables: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Returns the labels that these variables give; the user's own labels come first.

    >>> labels({"OTEL_RESOURCE_ATTRIBUTES": "service.name=shop,host.name=a%2Cb,os.type=linux"})
    {'service': 'shop', 'host': 'a,b'}
    >>> labels({"OTEL_SERVICE_NAME": "shop", "KERAS_PROFILE_LABELS": "service=cart,team=pay"})
    {'service': 'cart', 'team': 'pay'}
    """
    found = {
        OTEL_LABELS[name]: unquote(value)
        for name, value in _pairs(variables.get("OTEL_RESOURCE_ATTRIBUTES", ""))
        if name in OTEL_LABELS
    }
    service = variables.get("OTEL_SERVICE_NAME", "").strip()
    if service:
        found["service"] = service
    found.update(_pairs(variables.get(OWN_LABELS, "")))
    kept = [(name[:LONGEST_NAME], value[:LONGEST_VALUE]) for name, value in found.items() if value]
    return dict(kept[:MOST_LABELS])


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """The names and values in ``name=value,name=value``; what is no such pair is left out."""
    for part in text.split(","):
        name, sign, value = part.partition("=")
        if sign and name.strip():
            yield name.strip(), value.strip()
