"""What tests of pages share: a page is parsed once and held to what every page promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.http import HttpResponse

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
UNLABELLED = frozenset({"hidden", "submit", "button", "image", "reset"})


@dataclass
class Element:
    """An element of a page with what stands in it."""

    name: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return all text inside, blanks run together."""
        parts = [child if isinstance(child, str) else child.text for child in self.children]
        return " ".join("".join(parts).split())

    def walk(self) -> Iterator[Element]:
        """Yield this element and everything below it."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, name: str) -> list[Element]:
        """Return all elements of a name below this one."""
        return [element for element in self.walk() if element.name == name]

    def is_inside(self, name: str) -> bool:
        """Say whether an element of this name stands around it."""
        around = self.parent
        while around is not None:
            if around.name == name:
                return True
            around = around.parent
        return False


class _Reader(HTMLParser):
    """Builds the tree; a tag that closes nothing is a fault."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.here = self.root
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        twice = [name for name, count in Counter(name for name, _value in attrs).items() if count > 1]
        self.faults += [f"<{tag}> has {name} twice" for name in twice]
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self.here.name != tag:
            self.faults.append(f"</{tag}> closes <{self.here.name}>")
            return
        self.here = self.here.parent or self.root

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def read_page(html: str) -> Element:
    """Return the parsed page. Raises AssertionError for tags that do not match."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if reader.faults:
        raise AssertionError(reader.faults)
    return reader.root


def faults_of(page: Element) -> list[str]:
    """Return in what a whole page breaks its promises: one h1, a title, a language, and those of a fragment."""
    html = page.all("html")
    found = []
    if len(html) != 1 or not html[0].attributes.get("lang") or html[0].attributes.get("dir") not in {"ltr", "rtl"}:
        found.append("the page does not say its language and direction")
    if not [title for title in page.all("title") if title.text.removesuffix("· Permea").strip()]:
        found.append("the page has no title")
    if len(page.all("h1")) != 1 or not page.all("h1")[0].text:
        found.append(f"the page has {len(page.all('h1'))} h1")
    if len(page.all("main")) != 1:
        found.append("the page has no main part")
    return found + fragment_faults(page)


def fragment_faults(part: Element) -> list[str]:
    """Return in what a page or a part of one breaks its promises: labels, names, ids once, nothing inline."""
    elements = list(part.walk())
    labelled = {element.attributes["for"] for element in elements if "for" in element.attributes}
    ids = Counter(element.attributes["id"] for element in elements if "id" in element.attributes)
    found = [f"the id {name} is used {count} times" for name, count in ids.items() if count > 1]
    for element in elements:
        found += _inline(element)
        found += _unnamed(element, labelled)
        found += [
            f"<{element.name}> points to #{target}, which is not there"
            for name in ("for", "aria-labelledby", "aria-describedby", "popovertarget")
            for target in element.attributes.get(name, "").split()
            if target not in ids
        ]
    return found


def assert_page_ok(response: HttpResponse, *, status: int = 200) -> Element:
    """Return the parsed page. Raises AssertionError if the status differs or the page breaks a promise."""
    html = response.content.decode()
    if response.status_code != status:
        raise AssertionError((response.status_code, html[:2000]))
    page = read_page(html)
    faults = faults_of(page)
    if faults:
        raise AssertionError(faults)
    return page


def _inline(element: Element) -> Iterator[str]:
    """Yield what the security policy would refuse."""
    if "style" in element.attributes or element.name == "style":
        yield f"<{element.name}> has inline style"
    if element.name == "script" and "src" not in element.attributes:
        yield "a script stands inside the page"
    yield from (f"<{element.name}> has {name}" for name in element.attributes if name.startswith("on"))


def _unnamed(element: Element, labelled: set[str]) -> Iterator[str]:
    """Yield a control or picture that has no name for those who cannot see it."""
    attributes = element.attributes
    has_name = bool(attributes.get("aria-label") or attributes.get("aria-labelledby"))
    is_asked = element.name in {"input", "select", "textarea"} and attributes.get("type") not in UNLABELLED
    if is_asked and not (has_name or attributes.get("id") in labelled or element.is_inside("label")):
        yield f"<{element.name} name={attributes.get('name')}> has no label"
    if element.name in {"a", "button"} and not (has_name or element.text):
        yield f"<{element.name}> says nothing"
    if element.name == "img" and "alt" not in attributes:
        yield "an image has no alt text"
    if element.name == "svg" and attributes.get("role") == "img" and not has_name:
        yield "a drawing has no name"
