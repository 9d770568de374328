"""A finding made from a failure: the story in words, the exchanges, curl lines, and a file that plays it again."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

from .errors import SetUpBroken
from .exchange import Exchange
from .masking import Secrets
from .plain import tagged
from .report import Contract, Finding
from .reports.files import write_file
from .story import ControlStep, Step
from .trial import Failure

FORMAT = "ccmm-contracts replay 1"
"""What a replay file says it is."""

_MOST_EXCHANGES = 60
_KEY_FROM_ANSWER = r"sed -n 's/.*<OutboundLoginResult>\(.*\)<\/OutboundLoginResult>.*/\1/p'"
_CONTROL = "/control/v1/centers"


class FindingWriter:
    """Makes findings, and saves what plays them again in ``folder``; None saves nothing.

    ``base`` is where the services are, ``center`` the name of the mock's center there (None of a server that is no
    mock), ``control`` the address of its control API.
    """

    def __init__(self, folder: Path | None, secrets: Secrets, *, base: str, control: str | None = None) -> None:
        self._folder = folder
        self._secrets = secrets
        self._base = base
        self._control = control

    def finding(self, contract: Contract, failure: Failure) -> Finding:
        """The finding of a contract that does not hold. Raises SetUpBroken where its file cannot be written."""
        exchanges = [step for step in failure.steps if isinstance(step, Exchange)]
        message = failure.message if failure.always else f"{failure.message} (not every time)"
        return Finding(
            self._secrets.mask(message),
            tuple(self._told(step) for step in failure.steps),
            tuple(self._secrets.masked(one) for one in exchanges[-_MOST_EXCHANGES:]),
            tuple(self._curl(failure.steps)),
            self._save(contract, message, failure),
        )

    def _told(self, step: Step) -> str:
        return self._secrets.told(step) if isinstance(step, Exchange) else self._secrets.mask(step.told)

    def _curl(self, steps: tuple[Step, ...]) -> list[str]:
        """The steps for a shell: KEY is what the last log-in gave; PASSWORD has to be set by hand."""
        lines = []
        for step in steps:
            if isinstance(step, ControlStep):
                lines += self._curl_of_control(step)
                continue
            line = self._secrets.curl(step, base=self._base)
            lines.append(f"KEY=$({line} | {_KEY_FROM_ANSWER})" if step.operation == "OutboundLogin" else line)
        return lines

    def _curl_of_control(self, step: ControlStep) -> list[str]:
        if not step.method or self._control is None:
            return [f"# {_one_line(self._secrets.mask(step.told))}"]
        line = f"curl -sS -X {step.method} {shlex.quote(self._control + step.path)}"
        if step.body is None:
            return [line]
        body = self._secrets.mask(json.dumps(step.body, ensure_ascii=False))
        return [f"{line} -H 'Content-Type: application/json' --data-binary {_in_shell(body)}"]

    def _save(self, contract: Contract, message: str, failure: Failure) -> str | None:
        if self._folder is None:
            return None
        data: dict[str, Any] = {
            "format": FORMAT,
            "contract": contract.id,
            "sentence": contract.sentence,
            "message": self._secrets.mask(message),
            "base": self._base,
            "draws": [{"name": name, "value": tagged(value)} for name, value in failure.draws],
            "story": [self._told(step) for step in failure.steps],
        }
        path = self._folder / f"{re.sub(r'[^A-Za-z0-9.-]', '-', contract.id)}.json"
        write_file(path, json.dumps(data, indent=2).encode() + b"\n")
        return str(path)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _in_shell(body: str) -> str:
    """A JSON text in quotes; a masked password is taken from PASSWORD."""
    pieces = re.split(r"<password of [^>]*>", body)
    return '"$PASSWORD"'.join(shlex.quote(one) for one in pieces)


def read_replay(path: Path) -> dict[str, Any]:
    """What a replay file holds. Raises SetUpBroken where it is none."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SetUpBroken(f"{path}: cannot be read: {error.strerror}") from None
    except RecursionError:
        raise SetUpBroken(f"{path}: is nested too deeply for a replay file") from None
    except ValueError as error:
        raise SetUpBroken(f"{path}: is not JSON: {error}") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise SetUpBroken(f"{path}: is no replay file; 'ccmm-contracts server' writes one for each finding")
    return data
