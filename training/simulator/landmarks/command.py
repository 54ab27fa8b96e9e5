"""Measures the real tracker on real clips, fits the landmark noise to it and draws both."""

from collections.abc import Callable
from pathlib import Path

from engine.config import PluginConfig
from training.fit_files import write_fit
from training.simulator.landmarks.fit import fit, summary
from training.simulator.landmarks.material import material
from training.simulator.landmarks.picture import draw
from training.simulator.landmarks.recorded import record

# The reference, which looks at everything in every picture: what others leave out is not noise.
_POSE = PluginConfig(use="mediapipe")


def fit_landmarks(
    clips: Path,
    cache: Path,
    out: Path,
    picture: Path,
    advance: Callable[[str], None] = lambda _: None,
) -> None:
    """Fit the noise to a folder of clips.

    Args:
        clips: Holds `video/`, `annotations.csv` and may hold `landmarks/`.
        cache: Where poses of the clips are kept; the pose stage runs on those that are not there.
        out: Gets the fit, as JSON.
        picture: Gets measured against simulated distributions, as PNG.
        advance: Told what is being done.

    Raises:
        UsageError: The clips cannot be used, or a file cannot be written.
        FidgetError: A clip cannot be read, or the pose stage broke.
    """
    advance("poses of the clips")
    halves = fit(material(clips, record(clips, cache, _POSE)), advance)
    write_fit(out, summary(halves))
    draw(halves, picture)
