"""``python -m docs.generator``, in the folder of the checkout."""

from __future__ import annotations

from . import PAGES, REFERENCE, write_all

changed = write_all()
for path in changed:
    print(f"written: {path.relative_to(REFERENCE.parent.parent).as_posix()}")
print(f"{len(PAGES)} pages, {len(changed)} of them have changed")
