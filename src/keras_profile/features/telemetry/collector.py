"""Sends spans to an OpenTelemetry collector, by OTLP over HTTP.

The library's exporter encodes and sends them, with the headers, certificates and compression that its
environment variables ask for. It only says that it failed: so its session notes why.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ... import __version__
from ...errors import KerasProfileError
from ...launch.interpreters import pip_command
from .call_spans import Attributes, CallSpan

if TYPE_CHECKING:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import ReadableSpan

    from .noting_session import NotingSession

#: What must be there to send, and the extra that has it.
_NEEDED = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
EXTRA = "keras-profile[otlp]"
#: The path of a collector that takes spans, below its address.
_PATH = "/v1/traces"
#: The environment variable for the collector's address, and what the service is called if none says so.
ADDRESS_VARIABLE, SERVICE = "OTEL_EXPORTER_OTLP_ENDPOINT", "keras-profile"
#: A request has about so many spans. How long the collector has for one, with repetitions, in seconds.
_SPANS, _PATIENCE_S = 2_000, 10
#: How much of an answer is shown.
_MOST_LETTERS = 200


def address_of(given: str | None) -> str:
    """The URL to send spans to: of the collector ``given``, or of the one in the environment.

    >>> address_of("http://localhost:4318"), address_of("https://otel.example/v1/traces")
    ('http://localhost:4318/v1/traces', 'https://otel.example/v1/traces')

    Raises :class:`KerasProfileError` if there is none, or if it is no such URL.
    """
    text = given or os.environ.get(ADDRESS_VARIABLE, "")
    advice = "give the collector's address, for example: --to http://localhost:4318"
    if not text:
        raise KerasProfileError(
            f"expected a collector to send to, found neither --to nor {ADDRESS_VARIABLE}", advice
        )
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise KerasProfileError(f"expected an http or https address, found {text!r}", advice)
    return text if parts.path.rstrip("/").endswith(_PATH) else text.rstrip("/") + _PATH


def send(calls: Sequence[CallSpan], address: str, sent: Callable[[int], None]) -> None:
    """Sends ``calls`` with their phases to ``address``; calls ``sent`` with how many calls were, so far.

    Raises :class:`KerasProfileError` if the library is missing, or if the collector cannot be reached or
    refuses them.
    """
    if not all(map(_is_there, _NEEDED)):
        raise KerasProfileError(
            "sending spans needs opentelemetry-sdk and opentelemetry-exporter-otlp-proto-http, which this "
            "environment lacks",
            pip_command(sys.executable, EXTRA),
        )
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import SpanExportResult

    from .noting_session import NotingSession

    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # what it logs is said below
    session = NotingSession()
    exporter = OTLPSpanExporter(endpoint=address, timeout=_PATIENCE_S, session=session)
    resource = _resource()
    done = 0
    try:
        for batch in _batches(calls):
            session.forget()
            if exporter.export(_spans(batch, resource)) is not SpanExportResult.SUCCESS:
                raise _refused(address, session, done)
            rejected, reason = _rejected(session.content)
            if rejected:
                raise KerasProfileError(
                    f"{address}: expected all spans to be taken, found {rejected:,} rejected"
                    + (f": {reason[:_MOST_LETTERS]}" if reason else ""),
                    "see the collector's limits and its log",
                )
            done += len(batch)
            sent(done)
    finally:
        exporter.shutdown()


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _batches(calls: Sequence[CallSpan]) -> Iterator[list[CallSpan]]:
    """Calls in groups whose spans fit into one request; a call stays with its phases."""
    batch: list[CallSpan] = []
    spans = 0
    for call in calls:
        if batch and spans + 1 + len(call.phases) > _SPANS:
            yield batch
            batch, spans = [], 0
        batch.append(call)
        spans += 1 + len(call.phases)
    if batch:
        yield batch


def _resource() -> Resource:
    """What the spans are of: as OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say, or else the default."""
    from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource

    given = OTELResourceDetector().detect().attributes
    return Resource.create({SERVICE_NAME: given.get(SERVICE_NAME) or SERVICE})


def _spans(calls: Sequence[CallSpan], resource: Resource) -> list[ReadableSpan]:
    """Each call as a trace of its own: a span, and one for each stretch of a phase below it."""
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope
    from opentelemetry.trace import SpanContext, TraceFlags

    ids, scope = RandomIdGenerator(), InstrumentationScope("keras_profile", __version__)
    found: list[ReadableSpan] = []
    for call in calls:
        trace = ids.generate_trace_id()

        def context(trace: int = trace) -> SpanContext:
            return SpanContext(trace, ids.generate_span_id(), False, TraceFlags(TraceFlags.SAMPLED))

        def made(
            name: str, begin_ns: int, end_ns: int, attributes: Attributes, parent: SpanContext | None
        ) -> ReadableSpan:
            return ReadableSpan(
                name,
                context(),
                parent=parent,
                resource=resource,
                attributes=attributes,
                start_time=begin_ns,
                end_time=end_ns,
                instrumentation_scope=scope,
            )

        above = made(call.entry, call.begin_ns, call.end_ns, call.attributes, None)
        found.append(above)
        for one in call.phases:
            attributes: Attributes = {"keras_profile.phase": one.phase}
            found.append(made(one.phase, one.begin_ns, one.end_ns, attributes, above.context))
    return found


def _rejected(content: bytes) -> tuple[int, str]:
    """How many spans the collector says that it did not take, and why."""
    from google.protobuf.message import DecodeError
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

    answer: Any = ExportTraceServiceResponse()
    try:
        answer.ParseFromString(content)
    except DecodeError:  # an answer in another format, which is none of a rejection
        return 0, ""
    return answer.partial_success.rejected_spans, answer.partial_success.error_message


def _refused(address: str, session: NotingSession, done: int) -> KerasProfileError:
    so_far = f" after {done:,} calls" if done else ""
    if session.status is not None:
        shown = f": {session.answer[:_MOST_LETTERS]}" if session.answer else ""
        return KerasProfileError(
            f"{address}: expected spans to be taken{so_far}, found status {session.status}{shown}",
            "see that the address takes OTLP over HTTP, and OTEL_EXPORTER_OTLP_HEADERS for its key",
        )
    found = session.failure or "it did not answer in time"
    return KerasProfileError(
        f"{address}: expected a collector{so_far}, found none: {found}",
        "see that it runs and listens there; for OTLP over HTTP that is usually port 4318",
    )
