"""A language is one file: every sentence of the app stands in the catalogue, and is spoken from it."""

import io

import pytest
from babel.messages.pofile import read_po, write_po

from explorer import sentences
from explorer.launch import spoken
from models import translation
from models.translation import ENGLISH


def test_the_catalogue_holds_python_scripts_and_skeletons_and_can_be_read_again() -> None:
    made = sentences.catalogue("de")
    places = {place.rsplit(".", 1)[-1] for message in made for place, _line in message.locations}
    assert places == {"py", "js", "html"}
    assert len(made) > 300
    file = io.BytesIO()
    write_po(file, made)
    file.seek(0)
    assert {message.id for message in read_po(file)} == {message.id for message in made}


def test_a_plural_has_both_forms() -> None:
    forms = [message.id for message in sentences.catalogue("de") if message.pluralizable]
    assert ("{count} token", "{count} tokens") in forms


@pytest.mark.parametrize("code", ["xx", "nonsense", "../en", ""])
def test_a_language_nobody_wrote_is_english(code: str, caplog: pytest.LogCaptureFixture) -> None:
    assert spoken(code) is ENGLISH
    assert "speaks English" in caplog.text


def test_the_folder_of_languages_is_there() -> None:
    assert (translation.LOCALES / "README.md").is_file()
