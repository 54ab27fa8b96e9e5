"""What an encoder is shown in place of a clip that it must rebuild.

An encoder that rebuilds what it sees keeps all of it, the camera and the person too. One that is
shown a clip disturbed and must rebuild it as it was cannot lean on what was disturbed (Vincent,
Larochelle, Bengio and Manzagol, "Extracting and Composing Robust Features with Denoising
Autoencoders", ICML 2008).
"""

from typing import Annotated

import torch
from msgspec import Meta, Struct
from torch import Tensor

Part = Annotated[float, Meta(ge=0, le=0.5)]

_ACROSS = 0.6  # of a view that shears, beside one that only stretches


class Disturbance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much; 0 for nothing.

    Attributes:
        view: Standard deviation of how a clip's x and y are stretched, and 0.6 of it of how they
            are sheared: another camera, or another build.
        place: Of how far a whole clip is moved, in shoulder widths.
        joint: Of how far each joint is moved in a whole clip, in shoulder widths.
        jitter: Of how far each joint is moved at each tick, in shoulder widths.
        lost: Part of the joints that are missing in a whole clip.
    """

    view: Part = 0.12
    place: Part = 0.06
    joint: Part = 0.02
    jitter: Part = 0.01
    lost: Part = 0.05

    def shown(self, clips: Tensor) -> Tensor:
        """A disturbed copy, by torch's own generator.

        Args:
            clips: `(N, T, V, 3)`, see `ClipModel`, in shoulder widths. Missing joints stay missing.
        """
        count, _, joints, _ = clips.shape

        def noise(*shape: int) -> Tensor:
            return torch.randn(count, *shape, device=clips.device)

        across = torch.tensor([[1.0, _ACROSS], [_ACROSS, 1.0]], device=clips.device)
        view = torch.eye(2, device=clips.device) + self.view * across * noise(2, 2)
        places = torch.einsum("ntvc,ncd->ntvd", clips[..., :2], view)
        places = places + self.place * noise(1, 1, 2) + self.joint * noise(1, joints, 2)
        places = places + self.jitter * torch.randn_like(places)
        kept = torch.rand(count, 1, joints, 1, device=clips.device) >= self.lost
        sure = clips[..., 2:] * kept
        return torch.cat((places * (sure > 0), sure), dim=-1)
