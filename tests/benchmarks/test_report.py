"""Figures and what they say about themselves."""

from benchmarks.report import TOLD_FROM, package_versions, percentiles


def test_percentiles_of_nothing_are_only_their_count() -> None:
    assert percentiles([]) == {"count": 0}


def test_the_thousandth_of_few_values_is_not_told() -> None:
    values = [float(value) for value in range(TOLD_FROM - 1)]
    figures = percentiles(values)
    assert figures["p99.9"] is None
    assert figures["p99"] < figures["max"] == values[-1]


def test_the_thousandth_of_many_values_is_told() -> None:
    """Of 10,000 ten are above it: nine that stalled do not reach it, twenty do."""
    for stalled, expected in ((9, 1.0), (20, 500.0)):
        values = [1.0] * (TOLD_FROM - stalled) + [500.0] * stalled
        assert percentiles(values)["p99.9"] == expected


def test_versions_are_of_what_is_installed() -> None:
    assert list(package_versions(("numpy", "no-such-package"))) == ["numpy"]
