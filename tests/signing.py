"""How a test signs on a page: it reads what the page holds out, and hands that in."""

from __future__ import annotations

import re
from typing import Any


def held_out(response: Any) -> dict[str, str]:
    """Return what a signing page puts into its form: the challenge, and ids it gave."""
    page = response.content.decode()
    names = r"(challenge|disclosure_id|event)"
    panel = page[page.index("qmm-sign__form") :]
    panel = panel[: panel.index("</form>")]
    return dict(re.findall(rf'name="{names}" value="([^"]+)"', panel))
