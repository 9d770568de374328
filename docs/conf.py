"""How Sphinx makes the site: ``python -m sphinx -W -b html docs build/docs``.

The pages are plain Markdown that reads as well on a code host. What they would need for the site alone is made here:
the navigation, of the lists in ``index.md`` and of what stands beside a ``README.md``, and the pages that stand beside
the code that they are about.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from os.path import relpath
from pathlib import Path

from pygments.lexers.special import TextLexer  # type: ignore[import-untyped]
from sphinx.application import Sphinx

HERE = Path(__file__).parent
ROOT = HERE.parent

project = "fake-ccmm"
author = "the authors of fake-ccmm"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
root_doc = "index"
nitpicky = True
smartquotes = False
myst_heading_anchors = 4
html_theme = "furo"
html_title = "fake-ccmm"
html_static_path = ["site"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_use_index = False

ELSEWHERE = {
    "how-to/check-with-the-kit": "contracts/README.md",
    "reference/client-protocol": "contracts/client-protocol.md",
    "reference/example-clients": "examples/clients/README.md",
    "contributing": "CONTRIBUTING.md",
    "changelog": "CHANGELOG.md",
}
"""Pages whose text stands elsewhere in the repository: what is in ``docs`` is only for readers on a code host."""

_PAGE_OF = {ROOT / path: HERE / f"{name}.md" for name, path in ELSEWHERE.items()}
_FENCES = re.compile(r"^(`{3,}|~{3,}).*?^\1\s*$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
_PART = re.compile(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_ITEM = re.compile(r"^- \[[^\]]+\]\(([^)\s#]+)\.md\)", re.MULTILINE)


def setup(app: Sphinx) -> dict[str, bool]:
    """Have each page read through :func:`prepare`, and CSV shown as it is."""
    app.connect("source-read", prepare)
    app.add_lexer("csv", TextLexer)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def prepare(app: Sphinx, name: str, source: list[str]) -> None:
    """Replace the text of a page by what the site shows."""
    page = HERE / f"{name}.md"
    stands_at = page
    if name in ELSEWHERE:
        stands_at = ROOT / ELSEWHERE[name]
        app.env.note_dependency(str(stands_at))
        source[0] = stands_at.read_text("utf-8")
    source[0] = _outside_of_fences(source[0], lambda text: _LINK.sub(lambda one: _link(one, stands_at, page), text))
    if name == root_doc:
        source[0] += "".join(_navigation(title, _ITEM.findall(text)) for title, text in _PART.findall(source[0]))
    elif page.name == "README.md":
        source[0] += _navigation("", sorted(one.stem for one in page.parent.glob("*.md") if one != page))


def _outside_of_fences(text: str, change: Callable[[str], str]) -> str:
    """The text, changed but for its blocks."""
    parts: list[str] = []
    end = 0
    for fence in _FENCES.finditer(text):
        parts += [change(text[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join([*parts, change(text[end:])])


def _link(link: re.Match[str], stands_at: Path, page: Path) -> str:
    """A link of a file as one of its page. The site has no folders: what names one keeps its words alone."""
    image, words, where = link.groups()
    path, hash_mark, anchor = where.partition("#")
    if "://" in where or not path:
        return link[0]
    target = (stands_at.parent / path).resolve()
    if target.is_dir():
        return words
    found = relpath(_PAGE_OF.get(target, target), page.parent).replace("\\", "/")
    return f"{image}[{words}]({found}{hash_mark}{anchor})"


def _navigation(title: str, names: list[str]) -> str:
    """A part of the navigation, with these pages."""
    caption = f":caption: {title}\n" if title else ""
    return "\n\n```{toctree}\n:hidden:\n" + caption + "\n" + "\n".join(names) + "\n```\n" if names else ""
