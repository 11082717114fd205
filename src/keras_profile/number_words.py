"""Formats times, shares and counts, the same in rules and in every output."""

from __future__ import annotations


def milliseconds(ns: float) -> str:
    """A time in ms with three significant digits.

    >>> milliseconds(97_204_000), milliseconds(912_345), milliseconds(4_321), milliseconds(3.1e9)
    ('97.2', '0.912', '0.00432', '3100')
    """
    value = ns / 1e6
    if value == 0:
        return "0"
    exponent = int(f"{value:.2e}".partition("e")[2])  # of the rounded number
    return f"{value:.{max(2 - exponent, 0)}f}"


def duration(ns: float) -> str:
    """A time in seconds, or in ms below one second.

    >>> duration(63_123_000_000), duration(2_300_000_000), duration(52_100_000), duration(4_200_000_000_000)
    ('63.1 s', '2.30 s', '52.1 ms', '4,200 s')
    """
    if ns < 1e9:
        return f"{milliseconds(ns)} ms"
    return f"{ns / 1e9:,.0f} s" if ns >= 99.95e9 else f"{milliseconds(ns / 1000)} s"


def multiple(value: float, interval: tuple[float, float] | None = None, before: str = " (") -> str:
    """How many times something is another, with three figures; and its interval, with as many.

    >>> multiple(1.1), multiple(0.9964), multiple(19.3, (18.9, 19.7)), multiple(1, (0.95, 1.2), ", 99% CI ")
    ('1.10×', '0.996×', '19.3× (18.9–19.7)', '1.00×, 99% CI 0.950–1.20')
    """
    words = f"{_three(value)}×"
    if interval is None:
        return words
    return f"{words}{before}{_three(interval[0])}–{_three(interval[1])}" + (
        ")" if before.endswith("(") else ""
    )


def _three(value: float) -> str:
    return f"{value:#.3g}".rstrip(".")


def percent(share: float) -> str:
    """A share of 1 in percent: whole numbers from 10 on.

    >>> percent(0.371), percent(0.0512), percent(0.0031), percent(0.00002)
    ('37%', '5.1%', '0.3%', '<0.1%')
    """
    if 0 < share < 0.0005:
        return "<0.1%"
    return f"{share:.0%}" if share >= 0.0995 else f"{share:.1%}"


def percents(bounds: tuple[float, float] | None) -> str:
    """An interval of shares; empty where there is none, as of a single call.

    >>> percents((0.061, 0.245)), percents((0.061, 0.061)), percents(None)
    ('6.1%–24%', '', '')
    """
    return "" if bounds is None or bounds[0] == bounds[1] else "–".join(percent(bound) for bound in bounds)


def number(count: float) -> str:
    """A count with three significant digits, without a needless fraction.

    >>> number(3.0), number(0.254), number(1234.0), number(12.04), number(0.02)
    ('3', '0.254', '1,234', '12', '0.02')
    """
    is_whole = abs(count - round(count)) < (0.05 if count >= 1 else 0.0005)
    return f"{count:,.0f}" if is_whole or count >= 100 else f"{count:.3g}"


def plural(count: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> plural(1, "call"), plural(1200, "call")
    ('1 call', '1,200 calls')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def size(count: int) -> str:
    """A number of bytes.

    >>> size(112), size(4_200_000), size(61_000)
    ('112 B', '4.2 MB', '61 kB')
    """
    for unit, large in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= large:
            return f"{count / large:.2g} {unit}" if count < 10 * large else f"{count // large} {unit}"
    return f"{count} B"
