"""What was measured, as tables for a person."""

from collections.abc import Sequence

from rich.table import Table

from calibration.latency.networks import Candidate
from calibration.latency.trials import QualityTrial, shortfall
from engine.latency_profile import Ages, Asked


def networks_table(found: Sequence[Candidate], taken: Candidate, reason: str) -> Table:
    """Every way to run the recogniser's network."""
    table = _table("recogniser's network on", "p50 ms", "p99 ms", "differs by", "")
    for one in found:
        verdict = one.verdict
        why = f"taken: {reason}" if one is taken else "" if verdict.accepted else verdict.reason
        table.add_row(
            verdict.name,
            _ms(verdict.step_ms_p50),
            _ms(verdict.step_ms_p99),
            "" if verdict.max_error is None else f"{verdict.max_error:.1g}",
            why,
        )
    return table


def qualities_table(tried: Sequence[QualityTrial], asked: Asked) -> Table:
    """Every quality, the best first."""
    table = _table("quality", "poses/s", "pose ms p50", "age ms p50", "p99", "")
    for one in tried:
        pose_ms = sorted(one.pose_ms)
        table.add_row(
            one.name,
            f"{one.ages.poses_hz:.1f}",
            f"{pose_ms[len(pose_ms) // 2]:.1f}" if pose_ms else "",
            f"{one.ages.p50_ms:.1f}",
            f"{one.ages.p99_ms:.1f}",
            shortfall(one.ages, asked) or "good enough",
        )
    return table


def promise_table(quiet: Ages, loaded: Ages) -> Table:
    """The chosen settings, governed, with and without other load."""
    table = _table("age of messages", "p50 ms", "p95", "p99", "max", "late", "of", "poses/s")
    for name, ages in (("without other load", quiet), ("every core busy", loaded)):
        times = (ages.p50_ms, ages.p95_ms, ages.p99_ms, ages.max_ms)
        counts = (f"{ages.late}", f"{ages.count}", f"{ages.poses_hz:.1f}")
        table.add_row(name, *(f"{ms:.1f}" for ms in times), *counts)
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        ends = column in ("", columns[0])
        table.add_column(column, justify="left" if ends else "right", overflow="fold")
    return table


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
