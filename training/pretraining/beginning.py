"""Where a classifier begins that begins from a pretrained encoder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from engine.errors import ConfigError
from training.clips.protocols import clip_split
from training.clips.run_config import ClipRunConfig
from training.datasets.opening import open_dataset
from training.pretraining.run_folder import EncoderFolder, StreamInfo, load_encoder
from training.pretraining.seen import seen_among
from training.runs.weights import weights_digest
from training.synthetic.release import is_synthetic
from training.zoo.clip_model import ClipEncoder


@dataclass(frozen=True)
class Beginning:
    """An encoder, and what is known of it.

    Attributes:
        path: Its folder.
        encoder: It, in evaluation mode.
        sizes: Its sizes.
        learned_from: What it was learned from.
    """

    path: Path
    encoder: ClipEncoder
    sizes: dict[str, Any]
    learned_from: StreamInfo

    @classmethod
    def read(cls, path: Path) -> "Beginning":
        """What `pretrain` wrote.

        Raises:
            ConfigError: There is no encoder, or it is not finished.
        """
        encoder, config = load_encoder(path)
        return cls(path, encoder, config.sizes, EncoderFolder(path).data())

    @property
    def model(self) -> str:
        """Name of the encoder in the zoo."""
        return self.encoder.description.name

    def begun(self, config: ClipRunConfig) -> ClipRunConfig:
        """A run's configuration, made to begin from here.

        Raises:
            ConfigError: It is of another model.
        """
        if config.model != self.model:
            raise ConfigError(f"--encoder {self.path}: is {self.model}, not {config.model}")
        digest = weights_digest(self.encoder.state_dict())
        return msgspec.structs.replace(config, sizes=self.sizes, encoder_digest=digest)

    def checked(self, config: ClipRunConfig) -> str:
        """Look whether the encoder knows whom a run will be tested on.

        Args:
            config: Of the run.

        Returns:
            What cannot be known, for people; empty if all is known.

        Raises:
            ConfigError: It has learned from people of the test.
            UsageError: The data set cannot be read, or not by this protocol.
        """
        seen = self.learned_from.seen
        if seen is None:
            return (
                f"{self.path}: is of a time when nobody wrote down whom an encoder learned from; "
                "whether people of the test are among them cannot be known"
            )
        folder = Path(config.data)
        data = open_dataset(folder)
        test = set(clip_split(data, config.protocol).test)
        tested = [video for video in data.videos if video.number in test]
        found = seen_among(seen, tested, data.videos, synthetic=is_synthetic(folder))
        if found:
            raise ConfigError(
                f"--encoder {self.path}: has learned from people in {len(found)} of the "
                f"{len(tested)} videos that '{config.protocol}' tests on, such as "
                f"{found[0].number:04d}: figures would be too good; pretrain one without them"
            )
        if seen.recordings:
            return (
                f"{self.path}: has learned from {seen.recordings} recordings too; who is in those "
                "was not written down, so whether people of the test are cannot be known"
            )
        return ""
