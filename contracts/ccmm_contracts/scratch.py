"""Where Hypothesis keeps what it keeps: in a folder of the run, not where the user happens to be."""

from __future__ import annotations

import atexit
from functools import cache
from tempfile import TemporaryDirectory

from hypothesis.configuration import set_hypothesis_home_dir

from .errors import SetUpBroken


@cache
def use_scratch_folder() -> None:
    """Let Hypothesis write to a folder that is gone at the end of the process.

    Raises SetUpBroken where there is none to write in.
    """
    try:
        folder = TemporaryDirectory(prefix="ccmm-contracts-", ignore_cleanup_errors=True)
    except OSError as error:
        raise SetUpBroken(f"no folder to write in ({error}): set TMPDIR to one that may be written to") from None
    atexit.register(folder.cleanup)
    set_hypothesis_home_dir(folder.name)
