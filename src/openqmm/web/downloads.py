"""Files sent to a browser: saved, never shown on the site's own origin."""

from __future__ import annotations

from typing import BinaryIO

from django.http import FileResponse

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # A browser that shows the file all the same runs nothing in it and loads nothing for it.
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store, private",
}


def attachment(file: BinaryIO, name: str, media_type: str) -> FileResponse:
    """Return a file as an attachment under its name; the response closes it."""
    return FileResponse(
        file, as_attachment=True, filename=name, content_type=media_type, headers=_HEADERS
    )
