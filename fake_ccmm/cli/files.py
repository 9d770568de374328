"""Files that the command line names: where one is not there, what may have been meant, and how to get one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import SetupError
from .command import did_you_mean
from .curl import quoted

if TYPE_CHECKING:
    from ..seed.schema import Seed


def seed_of(path: Path) -> Seed:
    """The seed in a file; raises SetupError with all that is wrong, or with how to get a seed where there is none."""
    from ..seed import read_seed

    try:
        return read_seed(path)
    except SetupError as error:
        if not path.exists():
            other = f"'fake-ccmm seed generate --output {quoted(path)}' writes one to begin with"
            raise SetupError(f"{error}{similar_file(path, _SEEDS) or f'; {other}'}") from None
        raise


_SEEDS = (".toml", ".yaml", ".yml", ".json")


def similar_file(path: Path, endings: tuple[str, ...] = ("",)) -> str:
    """``; did you mean 'site.toml'?`` where a file of nearly that name is there, and nothing where none is.

    ``endings`` are those of the names that can be meant.
    """
    try:
        names = [one.name for one in path.parent.iterdir() if one.name.lower().endswith(endings)]
    except OSError:
        return ""
    return did_you_mean(path.name, names)
