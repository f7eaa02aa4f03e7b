"""Which ideas say nearly the same: similarity by words and pieces of words, with the reason in words.

It needs no list of stop words, no model and no network, and sees only spelling: the same thought in other words, or in
another language, is not found.
"""

from permea_engine.similarity.index import Index, Matches, build_index
from permea_engine.similarity.pairs import Pairs
from permea_engine.similarity.terms import Text, words_of

__all__ = ["Index", "Matches", "Pairs", "Text", "build_index", "words_of"]
