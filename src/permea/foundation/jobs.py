"""Background jobs that look at all there is: one that waits will see what is written now, so a second is not needed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult


@transaction.atomic
def enqueue_once(task: Task[Any, Any], *args: Any, **kwargs: Any) -> bool:
    """Put a job in the queue unless the same one with the same arguments waits there; return whether it was put in.

    The one that waits is locked until the caller's transaction ends, so that it does not begin without what that wrote.
    """
    waiting = DBTaskResult.objects.select_for_update().filter(
        task_path=task.module_path, args_kwargs={"args": list(args), "kwargs": kwargs}, status=TaskResultStatus.READY
    )
    if waiting.first() is not None:
        return False
    task.enqueue(*args, **kwargs)
    return True
