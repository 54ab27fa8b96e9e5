"""Writes the golden bytes of the present schema version: `python -m tests.wire.make_golden`.

Bytes of a published schema never change; a file that would is refused unless `--overwrite` is
given. Review the difference before you commit it.
"""

import argparse
import sys
from pathlib import Path

from engine.messages import SCHEMA_VERSION
from tests.wire import samples

GOLDEN = Path(__file__).parent / "golden"


def golden_payloads() -> dict[str, bytes]:
    """File stem to bytes, for every message of the topic table."""
    return {name: samples.wire(samples.encoder(), name).payload for name in samples.BODIES}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--overwrite", action="store_true", help="replace bytes that changed")
    overwrite = parser.parse_args(arguments).overwrite
    folder = GOLDEN / f"v{SCHEMA_VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    refused = [
        name
        for name, payload in golden_payloads().items()
        if not _write(folder / f"{name}.bin", payload, overwrite=overwrite)
    ]
    if refused:
        sys.stderr.write(f"refused to change {', '.join(refused)}: a new schema, or --overwrite\n")
    return 1 if refused else 0


def _write(path: Path, payload: bytes, *, overwrite: bool) -> bool:
    """False if the file holds other bytes and may not be replaced."""
    if path.exists() and path.read_bytes() != payload and not overwrite:
        return False
    path.write_bytes(payload)
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
