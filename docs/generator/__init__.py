"""Makes the pages of ``docs/reference`` from the source: ``python -m docs.generator`` writes all of them anew.

A module for each page, whose ``page()`` is the text; ``tests/docs`` says which of them are old.
"""

from __future__ import annotations

from pathlib import Path

from . import contracts, control_api, demo_center, kit_commands, mock_commands, profile, rules

REFERENCE = Path(__file__).parent.parent / "reference"

PAGES = {
    "control-api.md": control_api.page,
    "fake-ccmm.md": mock_commands.page,
    "ccmm-contracts.md": kit_commands.page,
    "profile.md": profile.page,
    "rules.md": rules.page,
    "contracts.md": contracts.page,
    "client-rules.md": contracts.client_page,
    "demo-center.md": demo_center.page,
}
"""What makes each page, by its name."""


def write_all() -> list[Path]:
    """Write every page; those whose text has changed."""
    changed = []
    for name, page in PAGES.items():
        path, text = REFERENCE / name, page()
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8", newline="\n")
            changed.append(path)
    return changed
