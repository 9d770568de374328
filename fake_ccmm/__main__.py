"""``python -m fake_ccmm``: the command line."""

import sys

from .cli import main

sys.exit(main())
