"""The one table of all models, and how one is built by its name."""

from typing import Any

import msgspec

from engine.errors import UsageError
from training.zoo.agcn import TwoStreamAgcn
from training.zoo.clip_model import ClipModel
from training.zoo.gcn_nas import GcnNas
from training.zoo.joint_graph import IMIGUE_GRAPH, JointGraph
from training.zoo.lstm import Blstm, Lstm
from training.zoo.ms_g3d import MsG3d
from training.zoo.predict_cluster import PredictCluster
from training.zoo.s_vae import SVae
from training.zoo.shift_gcn import ShiftGcn
from training.zoo.st_gcn import StGcn
from training.zoo.us_vae import CausalUsVae, UsVae

_MODELS: tuple[type[ClipModel], ...] = (
    *(Lstm, Blstm, SVae),
    *(StGcn, TwoStreamAgcn, ShiftGcn, GcnNas, MsG3d),
    *(PredictCluster, UsVae, CausalUsVae),
)

ZOO: dict[str, type[ClipModel]] = {model.description.name: model for model in _MODELS}


def build(name: str, graph: JointGraph = IMIGUE_GRAPH, **sizes: Any) -> ClipModel:
    """A model with random weights.

    Args:
        name: One of `ZOO`.
        graph: Joints and bones of its clips.
        sizes: What differs from its configuration's defaults, which are
            as published where that is known.

    Raises:
        UsageError: There is no such model, or no such size.
    """
    if name not in ZOO:
        raise UsageError(f"unknown model '{name}': expected one of {', '.join(ZOO)}")
    kind: Any = ZOO[name]
    try:
        config = msgspec.convert(sizes, kind.Config)
    except msgspec.ValidationError as error:
        known = ", ".join(kind.Config.__struct_fields__)
        raise UsageError(f"{name}: {error}; its sizes are {known}") from error
    model: ClipModel = kind(config, graph)
    return model
