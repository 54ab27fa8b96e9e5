"""Many sequences at once give what the engine's own resampler and normaliser give one by one."""

import numpy as np
import pytest

from engine.config import ResampleConfig
from engine.core.normalize import Normalizer
from engine.core.resample import Resampler
from engine.poses import F32, NO_PERSON, PoseSample, invalid_sample
from engine.skeletons import HOLISTIC_75
from tests.recognizers.graph.filmed import SIZE_PX
from tests.recognizers.graph.filmed import sample as visible
from training.simulator.landmarks.observe import observe
from training.simulator.landmarks.params import NoiseParams
from training.simulator.make import clean_view
from training.simulator.scene import draw_scene, script_weights
from training.simulator.ticks import RATE_HZ, to_ticks


def sample(seq: int, t_s: float, joints: F32, depth: F32, aspect: float, valid: bool) -> PoseSample:
    capture_ns, height_px = round(t_s * 1e9), round(SIZE_PX / aspect)
    if not valid:
        return invalid_sample(
            capture_ns=capture_ns,
            epoch=0,
            seq=seq,
            skeleton=HOLISTIC_75.name,
            joint_count=75,
            reason=NO_PERSON,
            width_px=SIZE_PX,
            height_px=height_px,
        )
    return visible(seq, t_s, joints, depth, aspect)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_ticks_equal_those_of_the_engine(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scene = draw_scene(rng, 3, 14.0, "train", script_weights(hard_negatives=True))
    view = clean_view(scene)
    seen = observe(view, NoiseParams.fitted("train"), rng)
    # The engine works in whole nanoseconds and takes the aspect from whole pixels.
    t_s = np.round(view.t_s * 1e9) / 1e9
    aspect = np.array([SIZE_PX / round(SIZE_PX / a) for a in view.aspect], np.float32)
    valid = seen.valid.copy()
    valid[:, 0] = True
    ticks = to_ticks(t_s, seen.joints, seen.depth, valid, aspect, 275)
    for n in range(3):
        resampler = Resampler(ResampleConfig(), RATE_HZ)
        normalizer = Normalizer(HOLISTIC_75, RATE_HZ)
        rows, gone_s = [], 0.0
        for k in range(t_s.shape[1]):
            frame = (seen.joints[n, k], seen.depth[n, k], float(aspect[n]), bool(valid[n, k]))
            for tick in resampler.step(sample(k, float(t_s[n, k]), *frame)):
                gone_s = 0.0 if tick.valid else gone_s + 1 / RATE_HZ
                if gone_s > ResampleConfig().reset_after_s:
                    normalizer.reset()
                rows.append(normalizer.step(tick))
        count = min(len(rows), 275)
        assert count > 200
        np.testing.assert_allclose(np.stack(rows)[:count], ticks.joints[n, :count], atol=2e-4)
