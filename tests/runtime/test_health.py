from engine.runtime.drops import DropLedger
from engine.runtime.health import HealthReporter
from engine.runtime.latency import StageLatencies
from engine.runtime.ports import Counts
from tests.fakes.clock import FakeClock
from tests.fakes.sources import ListSource


def test_a_report_says_how_far_the_pipeline_has_come_and_what_it_cannot_see() -> None:
    clock = FakeClock(5_000_000_000, 0)
    reporter = HealthReporter(ListSource([]), StageLatencies(), DropLedger(), clock)
    counts = Counts(
        frames_in=9, samples_out=8, epoch=2, queued={"a": 1}, abstained=("touch_jaw", "akimbo")
    )
    health = reporter.report(counts, state="running", recorder="off")
    assert (health.frames_in, health.epoch, health.queued) == (9, 2, {"a": 1})
    assert health.abstained == ("touch_jaw", "akimbo")
