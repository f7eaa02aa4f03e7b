"""Files that people sent, handed out again: to be saved, never shown by the browser as a page of ours."""

from __future__ import annotations

from django.http import FileResponse, Http404

from permea.foundation.files import storage

SANDBOX = "default-src 'none'; sandbox"
PRIVATE = "private, no-store"


def sent_file(path: str, name: str, content_type: str) -> FileResponse:
    """Return the bytes at a path below the folder of files. Raises Http404 if they are gone."""
    try:
        content = (storage.root() / path).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = PRIVATE
    return response
