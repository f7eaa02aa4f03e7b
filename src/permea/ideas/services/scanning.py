"""Having what is sent looked at by the virus scanner before it is kept."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.conf import settings

from permea.foundation import scanning
from permea.foundation.refusals import demand
from permea.ideas import rules

logger = logging.getLogger(__name__)


def demand_clean(*, chunks: Iterable[bytes], size: int) -> None:
    """Go on if the virus scanner finds nothing in the bytes, and note in the log what it finds.

    Without a judgement it depends on the settings whether they are kept. Raises RefusedError as
    `rules.why_not_found` and `rules.why_not_unscanned` say.
    """
    try:
        found = scanning.scanner().scan(chunks)
    except scanning.ScannerError as error:
        is_too_large = isinstance(error, scanning.TooLargeError)
        logger.warning("the virus scanner gave no judgement on %d bytes: %s", size, error)
        demand(rules.why_not_unscanned(is_too_large=is_too_large, is_kept=settings.CLAMAV_DOWN == rules.KEEP))
        return
    if found:
        logger.warning("an upload of %d bytes was refused: the virus scanner found %s", size, found)
    demand(rules.why_not_found(found))
