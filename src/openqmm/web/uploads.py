"""Files received from browsers: bounded while they come in, never held in memory."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext as _

from openqmm.core.workflow import PUBLIC, Role

_FORM_BYTES = 1 << 20
"""What the other fields of a form and the boundaries may take beside the file."""
_READ_ON = 4
"""Up to so many times the bound a browser is let finish, so that it shows the answer; one that
sends more is cut off."""


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Writes a file to the folder of incoming ones, until it is too large.

    Then nothing of it is left, and `refusal` says why. Somebody not signed in sends nothing.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803  (Django's name)
        content_length: int,
        boundary: bytes,
        encoding: str | None = None,
    ) -> None:
        """Take note of how much the browser says that it sends."""
        self._announced = content_length
        self._received = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file, unless it is known by now that it is not taken."""
        if getattr(self.request, "actor", PUBLIC).role is Role.PUBLIC:
            self._stop(_("Sign in before you send a file."))
        if self._announced > settings.LARGEST_UPLOAD_BYTES + _FORM_BYTES:
            self._stop(self._too_large())
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece; stop where the file becomes too large, whatever was announced."""
        # Counted over all files of a request: many small ones are as much.
        self._received += len(raw_data)
        if self._received > settings.LARGEST_UPLOAD_BYTES:
            self._stop(self._too_large())
        super().receive_data_chunk(raw_data, start)

    def _too_large(self) -> str:
        most = settings.LARGEST_UPLOAD_BYTES >> 20
        return _("The file has more than %(most)s MB, which is the most taken.") % {"most": most}

    def _stop(self, refusal: str) -> None:
        self.request.upload_refusal = refusal
        if self._announced > _READ_ON * settings.LARGEST_UPLOAD_BYTES + _FORM_BYTES:
            raise StopUpload(connection_reset=True)
        # The rest is read and dropped; the form's other fields are kept.
        raise SkipFile


def refusal(request: HttpRequest) -> str | None:
    """Return why the file of a request was not received, as a sentence, or None."""
    # Reading the form is what receives the file.
    request.POST  # noqa: B018
    return getattr(request, "upload_refusal", None)
