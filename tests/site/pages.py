"""What two answers have in common when nothing but what was asked for differs."""

from __future__ import annotations

import re
from typing import Any

_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


def comparable(response: Any, *asked: Any) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return status, headers and body without the ids that were asked for and the page's token."""
    headers = sorted((name, str(value)) for name, value in response.headers.items())
    body = _TOKEN.sub(b"", response.body)
    for id_ in asked:
        body = body.replace(str(id_).encode(), b"ID")
        headers = [(name, value.replace(str(id_), "ID")) for name, value in headers]
    return response.status_code, headers, body
