"""The command: measures, chooses, promises and writes the profile."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace
from rich.console import Console

from calibration.latency.load import every_core_busy
from calibration.latency.networks import Search, chosen, settled
from calibration.latency.rehearsal import rehearse
from calibration.latency.seeds import seeds_ms
from calibration.latency.tables import networks_table, promise_table, qualities_table
from calibration.latency.trials import (
    QualityTrial,
    good_enough,
    nearest,
    shortfall,
    worth_trying,
)
from calibration.latency.watcher import Watcher
from calibration.saving import save
from engine import registry
from engine.calibration_file import sealed
from engine.clock import Clock
from engine.commands.opening import source_to_watch
from engine.commands.promise import conditions_now
from engine.commands.tell import tell
from engine.config import Config, QualityConfig
from engine.contracts import PoseEstimator
from engine.errors import CalibrationError, UsageError
from engine.latency_profile import LATENCY_FILE, Ages, Asked, LatencyProfile
from engine.machine import this_machine
from engine.runtime.quality import qualities

# A recogniser gains nothing from poses that come faster than its ticks.
TICKS_HZ = 25.0
# The promise is judged by more messages than each quality is.
_LONGER = 2.5


@dataclass(frozen=True)
class LatencyRequest:
    """What a user wants.

    Attributes:
        poses_hz: Poses a second; None is as many as the source gives, and 25 at most.
        spare: Part of the deadline to be left at p99 without other load.
        seconds: How long to watch each quality.
        variants: Files of the recogniser's network in other precisions, to be tried as well.
    """

    poses_hz: float | None = None
    spare: float = 0.3
    seconds: float = 10.0
    variants: tuple[str, ...] = ()


def calibrate_latency(
    config: Config, out: Path, request: LatencyRequest, clock: Clock, console: Console
) -> int:
    """Find the best settings for `deadline_ms` of `[stream]` on this machine.

    Args:
        config: What is to run; its source is watched, live, with everything it needs.
        out: File to write.
        request: What is wanted.
        clock: Time.
        console: For a person.

    Returns:
        0.

    Raises:
        UsageError: The source is not named, or not live.
        CalibrationError: Nothing is good enough; the message says what comes nearest.
        FidgetError: The source, the pose stage or the recogniser failed.
    """
    _check(config, out, clock)
    calibration = _Calibration(config, request, clock, console)
    save(out, calibration.profile())
    tell(console, f"wrote {out}. Use it with --latency {out}")
    return 0


class _Calibration:
    def __init__(
        self, config: Config, request: LatencyRequest, clock: Clock, console: Console
    ) -> None:
        self._config = config
        self._request = request
        self._clock = clock
        self._console = console
        self._cameras = config.of_streams()
        self._model = ""

    def profile(self) -> LatencyProfile:
        config = self._with_backend()
        asked, tried = self._qualities(config)
        self._console.print(qualities_table(tried, asked))
        for one in good_enough(tried, asked):
            final = replace(config, quality=one.quality)
            quiet, watched = self._governed(final, "without other load", nullcontext)
            why = shortfall(quiet, asked)
            if not why:
                self._console.print(f"Taken: {one.name}")
                return self._promised(final, asked, tried, quiet, watched)
            self._console.print(f"{one.name}: when it was watched for longer, {why}")
        raise _not_good_enough(nearest(tried, asked), asked)

    def _with_backend(self) -> Config:
        with self._console.status("trying every backend ..."):
            streams = sum(len(camera.slots) for camera in self._cameras)
            search = Search(streams, this_machine().cores, self._clock)
            found = search.candidates(self._config, self._request.variants)
        if not found:
            return self._config
        taken, reason = chosen(found)
        self._console.print(networks_table(found, taken, reason))
        self._model = taken.model
        return settled(self._config, taken)

    def _qualities(self, config: Config) -> tuple[Asked, list[QualityTrial]]:
        efforts = efforts_of(config)
        first = QualityConfig(effort=efforts[0])
        trial, all_frames_hz = self._tried(config, first, efforts)
        frames_hz = all_frames_hz / len(self._cameras)
        asked = self._asked(frames_hz)
        others = [q for q in worth_trying(efforts, frames_hz, asked.poses_hz) if q != first]
        return asked, [trial, *(self._tried(config, each, efforts)[0] for each in others)]

    def _asked(self, frames_hz: float) -> Asked:
        if frames_hz <= 0:
            raise CalibrationError(
                "the source gave too few frames to know how many it gives a second; watch for "
                "longer with --seconds"
            )
        deadline_ms, poses_hz = self._config.stream.deadline_ms, self._request.poses_hz
        asked = Asked(
            deadline_ms=deadline_ms,
            poses_hz=poses_hz or min(TICKS_HZ, round(frames_hz, 1)),
            spare=self._request.spare,
        )
        self._console.print(
            f"The source gives {frames_hz:.1f} frames a second. Asked for: {asked.poses_hz:g} "
            f"poses a second, p99 within {deadline_ms:g} ms, {asked.spare:.0%} of that to spare",
            soft_wrap=True,
        )
        return asked

    def _tried(
        self, config: Config, quality: QualityConfig, efforts: tuple[str, ...]
    ) -> tuple[QualityTrial, float]:
        """The trial, and the frames a second that all cameras together gave."""
        name = qualities(efforts, quality)[0].name
        with self._console.status(f"running live: {name} ..."):
            watched = rehearse(
                replace(config, quality=quality),
                self._request.seconds,
                self._clock,
                governed=False,
            )
        trial = QualityTrial(
            name,
            quality,
            watched.ages(),
            tuple(watched.pose_ms),
            tuple(watched.publish_ms),
            watched.recognise_ms,
        )
        return trial, watched.frames_hz

    def _promised(
        self,
        config: Config,
        asked: Asked,
        tried: list[QualityTrial],
        quiet: Ages,
        watched: Watcher,
    ) -> LatencyProfile:
        loaded, _ = self._governed(config, "with every core busy", every_core_busy)
        self._console.print(promise_table(quiet, loaded))
        assert watched.session is not None  # the first message of every run
        profile = sealed(
            LatencyProfile(
                kind=LATENCY_FILE.kind,
                version=LATENCY_FILE.version,
                created_wall_ns=self._clock.pair().wall_ns,
                asked=asked,
                conditions=conditions_now(config, watched.session),
                model=self._model,
                quiet=quiet,
                loaded=loaded,
                seeds_ms=seeds_ms(tried, efforts_of(config), config.quality),
            )
        )
        self._tell_promise(profile)
        return profile

    def _governed(
        self, config: Config, what: str, load: Callable[[], AbstractContextManager[object]]
    ) -> tuple[Ages, Watcher]:
        with self._console.status(f"running live, governed, {what} ..."), load():
            seconds = _LONGER * self._request.seconds
            watcher = rehearse(config, seconds, self._clock, governed=True)
        return watcher.ages(), watcher

    def _tell_promise(self, profile: LatencyProfile) -> None:
        within_ms, loaded_ms = profile.promised_p99_ms, profile.loaded.p99_ms
        text = f"Promised: 99 % of the messages within {within_ms:g} ms of their frame"
        if profile.promised_under_load:
            text += ", also with every core busy: quality is lowered then"
        else:
            text += f". With every core busy it was {loaded_ms:.0f} ms, so nothing is promised then"
        self._console.print(text, soft_wrap=True)


def efforts_of(config: Config) -> tuple[str, ...]:
    """What the configured pose network can leave out."""
    estimator: PoseEstimator = registry.create("pose", config.pose.use, config.pose.options)
    return estimator.efforts


def _check(config: Config, out: Path, clock: Clock) -> None:
    """Refuse what cannot be measured before anything else takes its time."""
    if not out.parent.is_dir():
        raise UsageError(f"{out}: the folder {out.parent} does not exist")
    for one in config.of_streams():
        spec = one.source.use
        if spec == "auto":
            raise UsageError("name the source to measure with, e.g. --source 0")
        source = source_to_watch(spec, one.source.options)
        if not source.live or source.yields != "frames":
            raise UsageError(
                f"{spec}: expected a camera or a URL: a file waits for its reader, so nothing of "
                "it is ever late"
            )
        try:
            source.open(clock)
        finally:
            source.close()


def _not_good_enough(nearest_one: QualityTrial, asked: Asked) -> CalibrationError:
    ages = nearest_one.ages
    return CalibrationError(
        f"no quality gives {asked.poses_hz:g} poses a second with a p99 of "
        f"{(1 - asked.spare) * asked.deadline_ms:g} ms here for long. What came nearest is "
        f"'{nearest_one.name}': {ages.poses_hz:.1f} a second, p99 {ages.p99_ms:.0f} ms. Is "
        "something else running? Try again, or ask for less: --fps, --deadline-ms, --spare"
    )
