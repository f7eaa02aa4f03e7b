"""Which ideas say nearly the same: similarity by words and pieces of words, with the reason in words.

Words need no list of stop words, no model and no network, and are seen by their spelling alone. The same thought in
other words, or in another language, is found only among vectors of what texts mean, where the caller brings them.
"""

from permea_engine.similarity.index import Index, Matches, build_index
from permea_engine.similarity.pairs import Pairs
from permea_engine.similarity.terms import Text, words_of
from permea_engine.similarity.vectors import joined_vectors, vector_pairs

__all__ = ["Index", "Matches", "Pairs", "Text", "build_index", "joined_vectors", "vector_pairs", "words_of"]
