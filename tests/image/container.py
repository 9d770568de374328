"""Containers of a built image, started by runc: read-only, without a capability, in a network of their own.

They are started as Docker would: with the image's own entry point, environment, user and working directory, which are
those in the image's configuration, and with folders of their own for the volumes that are given none.
"""

from __future__ import annotations

import ctypes
import json
import os
import stat
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from ..running.process import DEADLINE, Output

T = TypeVar("T")

_NEW_NETWORK = 0x40000000  # CLONE_NEWNET of sched.h; os.setns is there from Python 3.12 on
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True, slots=True)
class Image:
    """A built image: where its root file system is, and its configuration as buildah tells it."""

    root: Path
    told: Mapping[str, Any]

    @property
    def config(self) -> Mapping[str, Any]:
        """What Docker keeps in the image's ``config``."""
        found: Mapping[str, Any] = self.told["Docker"]["config"]
        return found

    @property
    def user(self) -> tuple[int, int]:
        """The numeric user and group."""
        uid, gid = self.config["User"].split(":")
        return int(uid), int(gid)

    @property
    def health_command(self) -> list[str]:
        """The command of the HEALTHCHECK, which has to be in exec form."""
        told: list[str] = self.config["Healthcheck"]["Test"]
        assert told[0] == "CMD"
        return told[1:]


class Container:
    """A container of an image, started when the ``with`` block starts and gone when it ends.

    ``folders`` are those of this machine that are mounted, read-only, by where they are mounted; ``writable`` the same
    with leave to write. ``network`` is a container whose network it shares. ``has_tmp`` says whether /tmp can be
    written to; nothing else can.
    """

    def __init__(
        self,
        image: Image,
        bundle: Path,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        folders: Mapping[str, Path] | None = None,
        writable: Mapping[str, Path] | None = None,
        network: Container | None = None,
        has_tmp: bool = False,
    ) -> None:
        self.image = image
        self.name = f"fake-ccmm-{uuid.uuid4().hex[:12]}"
        self._bundle = bundle / self.name
        self._bundle.mkdir(parents=True)
        mounts = [_bound(where, folder, "ro") for where, folder in (folders or {}).items()]
        mounts += [_bound(where, folder, "rw") for where, folder in (writable or {}).items()]
        given = {one["destination"] for one in mounts}
        for where in (image.config.get("Volumes") or {}).keys() - given:
            folder = self._bundle / where.strip("/").replace("/", "-")
            folder.mkdir()
            own = (image.root / where.strip("/")).stat()  # an empty volume becomes what the image has there
            os.chown(folder, own.st_uid, own.st_gid)
            folder.chmod(stat.S_IMODE(own.st_mode))
            mounts.append(_bound(where, folder, "rw"))
        if has_tmp:
            mounts.append({"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["mode=1777"]})
        command = [*(image.config["Entrypoint"] or []), *(arguments or image.config["Cmd"] or [])]
        variables = [*image.config["Env"], *(f"{name}={value}" for name, value in (environment or {}).items())]
        net = {"type": "network"} | ({"path": f"/proc/{network.pid}/ns/net"} if network else {})
        text = json.dumps(_specification(image, command, variables, mounts, net), indent=1)
        (self._bundle / "config.json").write_text(text, "utf-8")

    def __enter__(self) -> Container:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self._runc("run", "--bundle", str(self._bundle), self.name),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.stdout, self.stderr = Output(self.process.stdout), Output(self.process.stderr)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        subprocess.run(self._runc("delete", "--force", self.name), capture_output=True, timeout=DEADLINE, check=False)
        self.process.wait(DEADLINE)
        self.stdout.to_the_end()
        self.stderr.to_the_end()

    def wait_until_ready(self) -> dict[str, Any]:
        """What a server says in its first line, once it has."""
        try:
            facts: dict[str, Any] = json.loads(self.stdout.wait_for(len)[0])
        except (AssertionError, ValueError) as error:
            raise AssertionError(f"it does not serve: {self.stderr.to_the_end()}") from error
        self.seconds_to_start = time.monotonic() - self.started
        return facts

    @property
    def pid(self) -> int:
        """Its process 1, as this machine numbers it."""
        told = subprocess.run(
            self._runc("state", self.name), capture_output=True, encoding="utf-8", timeout=DEADLINE, check=True
        )
        return int(json.loads(told.stdout)["pid"])

    def status(self) -> dict[str, str]:
        """What the kernel says of its process 1."""
        lines = Path(f"/proc/{self.pid}/status").read_text("utf-8").splitlines()
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def cpu_seconds(self) -> float:
        """What its process 1 has computed for so far, which a busy machine does not change much."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def execute(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run a command in the container, as the health check is."""
        return subprocess.run(
            self._runc("exec", self.name, *command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=DEADLINE,
            check=False,
        )

    def signal(self, name: str) -> None:
        """Send a signal to its process 1."""
        subprocess.run(self._runc("kill", self.name, name), capture_output=True, timeout=DEADLINE, check=True)

    def wait(self) -> int:
        """Its exit status, once it has ended."""
        return self.process.wait(DEADLINE)

    def in_its_network(self, act: Callable[[], T]) -> T:
        """Do something with this machine's own programs in the container's network: a thread of its own enters it."""
        results: list[T] = []
        errors: list[BaseException] = []
        pid = self.pid

        def enter_and_act() -> None:
            try:
                with open(f"/proc/{pid}/ns/net", "rb") as network:
                    if ctypes.CDLL(None, use_errno=True).setns(network.fileno(), _NEW_NETWORK) != 0:
                        raise OSError(ctypes.get_errno(), "the container's network cannot be entered")
                results.append(act())
            except BaseException as error:
                errors.append(error)

        thread = threading.Thread(target=enter_and_act, daemon=True)
        thread.start()
        thread.join(DEADLINE)
        if errors:
            raise errors[0]
        assert results, "it took too long"
        return results[0]

    def _runc(self, *arguments: str) -> list[str]:
        return ["runc", "--root", str(self._bundle.parent / "state"), *arguments]


def _bound(where: str, folder: Path, mode: str) -> dict[str, Any]:
    return {"destination": where, "type": "bind", "source": str(folder), "options": ["rbind", mode, "nosuid", "nodev"]}


def _specification(
    image: Image, arguments: list[str], environment: list[str], mounts: list[dict[str, Any]], network: dict[str, str]
) -> dict[str, Any]:
    """What the OCI runtime specification calls config.json."""
    uid, gid = image.user
    none: list[str] = []
    return {
        "ociVersion": "1.0.2",
        "process": {
            "terminal": False,
            "user": {"uid": uid, "gid": gid},
            "args": arguments,
            "env": environment,
            "cwd": image.config["WorkingDir"] or "/",
            "noNewPrivileges": True,
            "capabilities": dict.fromkeys(("bounding", "effective", "permitted", "inheritable", "ambient"), none),
        },
        "root": {"path": str(image.root), "readonly": True},
        "hostname": "mock",
        "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"]},
            *mounts,
        ],
        "linux": {"namespaces": [*({"type": kind} for kind in ("pid", "ipc", "uts", "mount")), network]},
    }
