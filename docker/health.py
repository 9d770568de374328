"""Whether the server in this container answers: exit status 0, or 1 and a line that says why not.

It is asked where FAKE_CCMM_URL says, as the commands of fake-ccmm do, and needs no token for that.
"""

from __future__ import annotations

import os
import ssl
import sys
from urllib.request import HTTPSHandler, ProxyHandler, build_opener

URL = (os.environ.get("FAKE_CCMM_URL") or "http://127.0.0.1:8000").rstrip("/") + "/control/v1/health"

context = ssl.create_default_context()
context.check_hostname = False  # it asks itself, and whose certificate it serves with is its clients' affair
context.verify_mode = ssl.CERT_NONE
opener = build_opener(ProxyHandler({}), HTTPSHandler(context=context))
try:
    with opener.open(URL, timeout=2) as answer:
        print(answer.read().decode())
except (OSError, ValueError) as error:
    sys.exit(f"{URL}: {error}")
