"""``python -m ccmm_contracts`` is the command ``ccmm-contracts``."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
