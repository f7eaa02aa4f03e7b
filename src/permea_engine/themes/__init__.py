"""What the texts of a collection are about: named themes, and where each text stands among them.

The same texts always give the same themes, in whatever order they come. Themes that were found earlier stay as texts
come, unless others are far clearer, and once people have changed the themes, new texts are placed in these instead.
"""

from permea_engine.themes.finding import find_themes, place_in_themes
from permea_engine.themes.matching import match_themes
from permea_engine.themes.standing import Themes
from permea_engine.themes.words import telling_words

__all__ = ["Themes", "find_themes", "match_themes", "place_in_themes", "telling_words"]
