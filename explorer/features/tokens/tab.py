"""The Tokens tab: the pieces the model reads, with their numbers, and what they cost in other languages."""

from explorer.features import Page, Tab
from explorer.shell.view import view
from models.translation import _

# One sentence, translated for this page, with the code that tells a browser how to write and read it aloud.
BOARD = (
    (_("English"), "en", "The old woman opened the door and smiled."),
    (_("German"), "de", "Die alte Frau öffnete die Tür und lächelte."),
    (_("Spanish"), "es", "La anciana abrió la puerta y sonrió."),
    (_("Swahili"), "sw", "Bibi kizee alifungua mlango na kutabasamu."),
    (_("Russian"), "ru", "Старушка открыла дверь и улыбнулась."),
    (_("Arabic"), "ar", "فتحت المرأة العجوز الباب وابتسمت."),
    (_("Hindi"), "hi", "बूढ़ी औरत ने दरवाज़ा खोला और मुस्कुराई।"),
    (_("Chinese"), "zh", "老妇人打开门，笑了。"),
)


def _build(page: Page) -> None:
    page.choice("tokens_board", first=False)
    page.choice("tokens_second", "")
    board = [{"language": language, "lang": lang, "text": text} for language, lang, text in BOARD]
    page.note(
        _(
            "**Look for** common words in one piece and rare words in several; a space usually belongs to the word "
            "after it. Lines of the text become rows: a language the tokenizer hardly knows costs many times more. "
            "**It does not prove** anything about meaning: pieces are chosen by how often they occur, before the model "
            "learns."
        )
    )
    view("features/tokens/token_strip", label=_("Tokens"), picture=True, board=board)
    with page.drawer(_("Table")):
        view("features/tokens/token_table", label=_("Table of tokens"), board=board)


def _compare(page: Page) -> None:
    page.note(
        _(
            "**Look for** stretches that are one token on one side and several on the other, and for what they have in "
            "common: rare words, endings, other scripts. One text is cut wherever tokens of both sides end, so that "
            "these common borders stand under each other; of two texts the words that correspond do.\n\n"
            "**It does not prove** that fewer tokens are better: a larger vocabulary spends its parameters on rows "
            "that are seldom read. Characters a token say how densely each tokenizer packs this text; what a model "
            "makes of one token, its surprisal for instance, cannot be set against a token of another cut (see "
            "Surprisal, which adds up the same stretches)."
        )
    )
    view("features/tokens/compare_tokens", label=_("Tokens of both sides"), picture=True)


TAB = Tab(
    title=_("Tokens"),
    question=_("Which pieces does the model cut this text into?"),
    order=10,
    build=_build,
    compare=_compare,
    name="tokens",
)
