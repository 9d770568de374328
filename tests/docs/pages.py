"""The pages of the documentation, and the fenced blocks that stand on them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted((ROOT / "contracts").glob("*.md"))]
GENERATED = [page for page in PAGES if "<!-- Made by: python -m docs.generator" in page.read_text("utf-8")]
"""Pages that are made from the source, and whose blocks were run for that."""

_FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,})(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=fence)\s*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]+`")
_TABLE_LINE = re.compile(r"^\|(.*)\|$")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the ``name=value`` words after it, its text, and the line that it starts in."""

    page: str
    line: int
    language: str
    text: str
    options: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        return f"{self.page}, line {self.line}"

    @property
    def title(self) -> str | None:
        """The name of the file that it shows."""
        return self.options.get("title")

    @property
    def exit_status(self) -> int:
        """What it ends with when it is run."""
        return int(self.options.get("exits", "0"))


def name_of(page: Path) -> str:
    """The path of a page in the repository."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> list[Block]:
    """Every fenced block of a page, in order."""
    text = page.read_text("utf-8")
    found = []
    for one in _FENCE.finditer(text):
        language, *words = one["info"].split() or [""]
        options = dict(word.partition("=")[::2] for word in words)
        found.append(Block(name_of(page), text.count("\n", 0, one.start()) + 1, language, one["text"], options))
    return found


def number_of_fences(page: Path) -> int:
    """How many lines open or close a block, also one that is indented or never closed."""
    return len(re.findall(r"^\s*(?:```|~~~)", page.read_text("utf-8"), re.MULTILINE))


def table(page: Path, heading: str) -> list[list[str]]:
    """The rows of the table whose first column has this heading, without the marks of code."""
    lines = iter(page.read_text("utf-8").splitlines())
    assert any(line.startswith(f"| {heading} |") for line in lines), f"{page.name} has no table of {heading}"
    next(lines)
    rows = []
    for line in lines:
        match = _TABLE_LINE.match(line)
        if match is None:
            break
        rows.append([cell.replace("`", "").strip() for cell in match[1].split(" |")])
    return rows


def links(page: Path) -> list[str]:
    """Where the links of a page lead, but for those to other sites; what stands in blocks is none."""
    text = _CODE.sub("", _FENCE.sub("", page.read_text("utf-8")))
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = _FENCE.sub("", page.read_text("utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.strip().lower()).replace(" ", "-") for one in headings}
