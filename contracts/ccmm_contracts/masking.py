"""Exchanges for people to read: secrets masked, told in the domain's words, or as curl lines to paste."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from urllib.parse import quote
from xml.sax.saxutils import escape

from .exchange import Exchange, Headers
from .report import ShownExchange
from .telling import told

_SHOWN_AT_EACH_END = 2000
_LONGEST_ARGUMENT = 100_000
"""In bytes; systems bound what one argument of a command may hold, but not what a pipe does."""

_SHORT = 4
"""A secret shorter than this is masked where it stands alone only, not inside of words and numbers."""

_TELLING = 8
"""So many characters in a row of a key give it away, in any letter case: contracts try keys that are almost right."""

_MOST_PARTS = 64
_GZIP = 31
_MOST_UNPACKED = 10_000_000
"""What a server sends compressed may be made to fill the memory."""

_SERVICES = re.compile("/ccmmoutboundwebservices(?=/)", re.IGNORECASE)
_NO_CONTENT_TYPE = "Content-Type:"


@dataclass(frozen=True, slots=True)
class _Found:
    """A secret in a text; ``is_whole`` is whether it is all of it."""

    secret: str
    shown: str
    is_whole: bool = True

    @property
    def variable(self) -> str:
        """The shell variable that stands for it."""
        return "PASSWORD" if self.shown.startswith("<password") else "KEY"


class Secrets:
    """The passwords and session keys that must not be seen, each with what is shown in its place.

    They are found as they are, or escaped for XML, URLs or JSON; of a key also a part, and in another letter case.
    Several threads may use it at once.
    """

    def __init__(self) -> None:
        self._shown: dict[str, str] = {}
        self._lock = Lock()

    def learn(self, secret: str, shown: str) -> None:
        """Show ``shown`` for ``secret`` from now on: ``<key of ann>``, ``<password of ann>``. An empty one is none."""
        if secret:
            with self._lock:
                self._shown[secret] = shown

    def mask(self, text: str) -> str:
        """``text`` with every secret masked."""
        return "".join(one if isinstance(one, str) else _mask_of(one) for one in self._pieces(text))

    def masked(self, exchange: Exchange) -> ShownExchange:
        """The exchange as a report shows it: of a long message only the first and last 2,000 characters."""
        request, response = exchange.request, exchange.response
        status = f"HTTP {response.status} {response.reason}".rstrip()
        return ShownExchange(
            exchange.number,
            self.told(exchange),
            self._message(f"{request.method} {request.url}", request.headers, request.body),
            self._message(status, response.headers, response.body),
        )

    def told(self, exchange: Exchange) -> str:
        """The exchange in one line, in the domain's words: who called what, and what became of it."""
        return told(exchange, self.mask)

    def curl(self, exchange: Exchange, *, base: str) -> str:
        """A curl line for a POSIX shell that sends the same request, to ``base`` in place of the services it went to.

        It takes the session key from the variable KEY and the password from PASSWORD. For a key that is almost right it
        sends another wrong one.
        """
        request = exchange.request
        parts = _SERVICES.split(request.url, maxsplit=1)
        url = base.rstrip("/") + parts[1] if len(parts) == 2 else request.url
        headers = [f"{name}: {value}" if value.strip() else f"{name};" for name, value in request.headers]
        if request.body and not any(name.lower() == "content-type" for name, _ in request.headers):
            headers.append(_NO_CONTENT_TYPE)  # else curl says that it is a form
        words = ["curl -sS -i"]
        if request.method == "HEAD":
            words.append("--head")
        elif request.method != ("POST" if request.body else "GET"):
            words.append(f"-X {self._quoted(request.method)}")
        if re.search(r"[][{}]", url):
            words.append("--globoff")
        if "/." in url:
            words.append("--path-as-is")
        words.append(self._quoted(url))
        words += [f"-H {self._quoted(one)}" for one in headers]
        return self._with_body(" ".join(words), request.body)

    def _with_body(self, line: str, body: bytes) -> str:
        if not body:
            return line
        text, command = _readable(body)
        if "\0" in text or not _is_text(text):
            # No argument can hold it; what every printf understands are octal numbers.
            pieces = (
                f"printf '{_octal(one)}'" if isinstance(one, str) else f"printf %s {_in_shell(one, False)}"
                for one in self._pieces(text)
            )
            source = "{ " + "; ".join(pieces) + "; }"
        else:
            quoted = self._quoted(text, in_xml=text.lstrip("\ufeff \t\r\n").startswith("<"))
            if not command and len(body) <= _LONGEST_ARGUMENT:
                return f"{line} --data-raw {quoted}"
            source = f"printf %s {quoted}"
        return " | ".join(one for one in (source, command, f"{line} --data-binary @-") if one)

    def _quoted(self, text: str, *, in_xml: bool = False) -> str:
        return "".join(
            _single_quoted(one) if isinstance(one, str) else _in_shell(one, in_xml) for one in self._pieces(text)
        )

    def _message(self, first_line: str, headers: Headers, body: bytes) -> str:
        head = "\n".join([first_line, *(f"{name}: {value}" for name, value in headers)])
        text = _readable(body)[0].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        # Masked before it is cut, or half a secret could be left.
        return _shortened(self.mask(f"{head}\n\n{text}" if text else head))

    def _pieces(self, text: str) -> Iterator[str | _Found]:
        """``text`` in pieces: what is no secret as it is, secrets as what they are."""
        found = self._found_in(text)
        if not found:
            yield text
            return
        # The longest first: one secret may begin as another does, and a whole one goes before a part.
        forms = sorted(found, key=lambda one: (found[one].is_whole, len(one)), reverse=True)
        end = 0
        for match in re.finditer("|".join(_pattern(one, found[one]) for one in forms), text):
            form = match[0] if match[0] in found else match[0][:_TELLING].lower()
            if match.start() > end:
                yield text[end : match.start()]
            yield found[form]
            end = match.end()
        if end < len(text):
            yield text[end:]

    def _found_in(self, text: str) -> dict[str, _Found]:
        """The forms of secrets that occur in ``text``; parts in lower case."""
        with self._lock:
            known = list(self._shown.items())
        found: dict[str, _Found] = {}
        lower = text.lower()
        for secret, shown in known:
            one = _Found(secret, shown)
            found.update((form, one) for form in _forms(secret) if form in text)
            if one.variable == "KEY":
                part = _Found(secret, shown, is_whole=False)
                found.update((form, part) for form in _parts(secret) if form in lower and form not in found)
        return found


def _mask_of(found: _Found) -> str:
    return found.shown if found.is_whole else f"<part of {found.shown.strip('<>')}>"


def _forms(secret: str) -> set[str]:
    in_xml = escape(secret)
    return {
        secret,
        in_xml,
        in_xml.replace("\r", "&#13;"),
        escape(secret, {'"': "&quot;", "'": "&apos;"}),
        escape(secret, {'"': "&#34;", "'": "&#39;"}),
        quote(secret, safe=""),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
    }


def _parts(key: str) -> set[str]:
    """What gives a key away: rows of eight of its characters, but for the name behind ``__``, which is no secret."""
    head = (key.partition("__")[0] or key).lower()
    if len(head) != len(key.partition("__")[0] or key):
        return set()
    return {head[start : start + _TELLING] for start in range(min(len(head) - _TELLING + 1, _MOST_PARTS))}


def _pattern(form: str, found: _Found) -> str:
    if not found.is_whole:
        return f"(?i:{re.escape(form)})[^\\s<>&\"']*"
    return rf"(?<!\w){re.escape(form)}(?!\w)" if len(form) < _SHORT else re.escape(form)


def _in_shell(found: _Found, in_xml: bool) -> str:
    if not found.is_whole:
        return "'no-key'"
    variable = f'"${found.variable}"'
    if in_xml and escape(found.secret) != found.secret:
        return f"\"$(printf %s {variable} | sed 's/&/\\&amp;/g; s/</\\&lt;/g; s/>/\\&gt;/g')\""
    return variable


def _single_quoted(text: str) -> str:
    return "'" + text.replace("'", "'\"'\"'") + "'"


def _readable(body: bytes) -> tuple[str, str]:
    """A body as text, bytes that are none as surrogates, with the shell's command that makes the body of it."""
    if body.startswith(b"\x1f\x8b"):
        unpacking = zlib.decompressobj(wbits=_GZIP)
        try:
            text = unpacking.decompress(body, _MOST_UNPACKED).decode()
        except (zlib.error, UnicodeDecodeError):
            text = ""
        if unpacking.eof and text:
            return text, "gzip -c"
    for encoding, marks in (("utf-16-le", (b"\xff\xfe", b"<\0")), ("utf-16-be", (b"\xfe\xff", b"\0<"))):
        if body.startswith(marks):
            try:
                return body.decode(
                    encoding
                ), f"iconv -f UTF-8 -t {encoding.upper().replace('-L', 'L').replace('-B', 'B')}"
            except UnicodeDecodeError:
                pass
    return body.decode("utf-8", "surrogateescape"), ""


def _is_text(text: str) -> bool:
    return not re.search("[\ud800-\udfff]", text)


def _octal(text: str) -> str:
    """``text`` as the format of a printf in single quotes."""
    return "".join(
        chr(one) if 32 <= one < 127 and chr(one) not in "'%\\" else f"\\{one:03o}"
        for one in text.encode("utf-8", "surrogateescape")
    )


def _shortened(text: str) -> str:
    left_out = len(text) - 2 * _SHOWN_AT_EACH_END
    if left_out <= 0:
        return text
    return f"{text[:_SHOWN_AT_EACH_END]}\n... ({left_out:,} characters left out) ...\n{text[-_SHOWN_AT_EACH_END:]}"
