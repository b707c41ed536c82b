"""Saved tables hold what was on screen and what it was."""

import csv
import io
import json

import numpy as np
import pytest

from explorer.features.attention.table import _no_formula, table
from models.engine.pool import Pool
from models.errors import InputError
from tests.explorer.features.attention.conftest import TEXT, Ask


def saved(ask: Ask, ending: str, **more: object) -> str:
    content = ask(table, "gpt2", layer=1, head=2, format=ending, **more)["content"]
    assert isinstance(content, str)
    return content


def test_json_holds_the_exact_weights_and_what_they_are(ask: Ask, pool: Pool) -> None:
    content = json.loads(saved(ask, "json"))
    trace = pool.trace("gpt2", TEXT)
    values = np.array(content["values"], dtype=np.float32)
    seen = np.tri(12, dtype=bool)
    assert np.array_equal(values[seen], trace.attention(1, 2)[seen])
    assert np.isnan(values[~seen]).all()
    assert (content["model"], content["text"], content["heads"]) == ("gpt2", TEXT, "layer 1, head 2")
    assert content["request"]["layer"] == 1
    assert content["request"]["head"] == 2
    assert [row["text"].strip() for row in content["rows"]] == TEXT.split()


def test_csv_is_a_table_from_its_first_line_on(ask: Ask, pool: Pool) -> None:
    header, *rows = csv.reader(io.StringIO(saved(ask, "csv")))
    assert header[:2] == ["query position", "query"]
    assert [cell.split(" ", 1)[1].strip() for cell in header[2:]] == TEXT.split()
    pattern = pool.trace("gpt2", TEXT).attention(1, 2)
    assert rows[0][3:] == [""] * 11
    for query in range(12):
        assert [np.float32(cell) for cell in rows[query][2 : 3 + query]] == pattern[query, : query + 1].tolist()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@name", "\tx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert _no_formula(text) == f"'{text}"
    assert _no_formula(f" {text}") == f" {text}"


def test_a_window_is_saved_alone(ask: Ask) -> None:
    content = json.loads(saved(ask, "json", rows=[6, 9], columns=[2, 4]))
    assert [row["first"] for row in content["rows"]] == [6, 7, 8]
    assert np.array(content["values"]).shape == (3, 2)


def test_a_file_says_when_rows_were_rescaled(ask: Ask) -> None:
    content = json.loads(saved(ask, "json", left_out="first"))
    assert content["left out"] == "the first token, rows divided by what remains"


def test_another_format_is_refused(ask: Ask) -> None:
    with pytest.raises(InputError, match="format must be one of csv, json"):
        saved(ask, "xlsx")
