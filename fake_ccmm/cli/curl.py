"""Lines to paste into a shell: a login by curl, and what else needs words quoted.

The SOAP of such a line has apostrophes around its attributes and character references for all that a shell might take
for something else, so that double quotes around it do for sh, zsh, PowerShell and cmd alike.
"""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from string import ascii_letters, digits

_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_CCMM = "http://nortel.com/CCMMOutboundWebservices/"
_PLAIN = frozenset(f"{ascii_letters}{digits}._-@")

IS_WINDOWS = os.name == "nt"
"""Whether lines are for PowerShell and cmd rather than for sh."""

PASSWORD = "$env:PASSWORD" if IS_WINDOWS else "$PASSWORD"
"""What stands for a password that is not to be printed: a variable of the shell."""


@dataclass(frozen=True, slots=True)
class Trust:
    """How curl gets to a server and trusts it: ``ca`` is the file of what to trust, where it needs one.

    ``is_given`` says whether curl can trust the server at all, ``is_proxied`` whether it has to be told to leave a
    proxy out.
    """

    ca: Path | None = None
    is_given: bool = True
    is_proxied: bool = False


def login_line(url: str, user: str, password: str | None, trust: Trust) -> str:
    """A line that logs in at an OutboundUtilityWS; without a ``password`` it takes that from the variable PASSWORD."""
    secret = PASSWORD if password is None else _escaped(password)
    body = (
        f"<Envelope xmlns='{_SOAP}'><Body><OutboundLogin xmlns='{_CCMM}'>"
        f"<username>{_escaped(user)}</username><password>{secret}</password></OutboundLogin></Body></Envelope>"
    )
    return " ".join(
        [
            *_start(url, trust),
            '-H "Content-Type: text/xml; charset=utf-8"',
            f'-H "SOAPAction: {_CCMM}OutboundLogin"',
            f'-d "{body}"',
        ]
    )


def wsdl_line(url: str, trust: Trust) -> str:
    """A line that prints the WSDL of a service."""
    return " ".join(_start(f"{url}?wsdl", trust))


def quoted(word: str | Path) -> str:
    """A word as the shells of this system take it."""
    if IS_WINDOWS:
        return f'"{word}"' if " " in str(word) else str(word)
    return shlex.quote(str(word))


def _start(url: str, trust: Trust) -> list[str]:
    words = ["curl.exe" if IS_WINDOWS else "curl", f'"{url}"']
    if trust.is_proxied:
        words.append('--noproxy "*"')
    if url.startswith("https:"):
        if trust.ca is not None:
            words.append(f"--cacert {quoted(trust.ca)}")
        elif not trust.is_given:
            words.append("--insecure")
        if IS_WINDOWS:
            words.append("--ssl-no-revoke")  # nobody could be asked whether a certificate of one's own is revoked
    return words


def _escaped(text: str) -> str:
    """Text as XML has it, with no sign in it that any shell knows."""
    return "".join(one if one in _PLAIN else f"&#{ord(one)};" for one in text)
