"""Skeletons speak the language in use: text between tags and in labels is looked up like any sentence."""

from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser

from models.translation import _

SPOKEN = ("aria-label", "title", "placeholder", "alt")


class _Skeleton(HTMLParser):
    """Writes a skeleton again with its sentences translated, and lists them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.sentences: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.parts.append(f"<{' '.join([tag, *(self._attribute(*one) for one in attributes)])}>")

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        sentence = data.strip()
        before, _found, after = data.partition(sentence) if sentence else (data, "", "")
        self.parts.append(before + escape(self._said(sentence), quote=False) + after)

    def _attribute(self, name: str, value: str | None) -> str:
        if value is None:
            return name
        said = self._said(value) if name in SPOKEN else value
        return f'{name}="{escape(said, quote=False).replace(chr(34), "&quot;")}"'

    def _said(self, sentence: str) -> str:
        if not any(character.isalpha() for character in sentence):
            return sentence
        self.sentences.append(sentence)
        return _(sentence)


def translated(html: str) -> str:
    """The skeleton in the language in use."""
    return "".join(_read(html).parts)


def sentences(html: str) -> Iterator[str]:
    """Every sentence of a skeleton, for the catalogue."""
    yield from _read(html).sentences


def _read(html: str) -> _Skeleton:
    skeleton = _Skeleton()
    skeleton.feed(html)
    skeleton.close()
    return skeleton
