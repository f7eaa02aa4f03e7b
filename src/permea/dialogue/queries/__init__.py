"""Reading dialogue: what the public, askers and managers see."""

from permea.dialogue.queries.facts import (
    answers_told,
    challenges_with_untold_answers,
    circumstances,
    people_to_tell,
    untold_answers,
)
from permea.dialogue.queries.inside import (
    ManagedPage,
    ManagedQuestion,
    managed_question,
    managed_questions,
    moderation_queue,
    today_items,
)
from permea.dialogue.queries.own import (
    OwnQuestion,
    erasure_lines,
    my_question,
    needed_people,
    open_questions_of,
    own_questions,
    personal_data,
)
from permea.dialogue.queries.public import (
    AnsweredQuestion,
    AnswerVersion,
    QuestionsPage,
    answered_of,
    answered_question,
    challenge_part,
    is_following,
    public_challenge_row,
    questions_page,
    read_answered,
)

__all__ = [
    "AnswerVersion",
    "AnsweredQuestion",
    "ManagedPage",
    "ManagedQuestion",
    "OwnQuestion",
    "QuestionsPage",
    "answered_of",
    "answered_question",
    "answers_told",
    "challenge_part",
    "challenges_with_untold_answers",
    "circumstances",
    "erasure_lines",
    "is_following",
    "managed_question",
    "managed_questions",
    "moderation_queue",
    "my_question",
    "needed_people",
    "open_questions_of",
    "own_questions",
    "people_to_tell",
    "personal_data",
    "public_challenge_row",
    "questions_page",
    "read_answered",
    "today_items",
    "untold_answers",
]
