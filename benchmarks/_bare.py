"""The yardstick: a bare Django view that answers with a little JSON, with no middleware, no session and no database."""

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path


def bare(request: HttpRequest) -> JsonResponse:
    """Answer with fifty rows made up on the spot."""
    del request
    return JsonResponse({"rows": [{"key": f"idea{n}", "title": f"Idea {n}", "money": n * 1000} for n in range(50)]})


urlpatterns = [path("", bare)]
settings.configure(
    SECRET_KEY="yardstick",
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["127.0.0.1"],
    LOGGING_CONFIG=None,
)
django.setup()
application = get_wsgi_application()
