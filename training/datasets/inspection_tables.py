"""The findings about a copy as lines for a person."""

from collections.abc import Iterator, Sequence

from training.datasets.faults import Fault, fatal
from training.datasets.inspection import ClassShare, Count, Inspection


def lines(found: Inspection) -> Iterator[str]:
    """Counts, shares, abilities, faults, and the verdict last."""
    yield f"{found.folder}: {found.layout}"
    yield ""
    yield from _counts(found.counts)
    if found.shares:
        yield ""
        yield from _shares(found.shares)
    yield ""
    for ability in found.abilities:
        yield f"{'can' if ability.possible else 'cannot':6} {ability.what}: {ability.why}"
    yield from _faults(found.faults)
    yield ""
    yield _verdict(found)


def _counts(counts: Sequence[Count]) -> Iterator[str]:
    width = max(len(count.name) for count in counts)
    yield f"{'':{width}}  {'here':>9}  {'published':>9}"
    for count in counts:
        published = "-" if count.published is None else f"{count.published:,}"
        yield f"{count.name:{width}}  {count.here:9,}  {published:>9}"


def _shares(shares: Sequence[ClassShare]) -> Iterator[str]:
    yield f"{'id':>3}  {'class':18}  {'clips':>6}  {'here %':>6}  {'published %':>11}"
    for row in shares:
        here, published = 100 * row.share, 100 * row.published_share
        yield f"{row.label_id:3}  {row.slug:18}  {row.clips:6,}  {here:6.2f}  {published:11.2f}"


def _faults(faults: Sequence[Fault]) -> Iterator[str]:
    for title, wanted in (("wrong:", True), ("worth knowing:", False)):
        found = [fault for fault in faults if fault.fatal is wanted]
        if found:
            yield ""
            yield title
            yield from (f"  {fault}" for fault in found)


def _verdict(found: Inspection) -> str:
    wrong = len(fatal(found.faults))
    if wrong:
        return f"not usable as it is; faults to mend, listed above: {wrong}"
    if not found.usable:
        return "not usable: nothing can be done with what is there"
    rest = [ability.what for ability in found.abilities if not ability.possible]
    return "usable" + (f", but not to {'; '.join(rest)}" if rest else "")
