"""The document asks for our scripts itself, before Gradio's bundle runs."""

import json
import re

import httpx
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from explorer.shell.assets import EXPLORER
from explorer.shell.document import WithHead, imported, preloads, without_arguments


def test_the_head_of_the_document_holds_the_configuration_and_every_module_it_names_is_served(app_url: str) -> None:
    head = httpx.get(app_url).text.split("</head>")[0]
    assert '<script type="application/json" id="explorer-configuration">{' in head
    assert 'shell/start.js"></script>' in head
    modules = re.findall(r'<link rel="modulepreload" href="(assets/[0-9a-f]{16}/[^"]+)"', head)
    assert len(modules) == len(set(modules)) > 50
    assert any("features/overview/overview.js" in module for module in modules)
    with httpx.Client(base_url=app_url) as browser:
        assert {browser.get(module).headers["content-type"].split(";")[0] for module in modules} == {"text/javascript"}


def test_what_a_module_imports_is_found_through_all_its_imports() -> None:
    start = EXPLORER / "shell" / "start.js"
    found = imported([start])
    assert found[0] == start
    assert len(found) == len(set(found))
    assert {EXPLORER / "web" / "store.js", EXPLORER / "web" / "configuration.js"} <= set(found)
    assert EXPLORER / "features" / "overview" / "overview.js" not in found


def test_later_groups_name_only_what_is_new_and_are_in_less_hurry() -> None:
    start, store = EXPLORER / "shell" / "start.js", EXPLORER / "web" / "store.js"
    assert preloads([start], [store]) == preloads([start])
    assert "fetchpriority" not in preloads([store])
    assert preloads([store], [start]).count("fetchpriority") == len(imported([start])) - len(imported([store]))


def test_only_documents_are_written_into_and_their_length_stays_true() -> None:
    document = "<html><head><title>ä</title></head><body></head></body></html>"
    routes = [
        Route("/", lambda _: HTMLResponse(document)),
        Route("/other", lambda _: HTMLResponse(document)),
        Route("/data", lambda _: JSONResponse(document)),
    ]
    browser = TestClient(WithHead(Starlette(routes=routes), "<b></b>"))
    plain = browser.get("/", headers={"Accept-Encoding": "identity"})
    assert int(plain.headers["content-length"]) == len(plain.content)
    answer = browser.get("/", headers={"Accept-Encoding": "gzip, br"})
    assert (answer.headers["content-encoding"], plain.text) == ("br", answer.text)
    assert answer.text == document.replace("</head>", "<b></b></head>", 1)
    assert browser.get("/other").text == document
    assert browser.get("/data").json() == document
    assert browser.head("/").headers["content-length"] == str(len(document.encode()))


def test_the_document_leaves_out_what_only_programs_need_and_programs_still_have_it(app_url: str) -> None:
    whole = httpx.get(f"{app_url}config").json()
    written = re.search(r"window\.gradio_config = (\{.*?\});</script>", httpx.get(app_url).text)
    assert written is not None
    seen = json.loads(written[1])
    arguments = {one["id"] for one in whole["components"] if one["type"] == "api"}
    assert len(arguments) > 50
    assert {one["id"] for one in seen["components"]} == {one["id"] for one in whole["components"]} - arguments
    assert seen["dependencies"] == whole["dependencies"]
    assert not arguments & {child["id"] for child in seen["layout"]["children"]}
    assert "api_info" not in seen["components"][0]
    assert "api_info" in whole["components"][0]


def test_a_document_without_a_configuration_stays_as_it_is() -> None:
    assert without_arguments(b"<html></html>") == b"<html></html>"
