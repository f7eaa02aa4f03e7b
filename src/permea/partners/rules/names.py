"""Names of organisations in many languages, brought to what two spellings of one name have in common."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# One letter each where two spellings are in use: "Müller" and "Mueller" both become "muller".
SPELLED = {"ß": "ss", "æ": "a", "ø": "o", "œ": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
DOUBLED = {"ae": "a", "oe": "o", "ue": "u"}
CYRILLIC = dict(
    zip(
        "абвгдезийклмнопрстуфыэіґ", "abvgdeziiklmnoprstufyeig", strict=True
    )
) | {"ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "iu",
     "я": "ia", "є": "ie", "ї": "i"}  # fmt: skip
GREEK = dict(zip("αβγδεζηικλμνξοπρστυφω", "avgdeziiklmnxoprstyfo", strict=True)) | {
    "θ": "th", "ς": "s", "χ": "ch", "ψ": "ps",
}  # fmt: skip
LETTERS = str.maketrans(SPELLED | CYRILLIC | GREEK)
# Legal forms as they are written once signs are taken away, in one word.
FORMS_AS_WRITTEN = (
    "gmbh ggmbh mbh ag kg kgaa ohg gbr ug eg ev ek se sce eu keg stiftung gesmbh"
    " sl slu sll slne sa sau sc scp scoop sccl scoopl sas sasu sarl sarlu eurl sci snc scs scop"
    " spa srl srls sapa ss scarl scrl scpa onlus"
    " ltd limited plc llp llc inc incorporated corp corporation co company pty pte lp"
    " bv nv vof cv bvba sprl ab oy oyj as asa aps ivs ans da hf ehf kft zrt nyrt bt"
    " sro spol doo dd ad ood eood zoo spzoo spj spk oo ooo oao zao pao ao ae epe ike"
    " srlcv sacv sadecv ltda eireli kk gk sdn bhd pt tbk"
)
FORMS = frozenset(FORMS_AS_WRITTEN.split())
# Parts of forms that are written in several words: "S.p.A.", "Sp. z o.o.", "GmbH & Co. KG", "S. de R.L.".
SPACED = re.compile(
    r"\b(?:s p a|s r l(?: s)?|s a r l|s a s|s l(?: u)?|s a|s c|s n c|s r o|d o o|sp z o ?o|z o ?o|e v|e k|a g|k g|"
    r"b v|n v|l l c|l l p|p l c|a b|a s|o y|g m b h|ges m b h|s coop|"
    r"s de r l(?: de c v)?|sa de cv|haftungsbeschrankt)\b"
)
LINKING_AS_WRITTEN = (
    "und and et e y i en of for the fur der die das des dem vom von zu de del dela la le les el los las lo il gli di"
    " da do dos du della dello dei degli delle per para pour f d l van het a an im am in"
)
LINKING = frozenset(LINKING_AS_WRITTEN.split())
SAME_IN_OTHER_WORDS = """
univ university universitat universitaet universite universidad universita universitaire universiteit uni universitet
inst institut institute instituto istituto instytut instituut
tech technik technology technologies technologie technologien technologia tecnologia tecnologias tecnologie techn
technical technische technisch technique tecnica politecnico polytechnic polytechnique
hochschule hs fachhochschule fh hsch
gebr gebruder gebrueder bros brothers hermanos hnos freres fratelli flli lli
intl international internacional internazionale internationale
eng engineering ingenieria ingegneria ingenierie
mfg manufacturing
center zentrum centre centro centrum
research forschung recherche investigacion ricerca forschungs
systems systeme system systemes sistemas sistemi
solutions losungen soluciones soluzioni
group gruppe groupe grupo gruppo holding
industry industrie industrias industries industria ind
applied angewandte
munchen munich monaco muenchen
koln cologne colonia koeln
wien vienna vienne viena
zurich zuerich zurigo
genf geneva geneve ginebra ginevra
turin torino
mailand milan milano
rom roma rome
sevilla seville
lissabon lisboa lisbon
prag praha prague
kopenhagen kobenhavn copenhagen
warschau warszawa warsaw
nurnberg nuremberg
"""
SAME = {word: line.split()[0] for line in SAME_IN_OTHER_WORDS.split("\n") for word in line.split()}
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_BRACKETS = re.compile(r"\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in parts: the words that tell it from others, in their order, and those that were cut short by a dot."""

    words: tuple[str, ...]
    short: frozenset[str]

    @property
    def written_together(self) -> str:
        """Return the words as one."""
        return "".join(self.words)

    @property
    def initials(self) -> str:
        """Return the first letters of three words and more, nothing of fewer."""
        return "".join(word[0] for word in self.words) if len(self.words) >= 3 else ""  # noqa: PLR2004 - two are too common


def plain(text: str) -> str:
    """Return a text in Latin letters without case, accents and marks, words divided by one space."""
    marked = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).casefold().translate(LETTERS))
    latin = "".join(sign for sign in marked if not unicodedata.combining(sign)).translate(LETTERS)
    return _NO_LETTER.sub(" ", latin.replace("'", "").replace("’", "")).strip()


def name_of(text: str) -> Name:
    """Return a name without its legal form, linking words and what stands in brackets, each word in one spelling."""
    outside = _BRACKETS.sub(" ", text)
    whole = plain(outside) or plain(text)
    said = SPACED.sub(" ", whole).split()
    kept = [word for word in said if word not in FORMS and word not in LINKING] or whole.split()
    dotted = {_one_spelling(plain(part)) for part in outside.split() if part.endswith(".")}
    words = tuple(_one_spelling(word) for word in kept)
    return Name(words, frozenset(dotted & set(words)))


def _one_spelling(word: str) -> str:
    """Return a word as the name of a thing in many languages, and with one letter where two stand for an umlaut."""
    word = SAME.get(word, word)
    for two, one in DOUBLED.items():
        word = word.replace(two, one)
    return SAME.get(word, word)
