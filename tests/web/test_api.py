"""The API with a fake model: what it answers, what it keeps, and what it refuses."""

import asyncio
import gzip
import json
import re
import resource
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import jsonschema
import pytest
from lxml.html import document_fromstring
from starlette.testclient import TestClient

from summarizer.errors import ModelError, OutputError
from summarizer.models import Task
from summarizer.output.formats import FORMATS
from summarizer.text.sentences import split_sentences
from summarizer.web import editing
from summarizer.web.app import QUEUE
from summarizer.web.history import History
from summarizer.web.jobs import RunApart
from summarizer.web.requests import MAX_EDIT
from summarizer.web.safety import MAX_BODY
from tests.conftest import ABSTRACT, ARTICLE, in_english, until
from tests.web.desk import BASE, ENGLISH, Gate, article, client, ringkas, run_here, summarize, write

HOSTILE = "</script><script>document.title='gone'</script><img src=x onerror=alert(1)>"
PAGE = f"<html><head><title>Taman Baru Dibuka</title></head><body><article><p>{ARTICLE}</p></article></body></html>"
ENGLISH_ARTICLE = "The government said that the bridge would be closed for half a year of repairs. " * 4
LINES = "\n".join(f"Taman itu yang nomor {number}." for number in range(150))
STREAM = {"accept": "text/event-stream"}
SHORTER = "Kota Girimulya membuka taman."


@pytest.fixture
def found() -> Iterator[TestClient]:
    with client() as found:
        yield found


def events(text: str) -> list[tuple[str, Any]]:
    parts = [part.split("\n") for part in text.removesuffix("\n\n").split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in parts]


def problem_in(answer: Any) -> dict[str, Any]:
    """The problem of an answer, which may be a stream of events."""
    if not answer.headers["content-type"].startswith("text/event-stream"):
        assert answer.headers["content-type"] == "application/problem+json"
        return answer.json()  # type: ignore[no-any-return]
    name, problem = events(answer.text)[-1]
    assert name == "failed"
    return problem  # type: ignore[no-any-return]


def listed(found: TestClient) -> list[dict[str, Any]]:
    return found.get("/api/results").json()["results"]  # type: ignore[no-any-return]


def test_a_text_is_summarised_and_kept(found: TestClient) -> None:
    entry = summarize(found, name="a.txt")
    assert entry["abstract"] == ABSTRACT
    assert entry["translation"] == ENGLISH
    assert entry["source"] == "a.txt"
    [sentence] = entry["review"]["sentences"]
    assert sentence["sentence"] == ABSTRACT
    assert sentence["translation"] == ENGLISH
    assert sentence["doubts"] == []
    assert sentence["positions"] == [[0, 0]]
    assert found.get(f"/api/results/{entry['id']}").json() == entry
    [one] = listed(found)
    # It has no headline, and is listed by its beginning.
    assert one == {name: entry.get(name) for name in one} | {"doubts": 0, "title_translation": ENGLISH}


def test_a_form_has_a_file_or_a_text(found: TestClient) -> None:
    files = {"file": ("../../etc/passwd", PAGE.encode(), "text/html")}
    answer = found.post("/api/summarize", files=files, data={"translate": "none", "length": "", "force": "false"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["translation"] is None
    assert answer.json()["source"] == "../../etc/passwd"
    assert found.post("/api/summarize", files={"text": (None, ARTICLE)}).json()["abstract"] == ABSTRACT
    one = ("file", ("a.txt", ARTICLE.encode(), "text/plain"))
    for status, wrong in (
        (422, {"files": {"file": (None, ARTICLE)}}),
        (422, {"files": {"text": (None, "")}}),
        (422, {"files": [one], "data": {"keep": "perhaps"}}),
        (422, {"files": [one], "data": {"text": ARTICLE}}),
        (400, {"files": [one, one]}),
        (400, {"files": [one], "data": {f"field{number}": "x" for number in range(99)}}),
        (400, {"content": b"--x\r\n", "headers": {"content-type": "multipart/form-data"}}),
        (400, {"content": b"--y\r\n\r\n", "headers": {"content-type": "multipart/form-data; boundary=x"}}),
        (415, {"content": ARTICLE}),
    ):
        assert found.post("/api/translate", **wrong).status_code == status, wrong


def test_a_misspelt_field_or_route_is_told_what_there_is(found: TestClient) -> None:
    for wrong, detail, advice in (
        ({"json": {"txt": ARTICLE}}, "'txt'", "file, text, name, force, translate, length, keep"),
        ({"files": {"page": ("a.html", PAGE.encode(), "text/html")}}, "'page'", "file, text"),
        ({"json": {"text": ARTICLE, "lenght": "short"}}, "'lenght'", "length"),
        ({"json": {"force": True}}, "text: Field required", "'text', or in a form as 'file'"),
    ):
        problem = problem_in(found.post("/api/summarize", **wrong))
        assert problem["status"] == 422, wrong
        assert detail in problem["detail"], wrong
        assert advice in problem["advice"], wrong
    path = f"/api/results/{summarize(found)['id']}"
    change = problem_in(found.patch(path, json={"sentence": {"part": "abstract", "text": "A park."}}))
    assert change["detail"] == "there is no field 'sentence.text'"
    assert "file" not in change["advice"]
    for answer in (found.get("/api/summary"), found.get("/api/summarize")):
        assert "/docs" in problem_in(answer)["advice"]


def test_pages_are_cleaned_and_translated_without_an_abstract() -> None:
    def model(task: Task, source: str) -> str:
        return "A 13-hectare park." if source == ABSTRACT else write(task, source)

    with client(model) as found:
        article = found.post("/api/clean", json={"text": f"{ARTICLE}\n\nBaca Juga: Harga Cabai Naik"}).json()
        assert ARTICLE in "\n".join(article["paragraphs"])
        assert [piece["text"] for piece in article["removed"]] == ["Baca Juga: Harga Cabai Naik"]
        page = found.post("/api/translate", files={"file": ("a.html", PAGE.encode(), "text/html")}).json()
        english = " ".join(map(in_english, split_sentences(ARTICLE))).replace("(2/2)", "(2 February)")
        assert page["paragraphs"] == ["A new park opens", english]
        # Each sentence comes with what is doubtful about it.
        [first, second] = found.post("/api/translate", json={"text": f"{ABSTRACT}\nWarga senang."}).json()["sentences"]
        assert first["source"] == ABSTRACT
        assert first["doubtful"] is True
        assert "13" in " ".join(first["reasons"])
        assert second["paragraph"] == 1
        assert second["doubtful"] is False
        assert second["confidence"] is None
        assert listed(found) == []


@pytest.mark.parametrize("route", ["summarize", "translate"])
@pytest.mark.parametrize("text", [ARTICLE, PAGE])
def test_a_page_is_cleaned_where_it_can_be_stopped(route: str, text: str) -> None:
    """A hostile page may take minutes: no thread is busy with it, which nobody could end."""
    apart: list[str] = []

    async def run_apart(function: Callable[..., Any], *arguments: Any) -> Any:
        apart.append(getattr(function, "func", function).__name__)
        return await run_here(function, *arguments)

    def broken(*_: Any, **__: Any) -> None:
        raise AssertionError("cleaned by the thread that asks the model")

    worker = ringkas()
    with client(worker, run_apart=run_apart) as found:
        worker.clean = worker.read = broken  # type: ignore[assignment, method-assign]
        answer = found.post(f"/api/{route}", json={"text": text, "keep": True})
        assert answer.status_code == 200, answer.text
        assert answer.json()["source"] == "pasted text", answer.text
        assert apart[-2:] == ["clean" if route == "summarize" else "read", "review"]
        if route == "summarize":
            refused = found.post("/api/summarize", json={"text": "Terpopuler\n- Harga Naik"})
            assert problem_in(refused)["status"] == 422
            assert apart[-1] == "clean"
            foreign = found.post("/api/summarize", json={"text": ENGLISH_ARTICLE, "force": True}).json()
            assert "English" in foreign["warnings"][0]
            # It was accepted once, and is not asked for again.
            assert found.post(f"/api/results/{foreign['id']}/renew", json={}).status_code == 200


def test_events_tell_how_it_goes(found: TestClient) -> None:
    told = events(found.post("/api/summarize", json={"text": ARTICLE}, headers=STREAM).text)
    assert told[0][0] == "queued"
    assert told[-1][0] == "done"
    assert found.get(f"/api/results/{told[-1][1]['id']}").json() == told[-1][1]
    problem = problem_in(found.post("/api/summarize", json={"text": "  "}, headers=STREAM))
    assert problem["status"] == 422
    assert "empty" in problem["detail"]
    for lines in (True, False):
        told = events(found.post("/api/translate", json={"text": LINES, "lines": lines}, headers=STREAM).text)
        steps = [value for name, value in told if name == "progress"]
        assert len(steps) > 1
        assert steps == sorted(steps)
        assert steps[-1] == pytest.approx(1)
        assert told[-1][1]["paragraphs"] == [f"The park is number {number}." for number in range(150)]


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("application/json, Text/Event-Stream; q=0.5", "text/event-stream"),
        ("text/event-stream;q=0", "application/json"),
        ("text/event-stream; q=0.0, */*", "application/json"),
    ],
)
def test_events_come_only_where_they_are_wanted(found: TestClient, accept: str, media: str) -> None:
    answer = found.post("/api/clean", json={"text": ARTICLE}, headers={"accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == media


def test_a_translation_is_kept_where_that_is_asked_for(found: TestClient) -> None:
    entry = found.post("/api/translate", json={"text": f"{ABSTRACT}\n\n{ABSTRACT}", "keep": True}).json()
    path = f"/api/results/{entry['id']}"
    assert found.get(path).json() == entry
    assert entry["abstract"] is None
    assert entry["translation"] == f"{ENGLISH}\n{ENGLISH}"
    [one] = listed(found)
    assert one["source"] == "pasted text"
    assert one["doubts"] == 0
    assert one["title"][: len(ABSTRACT)] == ABSTRACT
    # Who reads no Indonesian finds it in the list by its beginning, or by the headline of a page.
    assert one["title_translation"] == ENGLISH
    for shown in ("/results", f"/results/{entry['id']}"):
        assert re.search(rf'lang="en">\s*{ENGLISH}<', found.get(shown).text), shown
    paged = found.post("/api/translate", json={"text": PAGE, "keep": True}).json()
    assert listed(found)[0]["title_translation"] == paged["translation"].split("\n")[0] == "A new park opens"
    found.delete(f"/api/results/{paged['id']}")
    # An edit is checked, and keeps its paragraphs.
    changed = found.patch(path, json={"translation": f" {ENGLISH}\n The city opened a 13-hectare park.  "}).json()
    assert changed["translation"] == f"{ENGLISH}\nThe city opened a 13-hectare park."
    assert [bool(one["doubts"]) for one in changed["review"]["sentences"]] == [False, True]
    assert listed(found)[0]["doubts"] == 1
    markdown = found.get(f"{path}/download").text
    assert "13-hectare park. **\\[? " in markdown
    assert "Support" not in markdown
    assert "<mark>The city opened" in found.get(f"{path}/download?format=html").text
    assert found.patch(path, json={"abstract": ABSTRACT}).status_code == 422
    assert "Copy abstract" not in found.get(f"/results/{entry['id']}").text


@pytest.mark.parametrize(("translate", "shown"), [("abstract", ENGLISH), ("none", ABSTRACT)])
def test_an_article_without_a_headline_is_listed_by_its_beginning(
    found: TestClient, translate: str, shown: str
) -> None:
    assert summarize(found, translate=translate)["title"] is None
    tongue = "en" if translate == "abstract" else "id"
    assert f'<b lang="{tongue}">{shown}</b>' in found.get("/results").text


def test_a_doubt_that_abstract_and_article_share_is_asked_once() -> None:
    wrong = ENGLISH.replace("12", "13")
    with client(lambda task, _: ABSTRACT if task is Task.SUMMARIZE else wrong) as found:
        entry = summarize(found, f"{ABSTRACT} {ARTICLE}", translate="article")
        assert entry["doubts"] > 1
        page = found.get(f"/results/{entry['id']}").text
        questions = page.partition('id="questions"')[2].partition("</textarea>")[0]
        assert questions.count(f"{ABSTRACT}\n{wrong}\n") == 1
        # What is ticked is asked no more.
        for part in ("abstract", "article"):
            ticked = {"sentence": {"part": part, "number": 0, "checked": True}}
            found.patch(f"/api/results/{entry['id']}", json=ticked)
        assert f"{ABSTRACT}\n{wrong}\n" not in found.get(f"/results/{entry['id']}").text


def test_a_title_that_is_cut_behind_a_sentence_has_no_full_stop_before_its_dots() -> None:
    first, second = "The village's meeting was held on Friday night in the hall of the village.", "Everybody came."
    with client(lambda _, source: first if "Rapat" in source else second) as found:
        text = "Rapat itu diadakan pada Jumat malam di balai desa. Semua kepala keluarga datang ke sana."
        found.post("/api/translate", json={"text": text, "keep": True})
        [one] = listed(found)
    assert one["title_translation"] == f"{first[:-1]}…"
    assert one["title"] == "Rapat itu diadakan pada Jumat malam di balai desa. Semua kepala keluarga datang…"


def test_a_result_is_downloaded_in_each_format(found: TestClient) -> None:
    entry = summarize(found, PAGE.replace("Baru Dibuka", "&lt;Baru> &amp; Dibuka"))
    path = f"/api/results/{entry['id']}/download"
    assert found.get(path).text.startswith("# Taman &lt;Baru&gt; &amp; Dibuka\n")
    for name in (*FORMATS, "html"):
        answer = found.get(f"{path}?format={name}")
        assert ABSTRACT in answer.text
        assert answer.headers["content-disposition"].startswith('attachment; filename="taman-baru-dibuka.')
    assert found.get(f"{path}?format=json").json() == entry
    assert "Content-Security-Policy" in answer.text
    assert found.get(f"{path}?format=exe").status_code == 422


def test_edits_are_checked_again(found: TestClient) -> None:
    path = f"/api/results/{summarize(found)['id']}"
    changed = found.patch(path, json={"abstract": f" {ABSTRACT}\nBiayanya Rp8,5 miliar. ", "reviewed": True}).json()
    assert changed["abstract"] == f"{ABSTRACT} Biayanya Rp8,5 miliar."
    assert changed["reviewed"] is True
    assert changed["doubtful"] is True
    assert changed["edited"]
    assert "8,5 miliar" in changed["review"]["sentences"][-1]["doubts"][0]
    # One sentence, and the translation as a whole, whatever is wrong with it: it has one less than the abstract.
    assert listed(found)[0]["doubts"] == 2
    assert [one["sentence"] for one in changed["support"]] == [ABSTRACT, "Biayanya Rp8,5 miliar."]
    assert found.get(path).json() == changed
    assert found.patch(path, json={"abstract": ABSTRACT}).json()["doubtful"] is False
    wrong = found.patch(path, json={"translation": "The city of Girimulya opened a 13-hectare park."}).json()
    assert any("13" in doubt for doubt in wrong["review"]["sentences"][0]["doubts"])
    for fields, word in (
        ({"abstract": 1}, "abstract"),
        ({"abstract": "a" * (MAX_EDIT + 1)}, str(MAX_EDIT)),
        ({"translation": None}, "translation"),
        ({"reviewed": "yes"}, "reviewed"),
        ({"sentence": "The city"}, "sentence"),
        ({"sentence": {"part": "body"}}, "sentence"),
        ({"sentence": {"part": "abstract", "number": 7, "checked": True}}, "no sentence 7"),
        ({"sentence": {"part": "article", "translation": "A park."}}, "no sentence 0"),
        ({"sentence": {"part": "title", "number": -1}}, "sentence"),
        ({"sentence": {"part": "abstract", "translation": " "}}, "empty"),
        ({"paragraphs": []}, "paragraphs"),
        ({"sentence": {"part": "abstract", "number": 0}}, "'checked' or 'translation'"),
        ({}, "nothing to change"),
        ([], "object"),
    ):
        answer = found.patch(path, json=fields)
        assert answer.status_code == 422, fields
        assert word in problem_in(answer)["detail"], fields
        assert found.get(path).json() == wrong


def test_a_translation_that_lost_its_abstract_counts_as_one_doubt(found: TestClient) -> None:
    path = f"/api/results/{summarize(found)['id']}"
    changed = found.patch(path, json={"abstract": "Harga cabai naik 8 persen. Biayanya Rp8,5 miliar."}).json()
    assert len(changed["review"]["doubts"]) > 1
    of_abstract = [one for one in changed["review"]["sentences"] if one["doubts"]]
    assert changed["doubts"] == len(of_abstract) + 1
    ticked = found.patch(path, json={"sentence": {"part": "whole", "number": 0, "checked": True}}).json()
    assert ticked["doubts"] == len(of_abstract)


def misread(task: Task, source: str) -> str:
    """Writes like `write`, but for a number in one sentence."""
    return write(task, source).replace("12-hectare", "13-hectare")


@pytest.mark.parametrize("text", ["", " \n ", "\u200b\ufeff"])
@pytest.mark.parametrize("name", ["abstract", "translation"])
def test_a_text_that_was_emptied_by_mistake_is_refused(found: TestClient, name: str, text: str) -> None:
    entry = summarize(found)
    path = f"/api/results/{entry['id']}"
    problem = problem_in(found.patch(path, json={name: text}))
    assert problem["status"] == 422
    assert problem["detail"] == f"the {name} is empty"
    assert found.get(path).json() == entry


def test_a_sentence_is_corrected_and_a_doubt_ticked_wherever_they_stand() -> None:
    with client(misread) as found:
        entry = summarize(found, PAGE, translate="article")
        path = f"/api/results/{entry['id']}"

        def change(**sentence: Any) -> dict[str, Any]:
            answer = found.patch(path, json={"sentence": sentence})
            assert answer.status_code == 200, answer.text
            return answer.json()  # type: ignore[no-any-return]

        assert entry["doubts"] == 2
        assert entry["doubtful"] is True
        assert [listed(found)[0][name] for name in ("doubts", "doubtful", "warnings")] == [2, True, []]
        ticked = change(part="abstract", number=0, checked=True)
        assert ticked["doubts"] == 1
        assert ticked["review"]["sentences"][0]["checked"] is True
        # What was checked is nowhere doubtful any more.
        assert "[?" not in found.get(f"{path}/download").text.split("## Article")[0]
        assert found.get(f"{path}/download?format=json").json()["sentences"][0]["doubtful"] is False
        # What is changed is to be checked again.
        changed = change(part="abstract", number=0, translation="The city opened a 14-hectare\npark.")
        assert changed["translation"] == "The city opened a 14-hectare park."
        assert changed["doubts"] == 2
        assert changed["review"]["sentences"][0].get("checked") is None
        assert change(part="abstract", number=0, translation=ENGLISH)["doubts"] == 1
        before = entry["article_translation"][0]
        fixed = change(
            part="article", number=0, translation=entry["article_sentences"][0]["translation"].replace("13", "12")
        )
        assert fixed["doubts"] == 0
        assert fixed["doubtful"] is False
        assert fixed["article_translation"][0] == before.replace("13-hectare", "12-hectare")
        assert change(part="title", number=0, translation="New park")["title_translation"] == "New park"
        markdown = found.get(f"{path}/download").text
        assert "**New park**" in markdown
        assert "[?" not in markdown
        assert "Warnings" not in markdown
        assert "Edited by hand" in markdown
        assert found.patch(path, json={"reviewed": True}).status_code == 200
        assert "*Reviewed.*" in found.get(f"{path}/download").text


def tell_doubts(found: TestClient, entry: dict[str, Any]) -> list[bool]:
    """Which sentences of headline, abstract and article are doubtful, as all that tells it has it."""
    path = f"/api/results/{entry['id']}"
    assert found.get(path).json() == entry
    told = []
    for name in ("title_sentences", "sentences", "article_sentences"):
        for sentence in entry.get(name, ()):
            assert bool(sentence["reasons"]) or not sentence["doubtful"]
            told.append(sentence["doubtful"])
    reviewed = [bool(row["doubts"]) and not row.get("checked") for row in entry["review"]["sentences"]]
    assert reviewed == [sentence["doubtful"] for sentence in entry["sentences"]]
    [one] = listed(found)
    assert one["doubts"] == entry["doubts"] == sum(told)
    assert one["doubtful"] == entry["doubtful"] == any(told)
    saved = found.get(f"{path}/download?format=json").json()
    assert [one["doubtful"] for one in saved["sentences"]] == reviewed
    assert found.get(f"{path}/download").text.count("[? ") == sum(told)
    return told


def test_a_record_says_the_same_of_a_sentence_at_every_place() -> None:
    with client(misread) as found:
        entry = summarize(found, PAGE, translate="article")
        path = f"/api/results/{entry['id']}"
        assert tell_doubts(found, entry) == [False, True, True, False, False]

        def change(**sentence: Any) -> dict[str, Any]:
            return found.patch(path, json={"sentence": sentence}).json()  # type: ignore[no-any-return]

        wrong = change(part="abstract", number=0, translation="The city opened a 14-hectare park.")
        assert tell_doubts(found, wrong) == [False, True, True, False, False]
        assert any("14" in reason for reason in wrong["sentences"][0]["reasons"])
        ticked = change(part="abstract", number=0, checked=True)
        assert tell_doubts(found, ticked) == [False, False, True, False, False]
        assert ticked["sentences"][0]["checked"] is True
        ticked = change(part="article", number=0, checked=True)
        assert tell_doubts(found, ticked) == [False] * 5
        # A client may offer to take the tick back: the reasons are still there.
        assert ticked["article_sentences"][0]["checked"] is True
        assert ticked["article_sentences"][0]["reasons"] == entry["article_sentences"][0]["reasons"]
        assert change(part="article", number=0, checked=False)["article_sentences"] == entry["article_sentences"]
        right = found.patch(path, json={"translation": ENGLISH}).json()
        assert tell_doubts(found, right) == [False, False, True, False, False]


def test_the_sentences_of_a_record_are_those_of_its_texts() -> None:
    with client(misread) as found:
        entry = summarize(found, PAGE)
        path = f"/api/results/{entry['id']}"
        changed = found.patch(path, json={"abstract": f"{ABSTRACT} Warga senang.", "translation": ENGLISH}).json()
        assert [one["abstract"] for one in changed["sentences"]] == [ABSTRACT, "Warga senang."]
        assert [one["translation"] for one in changed["sentences"]] == [None, None]
        changed = found.patch(path, json={"translation": f"{ENGLISH} Residents are happy."}).json()
        assert [one["translation"] for one in changed["sentences"]] == [ENGLISH, "Residents are happy."]
        # They have the fields that a result's have, wherever they are from.
        schema = json.loads(files("summarizer.output").joinpath("result-1.schema.json").read_text(encoding="utf-8"))
        for record in (entry, changed, found.get(f"{path}/download?format=json").json()):
            for sentence in record["sentences"]:
                jsonschema.validate(sentence, schema["properties"]["sentences"]["items"])
            rests = [[source["text"] for source in sentence["sources"]] for sentence in record["sentences"]]
            assert rests == [row["sources"] for row in record["support"]]


def test_a_tick_goes_with_its_own_sentence_only() -> None:
    first, second = split_sentences(ARTICLE)[:2]

    def model(task: Task, source: str) -> str:
        return f"{first} {second}" if task is Task.SUMMARIZE else misread(task, source)

    with client(model) as found:
        path = f"/api/results/{summarize(found)['id']}"

        def ticks(**sentence: Any) -> list[bool]:
            answer = found.patch(path, json={"sentence": {"part": "abstract", **sentence}})
            assert answer.status_code == 200, answer.text
            return ["checked" in row for row in answer.json()["review"]["sentences"]]

        assert ticks(number=0, checked=True) == [True, False]
        # A sentence may be ticked that has no doubts.
        assert ticks(number=1, checked=True) == [True, True]
        assert ticks(number=0, translation="Girimulya opened a 13-hectare park.") == [False, True]
        assert ticks(number=0, checked=True) == [True, True]
        assert ticks(number=1, translation="It cost Rp7.5 billion. The mayor said so.") == [True, False]
        assert ticks(number=1, checked=True) == [True, True]
        # Also beside a sentence of which a reader wrote the Indonesian.
        abstract = found.get(path).json()["abstract"].replace("Wali Kota Ratna Puspita", "Wali Kota")
        assert found.patch(path, json={"abstract": abstract}).status_code == 200
        assert ticks(number=1, translation="It cost Rp7.5 billion. He said so. It is large.") == [True, False]


@pytest.mark.parametrize(
    ("written", "about"),
    [
        # The article has no such number, and its own sentence takes the place of this one.
        (f"{ABSTRACT} Taman itu menelan biaya Rp9,5 miliar.", "part of the abstract is in the article's own words"),
        ("Harga cabai naik 13 persen.", "the model wrote no usable abstract"),
    ],
)
def test_warnings_go_with_the_text_that_they_were_about(written: str, about: str) -> None:
    def model(task: Task, source: str) -> str:
        return written if task is Task.SUMMARIZE else misread(task, source)

    def warned() -> bool:
        """Whether there are warnings about the abstract; none is about a single sentence, which has its own reasons."""
        entry = found.get(path).json()
        assert not any("the translation of" in one for one in entry["warnings"])
        assert entry["warnings"] == listed(found)[0]["warnings"]
        return any(about in one for one in entry["warnings"])

    with client(model) as found:
        entry = summarize(found, f"{ARTICLE} Taman itu masih menunggu...", translate="article")
        path = f"/api/results/{entry['id']}"
        assert warned()
        assert entry["doubts"] == 3
        of_page = [one for one in entry["warnings"] if "cut off" in one]
        assert of_page
        # Ticks change no text.
        found.patch(path, json={"sentence": {"part": "article", "number": 0, "checked": True}})
        assert warned()
        # The abstract is still the model's where only the English was corrected.
        found.patch(path, json={"sentence": {"part": "abstract", "number": 0, "translation": "A park."}})
        assert warned()
        found.patch(path, json={"abstract": ABSTRACT})
        assert not warned()
        assert listed(found)[0]["warnings"] == of_page


def test_a_result_is_made_anew_in_place() -> None:
    with client() as found:
        entry = summarize(found, PAGE)
        path = f"/api/results/{entry['id']}"
        whole = found.post(f"{path}/renew", json={"translate": "article"}).json()
        assert whole["id"] == entry["id"]
        assert len(whole["article_translation"]) == 1
        assert len(listed(found)) == 1
        short = found.post(f"{path}/renew", json={"length": "short", "replace": True}).json()
        assert short["length"] == "short"
        # As in each other answer, what it is called comes first.
        assert next(iter(short)) == "id"
        assert len(short["article_translation"]) == 1
        # What a reader wrote stays, but for what is asked to be replaced.
        found.patch(path, json={"abstract": SHORTER})
        assert found.post(f"{path}/renew", json={"translate": "article"}).json()["abstract"] == SHORTER
        assert summarize(found, PAGE, name="again.html")["abstract"] == SHORTER
        assert found.post(f"{path}/renew", json={"length": "long", "replace": True}).json()["abstract"] == ABSTRACT
        assert len(listed(found)) == 1
        told = events(found.post(f"{path}/renew", json={}, headers=STREAM).text)
        assert told[-1][0] == "done"
        for fields, status in (({"translator": "nllb-9"}, 422), ({"length": "huge"}, 422), ({"path": "/etc"}, 422)):
            assert problem_in(found.post(f"{path}/renew", json=fields))["status"] == status
        assert found.post("/api/results/nothing/renew", json={}).status_code == 404
        text = found.post("/api/translate", json={"text": f"{ABSTRACT}\n\nWarga senang.", "keep": True}).json()
        again = found.post(f"/api/results/{text['id']}/renew", json={"replace": True}).json()
        assert again["translation"] == text["translation"]
        assert again["abstract"] is None


@pytest.mark.parametrize(
    "work",
    [{"abstract": SHORTER}, {"reviewed": True}, {"sentence": {"part": "abstract", "number": 0, "checked": True}}],
)
@pytest.mark.parametrize("wanted", [{}, {"length": "short"}, {"translate": "article", "length": "short"}])
def test_what_a_reader_has_worked_on_is_made_anew_only_where_that_is_said(
    found: TestClient, work: dict[str, Any], wanted: dict[str, Any]
) -> None:
    path = f"/api/results/{summarize(found)['id']}"
    before = found.patch(path, json=work).json()
    problem = problem_in(found.post(f"{path}/renew", json=wanted))
    assert problem["status"] == 409
    assert '"replace": true' in problem["advice"]
    assert found.get(path).json() == before
    # To add to it takes nothing away.
    added = found.post(f"{path}/renew", json={"translate": "article"}).json()
    assert [added[name] for name in ("abstract", "edited", "reviewed")] == [
        before[name] for name in ("abstract", "edited", "reviewed")
    ]
    assert added["article_translation"]
    anew = found.post(f"{path}/renew", json=wanted | {"replace": True}).json()
    assert anew["abstract"] == ABSTRACT
    assert [anew["edited"], anew["reviewed"]] == [None, False]


def test_a_text_that_a_reader_has_edited_is_translated_anew_only_where_that_is_said(found: TestClient) -> None:
    path = f"/api/results/{found.post('/api/translate', json={'text': ABSTRACT, 'keep': True}).json()['id']}"
    found.patch(path, json={"translation": "A park."})
    # It has no article whose translation could be added.
    for wanted in ({}, {"translate": "article"}):
        assert found.post(f"{path}/renew", json=wanted).status_code == 409
    assert found.post(f"{path}/renew", json={"replace": True}).json()["translation"] == ENGLISH


def test_an_edit_while_a_result_is_made_anew_is_not_lost() -> None:
    gate = Gate()
    gate.opened.set()
    with client(gate) as found, futures.ThreadPoolExecutor() as pool:
        path = f"/api/results/{summarize(found)['id']}"
        gate.opened.clear()
        gate.reached.clear()
        renewed = pool.submit(found.post, f"{path}/renew", json={"length": "short"})
        assert gate.reached.wait(30)
        edited = found.patch(path, json={"abstract": SHORTER}).json()
        gate.opened.set()
        assert problem_in(renewed.result(30))["status"] == 409
        assert found.get(path).json() == edited


@pytest.mark.parametrize("work", [{"abstract": SHORTER}, {"reviewed": True}])
def test_the_page_knows_what_a_reader_has_worked_on(found: TestClient, work: dict[str, Any]) -> None:
    key = summarize(found)["id"]
    assert "data-of-reader" not in found.get(f"/results/{key}").text
    found.patch(f"/api/results/{key}", json=work)
    assert "data-of-reader" in found.get(f"/results/{key}").text


def test_a_summary_need_not_be_kept(found: TestClient) -> None:
    record = summarize(found, keep=False)
    assert record["abstract"] == ABSTRACT
    assert "id" not in record
    assert record["doubtful"] is False
    assert listed(found) == []


def test_all_results_are_downloaded_as_one_file(found: TestClient) -> None:
    for number in range(2):
        summarize(found, article(number), name=f"{number}.txt")
    for name, word in (("html", "<!doctype html>"), ("csv", "source,title"), ("md", "# "), ("json", '{"')):
        answer = found.get(f"/api/download?format={name}")
        assert answer.status_code == 200, name
        assert word in answer.text, name
        assert answer.text.count(ABSTRACT) >= 2
    assert found.get("/api/download?format=exe").status_code == 422


def test_the_routes_are_a_page_too(found: TestClient) -> None:
    page = found.get("/docs").text
    for word in ("POST /api/summarize", "renew", "keep", "openapi.json"):
        assert word in page
    document = document_fromstring(page)
    rows = {}
    for section in document.iter("section"):
        heading = section.find("h2").text_content()
        for row in section.iter("tr"):
            name, *cells = [cell.text_content() for cell in row]
            rows[heading, name] = cells
    # What a form takes, the choices of a field, the fields of an object in it, and those of an answer.
    assert rows["POST /api/summarize", "file"] == ["file", "needed: file or text", "In place of text: a saved page."]
    assert rows["POST /api/summarize", "translate"] == [
        "string",
        '"abstract"',
        "What to translate. One of abstract, article, none.",
    ]
    assert "One of short, medium, long." in rows["POST /api/summarize", "length"][2]
    assert rows["PATCH /api/results/{id}", "sentence"][0] == "SentenceChange or null"
    assert "Where it stands" in rows["SentenceChange", "part"][1]
    assert rows["Entry", "doubtful"] == ["boolean", "Whether it has doubts that nobody has ticked."]
    # Each link leads to a part of the page or of the server.
    names = {element.get("id") for element in document.iter("h2")}
    links = [link.get("href") for link in document.iter("a")]
    assert {link.removeprefix("#") for link in links if link.startswith("#")} <= names


def test_the_page_of_routes_says_something_of_each_field_and_nothing_of_batches(found: TestClient) -> None:
    document = document_fromstring(found.get("/docs").text)
    cells = [(row[0].text_content(), row[-1].text_content()) for row in document.iter("tr")]
    assert [name for name, text in cells if not text] == []
    assert "results.jsonl" not in document.text_content()
    assert not {"input", "output", "key", "sha256"} & {name for name, _ in cells}


@pytest.mark.parametrize(("name", "text"), [("abstract", '" ' * 10_001), ("translation", "Budi Santoso " * 2_000)])
def test_a_reader_s_text_has_a_bound(found: TestClient, name: str, text: str) -> None:
    path = f"/api/results/{summarize(found)['id']}"
    answer = found.patch(path, json={name: text})
    assert answer.status_code == 413
    assert "at most 20,000" in problem_in(answer)["detail"]
    assert found.patch(path, json={"sentence": {"part": "abstract", "translation": text}}).status_code == 413


def gated(gate: Gate) -> RunApart:
    """Return what calls functions here; edits wait for a gate."""

    async def run(function: Callable[..., Any], *arguments: Any) -> Any:
        if function is editing.edit:
            await asyncio.to_thread(gate)
        return await run_here(function, *arguments)

    return run


def test_a_check_that_takes_too_long_is_given_up() -> None:
    gate = Gate(lambda: None)
    with client(run_apart=gated(gate), review_seconds=0.2) as found:
        path = f"/api/results/{summarize(found)['id']}"
        answer = found.patch(path, json={"abstract": SHORTER})
        assert answer.status_code == 422
        assert "took longer" in problem_in(answer)["detail"]
        # The next one is not in its way.
        gate.opened.set()
        assert found.patch(path, json={"abstract": SHORTER}).status_code == 200


@pytest.mark.parametrize("deleted", [False, True])
def test_an_edit_in_progress_undoes_nothing(deleted: bool) -> None:
    gate = Gate(lambda: None)
    with client(run_apart=gated(gate)) as found, futures.ThreadPoolExecutor() as pool:
        path = f"/api/results/{summarize(found)['id']}"
        edit = pool.submit(found.patch, path, json={"abstract": SHORTER})
        assert gate.reached.wait(30)
        other = pool.submit(found.delete, path) if deleted else pool.submit(found.patch, path, json={"reviewed": True})
        # It may have to wait for the first.
        futures.wait([other], 1)
        gate.opened.set()
        edited = edit.result(30).status_code
        changed = other.result(30).status_code
        if deleted:
            assert edited == 404
            assert changed == 204
            assert listed(found) == []
        else:
            now = found.get(path).json()
            assert edited == 200
            assert changed == 200
            assert now["abstract"] == SHORTER
            assert now["reviewed"] is True


def test_results_are_deleted_one_or_all(tmp_path: Path) -> None:
    with client(history=tmp_path / "h.sqlite") as found:
        first, second, third = (summarize(found, article(number))["id"] for number in range(3))
        assert [found.delete(f"/api/results/{second}").status_code for _ in range(2)] == [204, 404]
        assert found.get(f"/api/results/{second}").status_code == 404
        assert {one["id"] for one in listed(found)} == {first, third}
        assert found.delete("/api/results").status_code == 204
        assert listed(found) == []
    assert b"Girimulya" not in (tmp_path / "h.sqlite").read_bytes()


def test_the_history_outlives_the_server_if_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "folder" / "h.sqlite"
    with client(history=path) as found:
        entry = summarize(found)
        assert (
            found.patch(f"/api/results/{entry['id']}", json={"reviewed": True, "abstract": HOSTILE}).status_code == 200
        )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with client(history=path) as found:
        assert [(one["id"], one["reviewed"]) for one in listed(found)] == [(entry["id"], True)]
        assert found.get(f"/api/results/{entry['id']}").json()["abstract"] == HOSTILE
        assert "<script" not in found.get(f"/results/{entry['id']}").text
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    with client() as found:
        assert found.get(f"/api/results/{summarize(found)['id']}").status_code == 200
    assert not list((tmp_path / "empty").iterdir())


@pytest.mark.parametrize("lose", [Path.unlink, lambda path: path.rename(path.with_name("elsewhere.sqlite"))])
def test_a_history_that_is_lost_under_the_server_is_said_and_takes_nothing(
    tmp_path: Path, lose: Callable[[Path], Any]
) -> None:
    path = tmp_path / "h.sqlite"
    with client(history=path) as found:
        entry = summarize(found)
        before = f"/api/results/{entry['id']}"
        lose(path)
        for answer in (
            found.post("/api/summarize", json={"text": article(2)}),
            found.patch(before, json={"reviewed": True}),
            found.delete(before),
        ):
            problem = problem_in(answer)
            assert problem["status"] == 507
            assert problem["detail"] == f"cannot use {path}: it was moved, deleted or replaced"
            assert problem["advice"] == "put it back where it was, or start again"
        # What it had, it still shows.
        assert [one["id"] for one in listed(found)] == [entry["id"]]
        assert found.get(before).json()["reviewed"] is False


def test_a_history_that_was_put_back_is_used_again(tmp_path: Path) -> None:
    path, away = tmp_path / "h.sqlite", tmp_path / "away.sqlite"
    with client(history=path) as found:
        path.rename(away)
        assert found.post("/api/summarize", json={"text": ARTICLE}).status_code == 507
        away.rename(path)
        entry = summarize(found)
    with client(history=path) as found:
        assert [one["id"] for one in listed(found)] == [entry["id"]]


@pytest.mark.parametrize("value", [None, "[]", '{"id": "x", "translation": null, "abstract": 3}', "{"])
def test_a_history_that_is_damaged(tmp_path: Path, value: str | None, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "h.sqlite"
    with client(history=path) as found:
        first, second = summarize(found, article(1)), summarize(found, article(2))
    del first["created"]
    with sqlite3.connect(path) as database:
        oldest = "(SELECT min(rowid) FROM entries)"
        database.execute(f"UPDATE entries SET value = ? WHERE rowid = {oldest}", (value or json.dumps(first),))
    if value == "{":
        with pytest.raises(OutputError, match="damaged") as caught:
            History(path)
        assert "Expecting" not in str(caught.value)
        return
    # An entry hides no other.
    with client(history=path) as found:
        assert [one["id"] for one in listed(found)] == [second["id"]]
        assert found.get("/results").status_code == 200
        assert found.delete("/api/results").status_code == 204
    with History(path) as left:
        assert left.sorted_keys() == []
    assert "damaged" in caplog.text


def damage(path: Path, key: str, change: dict[str, Any]) -> None:
    """Change fields of an entry in the file of a history; None drops one."""
    with sqlite3.connect(path) as database:
        [[value]] = database.execute("SELECT value FROM entries WHERE key = ?", (key,))
        entry = json.loads(value) | change
        kept = {name: field for name, field in entry.items() if field is not None}
        database.execute("UPDATE entries SET value = ? WHERE key = ?", (json.dumps(kept), key))


@pytest.mark.parametrize(
    "change",
    [
        {"id": "another"},
        {"review": None},
        {"review": {"sentences": [{"sentence": "A"}], "doubts": []}},
        {"sentences": [5]},
        {"support": [{"sentence": "A", "positions": [[0, 0]], "sources": [], "share": 1.0}]},
        {"paragraphs": "A"},
        {"lines": [1, 2, 3]},
        {"removed": [{}]},
        {"page": {"warnings": [], "stories": [7]}},
        {"title": 5},
        {"model": []},
        {"article_translation": []},
    ],
)
def test_an_entry_of_another_shape_breaks_nothing(
    tmp_path: Path, change: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "h.sqlite"
    with client(history=path) as found:
        first, second = (summarize(found, article(number), translate="article") for number in (1, 2))
    damage(path, first["id"], change)
    with client(history=path) as found:
        here = f"/api/results/{first['id']}"
        assert [one["id"] for one in listed(found)] == [second["id"]]
        for name in ("html", "csv", "md", "json"):
            assert found.get(f"/api/download?format={name}").status_code == 200
        for answer in (
            found.get(here),
            found.get(f"/results/{first['id']}"),
            found.get(f"{here}/download"),
            found.patch(here, json={"reviewed": True}),
            found.post(f"{here}/renew", json={}),
        ):
            problem = problem_in(answer)
            assert problem["status"] == 507
            assert problem["detail"] == "the result is damaged"
        # Its page can be added again, and it can be deleted.
        assert summarize(found, article(1))["id"] != first["id"]
        assert found.delete(here).status_code == 204
        assert found.delete(here).status_code == 404
    assert "is damaged and left out" in caplog.text


def test_an_entry_of_before_there_were_versions_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    with client(history=path) as found:
        key = summarize(found)["id"]
    with sqlite3.connect(path) as database:
        [[value]] = database.execute("SELECT value FROM entries")
        old = json.loads(value)
        del old["version"]
        database.execute("UPDATE entries SET value = ?", (json.dumps(old),))
    with client(history=path) as found:
        assert found.get(f"/api/results/{key}").json()["version"] == 0
        assert [one["id"] for one in listed(found)] == [key]


def test_two_servers_with_one_history_show_the_same(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    with client(history=path) as one, client(history=path) as other:
        key = summarize(one)["id"]
        assert [entry["id"] for entry in listed(other)] == [key]
        other.patch(f"/api/results/{key}", json={"reviewed": True})
        assert listed(one)[0]["reviewed"] is True
        # The same page is the same result, wherever it was added.
        assert summarize(other)["id"] == key


def test_what_another_server_has_deleted_is_gone_and_can_be_made_again(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    with client(history=path) as one, client(history=path) as other:
        key = summarize(one)["id"]
        assert len(listed(other)) == 1
        assert other.delete("/api/results").status_code == 204
        assert listed(one) == []
        for name in ("html", "csv", "md", "json"):
            assert one.get(f"/api/download?format={name}").status_code == 200
        assert summarize(one)["id"] != key


def test_an_edit_does_not_undo_that_of_another_server(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    gate = Gate(lambda: None)
    with client(history=path, run_apart=gated(gate)) as one, client(history=path) as other:
        here = f"/api/results/{summarize(one)['id']}"
        with futures.ThreadPoolExecutor() as pool:
            edit = pool.submit(one.patch, here, json={"abstract": SHORTER})
            assert gate.reached.wait(30)
            reviewed = other.patch(here, json={"reviewed": True}).json()
            gate.opened.set()
            problem = problem_in(edit.result(30))
        assert problem["status"] == 409
        assert problem["detail"] == "the result was changed meanwhile"
        assert one.get(here).json() == reviewed


def test_a_history_that_another_program_holds_is_not_waited_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("summarizer.web.history._PATIENCE", 0.1)
    path = tmp_path / "h.sqlite"
    with client(history=path) as found:
        entry = summarize(found)
        here = f"/api/results/{entry['id']}"
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            problem = problem_in(found.patch(here, json={"reviewed": True}))
            database.execute("ROLLBACK")
        assert problem["status"] == 507
        assert problem["detail"] == f"cannot use {path}: another program is writing to it"
        assert "space" not in problem["advice"]
        assert found.get(here).json() == entry
        assert found.patch(here, json={"reviewed": True}).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (b"{", 400, "JSON"),
        (b'"a"', 422, "object"),
        (b'{"text": "\\ud800"}', 400, "JSON"),
        (b"[" * 100_000, 400, "JSON"),
        (b"{}", 422, "text"),
        (b'{"text": 1}', 422, "text"),
        (b'{"text": "a", "translate": "all"}', 422, "'article'"),
        (b'{"text": "a", "force": "true"}', 422, "force"),
        (b'{"text": "a", "path": "/etc/passwd"}', 422, "path"),
        (b'{"text": "a", "a\\nb\\u001b[31m": 1}', 422, "a b"),
        (b'{"text": ""}', 422, "text"),
        pytest.param(b" " * (MAX_BODY + 1), 413, "larger", id="too much"),
    ],
)
def test_what_is_wrong_is_said(found: TestClient, body: bytes, status: int, word: str) -> None:
    answer = found.post("/api/summarize", content=body, headers={"content-type": "application/json"})
    problem = problem_in(answer)
    assert answer.status_code == status
    assert problem["status"] == status
    assert word in problem["detail"]
    assert problem["detail"].isprintable()


@pytest.mark.parametrize(
    "body",
    [
        f'{{"text": "{ARTICLE}", "text": "{ARTICLE} Kedua."}}'.encode(),
        b'{"text": "a", "force": false, "force": true}',
    ],
)
def test_a_field_that_comes_twice_is_refused(found: TestClient, body: bytes) -> None:
    answer = found.post("/api/clean", content=body, headers={"content-type": "application/json"})
    problem = problem_in(answer)
    assert problem["status"] == 422
    assert "comes twice" in problem["detail"]


def test_two_texts_in_a_form_are_refused(found: TestClient) -> None:
    texts = [("text", (None, article(1))), ("text", (None, article(2)))]
    problem = problem_in(found.post("/api/clean", files=texts))
    assert problem["status"] == 422
    assert problem["detail"] == "the field 'text' comes twice"


def test_replace_is_not_guessed_from_two_values(found: TestClient) -> None:
    path = f"/api/results/{summarize(found)['id']}"
    edited = found.patch(path, json={"abstract": SHORTER}).json()
    answer = found.post(f"{path}/renew", content=b'{"replace": false, "replace": true}')
    assert problem_in(answer)["status"] == 422
    assert found.get(path).json() == edited


def test_a_file_and_a_text_are_one_too_many(found: TestClient) -> None:
    files = {"file": ("a.txt", ARTICLE.encode()), "text": (None, ARTICLE)}
    assert problem_in(found.post("/api/clean", files=files))["detail"] == "the request has both 'file' and 'text'"


def test_a_file_without_a_name_is_told_apart_from_a_field_that_is_unknown(found: TestClient) -> None:
    assert "file name" in problem_in(found.post("/api/clean", files={"file": (None, ARTICLE)}))["detail"]
    problem = problem_in(found.post("/api/clean", json={"file": "a.txt"}))
    assert problem["detail"] == "JSON has no files"
    assert "'text'" in problem["advice"]


def test_a_file_that_was_not_chosen_is_no_file(found: TestClient) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n'
        b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + ARTICLE.encode() + b"\r\n--x--\r\n"
    )
    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert found.post("/api/clean", content=body, headers=headers).json()["paragraphs"] == [ARTICLE]


def test_a_file_is_called_as_the_request_says(found: TestClient) -> None:
    files = {"file": ("a.txt", ARTICLE.encode())}
    assert found.post("/api/clean", files=files, data={"name": "Taman"}).json()["source"] == "Taman"


@pytest.mark.parametrize("encoding", ["undefined", "punycode", "unicode_escape"])
def test_a_form_in_an_odd_encoding_is_refused(found: TestClient, encoding: str) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\\ud800\xff\r\n--x--\r\n'
    headers = {"content-type": f"multipart/form-data; boundary=x; charset={encoding}"}
    assert problem_in(found.post("/api/clean", content=body, headers=headers))["status"] in (400, 422)


@pytest.mark.parametrize("media", ["application/json", "multipart/form-data; boundary=x"])
def test_a_compressed_request_is_told_so(found: TestClient, media: str) -> None:
    headers = {"content-type": media, "content-encoding": "gzip"}
    body = gzip.compress(json.dumps({"text": ARTICLE}).encode())
    problem = problem_in(found.post("/api/clean", content=body, headers=headers))
    assert problem["status"] == 415
    assert "compressed" in problem["detail"]


def test_half_of_a_character_is_told_apart_from_what_is_no_json(found: TestClient) -> None:
    headers = {"content-type": "application/json"}
    problem = problem_in(found.post("/api/clean", content=b'{"text": "\\ud83d"}', headers=headers))
    assert problem["status"] == 400
    assert "half of a character" in problem["detail"]


@pytest.mark.parametrize(
    "change", [{"sentence": None}, {"sentence": {"part": "abstract", "checked": None, "translation": None}}]
)
def test_nothing_is_no_change(found: TestClient, change: dict[str, Any]) -> None:
    entry = summarize(found)
    path = f"/api/results/{entry['id']}"
    assert problem_in(found.patch(path, json=change))["status"] == 422
    assert found.get(path).json() == entry


def test_a_field_within_another_is_named(found: TestClient) -> None:
    path = f"/api/results/{summarize(found)['id']}"
    change = {"sentence": {"part": "abstract", "number": "0", "checked": True}}
    assert problem_in(found.patch(path, json=change))["detail"].startswith("sentence.number: ")


def test_the_doubts_about_the_whole_have_no_sentence(found: TestClient) -> None:
    path = f"/api/results/{summarize(found)['id']}"
    change = {"sentence": {"part": "whole", "translation": "A park."}}
    assert "can only be ticked" in problem_in(found.patch(path, json=change))["detail"]


def test_a_version_that_is_still_to_come_is_told_so(found: TestClient) -> None:
    path = f"/api/results/{summarize(found)['id']}"
    problem = problem_in(found.patch(path, json={"version": 9, "reviewed": True}))
    assert problem["status"] == 409
    assert "no such version yet" in problem["detail"]


def test_an_empty_id_does_not_stand_for_all_results(found: TestClient) -> None:
    entry = summarize(found)
    answer = found.request("DELETE", "/api/results/", follow_redirects=True)
    assert problem_in(answer)["status"] == 404
    assert [one["id"] for one in listed(found)] == [entry["id"]]


@pytest.mark.parametrize(
    ("path", "methods"),
    [("/api/results/x", {"GET", "HEAD", "PATCH", "DELETE"}), ("/api/results", {"GET", "HEAD", "DELETE"})],
)
def test_a_method_that_is_refused_is_told_all_that_are_not(found: TestClient, path: str, methods: set[str]) -> None:
    answer = found.put(path)
    assert problem_in(answer)["status"] == 405
    assert set(answer.headers["allow"].split(", ")) == methods


def test_other_methods_and_addresses_are_refused(found: TestClient) -> None:
    assert problem_in(found.put("/api/results"))["status"] == 405
    assert found.head("/api/results").status_code == 200
    for path in ("/api/nothing", "/static/../app.py", "/static/x.html", "/static/%2e%2e%2fhtml.py", "/results/x"):
        assert problem_in(found.get(path))["status"] == 404


UPLOADS = {
    "no article": b"Taman dibuka.",
    "English": b"The government said that the bridge would be closed for half a year.",
    "compressed": gzip.compress(ARTICLE.encode() * 99),
    "an archive": b"PK\x03\x04" + bytes(99),
    "binary": bytes(range(256)) * 9,
    "nothing": b"",
    "an entity bomb": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'><!ENTITY d '&b;&b;'>]><rss>&d;</rss>",
    "nothing but tags": b"<html><body>" + b"<div>" * 50_000,
    "a web archive without an end": b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n",
}


def test_hostile_uploads_are_refused_in_words(found: TestClient) -> None:
    for upload, content in UPLOADS.items():
        for route in ("summarize", "clean", "translate")[: 2 if upload == "no article" else 3]:
            files = {"file": ("<b>\n\x1b[31m.html", content, "text/html")}
            answer = found.post(f"/api/{route}", files=files)
            problem = problem_in(answer)
            assert answer.status_code == 422, upload
            assert problem["detail"].isprintable(), upload
            if upload in ("no article", "English"):
                # It names the field of the request, not the option of the command line.
                assert "force" in problem["advice"]
                assert "--" not in answer.text
                assert found.post(f"/api/{route}", files=files, data={"force": "true"}).status_code == 200


def test_a_large_upload_needs_no_temporary_file(found: TestClient) -> None:
    page = PAGE.replace("<p>", f"<!--{'x' * 5_000_000}--><p>").encode()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # What tells languages apart is unpacked before.
    summarize(found)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        answer = found.post("/api/clean", files={"file": ("a.html", page, "text/html")})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert answer.status_code == 200
    assert answer.json()["paragraphs"] == [ARTICLE]


def test_a_table_of_all_results_needs_no_temporary_file(
    found: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summarize(found)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    answer = found.get("/api/download?format=csv")
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xef\xbb\xbfsource,title")
    assert ABSTRACT in answer.text


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_what_fails_is_a_problem_not_the_end(
    accept: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(task: Task, source: str) -> str:
        if "Sekolah" in source:
            raise ModelError("no model is here")
        return write(task, source)

    async def run_apart(function: Callable[..., Any], *arguments: Any) -> Any:
        if is_review_broken and function is editing.review:
            raise ValueError("a secret of the machine")
        return await run_here(function, *arguments)

    is_review_broken = False
    with client(broken, run_apart=run_apart) as found:

        def status(text: str) -> int:
            answer = found.post("/api/summarize", json={"text": text}, headers={"accept": accept})
            assert "secret" not in answer.text
            return problem_in(answer)["status"]  # type: ignore[no-any-return]

        assert status(ARTICLE.replace("Pemerintah", "Sekolah")) == 503
        summarize(found)
        with monkeypatch.context() as patch:
            patch.setattr(History, "put", Mock(side_effect=OutputError("cannot use h.sqlite: the disk is full")))
            assert status(ARTICLE) == 507
        is_review_broken = True
        assert status(ARTICLE) == 500
        assert caplog.text.count("ValueError: a secret of the machine") == 1
        assert found.post("/api/clean", json={"text": ARTICLE}).status_code == 200


def test_the_queue_has_an_end_and_places() -> None:
    gate = Gate()
    with client(gate) as found, futures.ThreadPoolExecutor(QUEUE + 1) as pool:
        answers = [pool.submit(summarize, found)]
        assert gate.reached.wait(30)
        answers += [pool.submit(summarize, found) for _ in range(QUEUE - 1)]
        until(lambda: found.get("/api/health").json()["waiting"] == QUEUE - 1)
        last = pool.submit(found.post, "/api/summarize", json={"text": ARTICLE}, headers=STREAM)
        until(lambda: found.get("/api/health").json()["waiting"] == QUEUE)
        full = found.post("/api/summarize", json={"text": ARTICLE})
        assert problem_in(full)["status"] == 503
        assert int(full.headers["retry-after"]) > 0
        gate.opened.set()
        assert [answer.result(60)["abstract"] for answer in answers] == [ABSTRACT] * QUEUE
        places = [value for name, value in events(last.result(60).text) if name == "queued"]
        assert places[0] == QUEUE
        assert places[-1] == 0
        # Each place is told once.
        assert places == sorted(set(places), reverse=True)


def test_the_document_describes_what_is_answered() -> None:
    with client(misread) as found:
        document = found.get("/api/openapi.json").json()
        entry = summarize(found, translate="article", length="short")
        path = f"/api/results/{entry['id']}"
        tick = {"sentence": {"part": "abstract", "number": 0, "checked": True}}
        answers = [
            ("Entry", entry),
            ("Entry", found.patch(path, json=tick).json()),
            ("Entry", found.patch(path, json={"translation": "A park. It is there. It is open."}).json()),
            ("Entry", found.post("/api/translate", json={"text": ARTICLE, "keep": True}).json()),
            ("Record", summarize(found, article(2), keep=False, translate="none")),
            ("Article", found.post("/api/clean", json={"text": f"{ARTICLE}\n\nBaca Juga: Harga"}).json()),
            ("Translation", found.post("/api/translate", json={"text": ARTICLE}).json()),
            ("Listing", found.get("/api/results").json()),
            ("Health", found.get("/api/health").json()),
            ("Problem", found.get("/api/results/x").json()),
        ]
    for name, answer in answers:
        jsonschema.validate(answer, {"$ref": f"#/components/schemas/{name}", "components": document["components"]})
        assert set(answer) <= set(document["components"]["schemas"][name]["properties"]), name


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("Changes", {}),
        ("Changes", {"sentence": {"part": "abstract", "number": 0}}),
        ("Review", {"sentences": [{}], "doubts": []}),
        ("Review", {"sentences": [], "doubts": [], "doubtful": True}),
        ("Problem", {"title": "Not Found"}),
    ],
)
def test_the_document_excludes_what_is_refused_or_never_answered(
    found: TestClient, name: str, change: dict[str, Any]
) -> None:
    components = found.get("/api/openapi.json").json()["components"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(change, {"$ref": f"#/components/schemas/{name}", "components": components})


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *((host, 421) for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8017", "", "[::")),
        *((host, 200) for host in ("localhost:8017", "127.0.0.1", "[::1]:8017", "127.0.0.2:9")),
    ],
)
def test_only_this_machine_s_own_names_are_taken(found: TestClient, host: str, status: int) -> None:
    assert found.get("/api/results", headers={"host": host}).status_code == status


def test_another_page_s_requests_are_refused(found: TestClient) -> None:
    entry = summarize(found)
    path = f"/api/results/{entry['id']}"
    for headers in (
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "https://127.0.0.1:8017"},
        {"sec-fetch-site": "cross-site"},
        {"origin": BASE, "sec-fetch-site": "same-site"},
    ):
        for method, address in (("POST", "/api/summarize"), ("PATCH", path), ("DELETE", path)):
            answer = found.request(method, address, json={"text": ARTICLE}, headers=headers)
            assert problem_in(answer)["status"] == 403, headers
    assert found.get(path).json() == entry
    # Behind a proxy with TLS, its own page has another origin.
    own = {"origin": "https://ringkas.example", "sec-fetch-site": "same-origin"}
    assert found.post("/api/clean", json={"text": ARTICLE}, headers=own).status_code == 200


def test_with_a_token_every_request_must_bring_it() -> None:
    with client(token="secret") as found:
        for path in ("/", "/api/results", "/static/desk.js", "/?token=wrong"):
            answer = found.get(path, headers={"host": "ringkas.example"})
            assert problem_in(answer)["status"] == 401
            assert answer.headers["www-authenticate"] == "Bearer"

        def ask(**headers: str | bytes) -> int:
            return found.get("/api/results", headers=headers).status_code

        assert ask(authorization="Bearer wrong") == 401
        assert ask(cookie="ringkas=säcret".encode()) == 401
        # A proxy, or a machine's name in the network, may be any name.
        assert ask(authorization="Bearer secret", host="ringkas.example") == 200
        answer = found.get("/?token=secret", follow_redirects=False)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/"
        assert all(word in answer.headers["set-cookie"].lower() for word in ("httponly", "samesite=strict"))
        # Another program of this machine has a cookie with a name that the standard forbids.
        assert ask(cookie="a/b=1; ringkas=secret; c@d=2") == 200
        # The client keeps the cookie.
        assert ask() == 200


def test_every_answer_has_its_policy(found: TestClient) -> None:
    for path in ("/", "/api/results", "/static/desk.css", "/nothing"):
        headers = found.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; ")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
    page = found.get("/").text
    # Nothing comes from elsewhere, and nothing runs that stands in the page itself.
    assert not [word for word in ("http://", "https://", "<style", "<script>") if word in page]
    assert "<script src=" in page


def test_articles_are_text_everywhere() -> None:
    page = PAGE.replace("Taman Baru Dibuka", HOSTILE).replace("</p>", " 1 &lt;img src=x&gt;</p>")
    with client(lambda task, source: f"{write(task, source)} {HOSTILE}") as found:
        entry = summarize(found, page, name=HOSTILE, force=True)  # no word of the headline is the text's
        edited = found.patch(f"/api/results/{entry['id']}", json={"abstract": HOSTILE, "translation": HOSTILE})
        assert edited.status_code == 200
        for path in (f"/results/{entry['id']}", f"/api/results/{entry['id']}/download?format=html"):
            shown = found.get(path).text
            assert "<img" not in shown
            assert "<script>document" not in shown
            assert "&lt;/script&gt;" in shown


@pytest.mark.parametrize(
    "change",
    [
        {"abstract": SHORTER},
        {"reviewed": True},
        {"sentence": {"part": "abstract", "number": 0, "checked": True}},
        {"sentence": {"part": "abstract", "number": 0, "translation": "A park was opened."}},
    ],
)
def test_a_change_of_an_outdated_version_is_refused_and_undoes_nothing(
    found: TestClient, change: dict[str, Any]
) -> None:
    entry = summarize(found)
    path = f"/api/results/{entry['id']}"
    seen = {"version": entry["version"]}
    first = found.patch(path, json=seen | {"translation": "The city opened a park."}).json()
    assert first["version"] == entry["version"] + 1
    problem = problem_in(found.patch(path, json=seen | change))
    assert problem["status"] == 409
    assert problem["detail"] == "the result has changed since version 1: it is version 2 now"
    assert "look at it" in problem["advice"]
    assert found.get(path).json() == first
    # Who has seen the other's change may make another.
    assert found.patch(path, json={"version": first["version"]} | change).status_code == 200


def test_an_outdated_version_is_not_made_anew(found: TestClient) -> None:
    entry = summarize(found)
    path = f"/api/results/{entry['id']}"
    edited = found.patch(path, json={"abstract": SHORTER}).json()
    wanted = {"length": "short", "replace": True, "version": entry["version"]}
    assert problem_in(found.post(f"{path}/renew", json=wanted))["status"] == 409
    assert found.get(path).json() == edited


def test_what_changed_while_it_was_made_anew_is_not_replaced() -> None:
    gate = Gate()
    with client(gate) as found:
        gate.opened.set()
        entry = summarize(found)
        path = f"/api/results/{entry['id']}"
        gate.opened.clear()
        gate.reached.clear()
        answers: list[Any] = []
        wanted = {"length": "short", "replace": True}
        asking = threading.Thread(target=lambda: answers.append(found.post(f"{path}/renew", json=wanted)))
        asking.start()
        assert gate.reached.wait(30)
        edited = found.patch(path, json={"abstract": SHORTER}).json()
        gate.opened.set()
        asking.join(30)
        assert problem_in(answers[0])["status"] == 409
        assert found.get(path).json() == edited


def test_a_version_alone_changes_nothing(found: TestClient) -> None:
    entry = summarize(found)
    answer = found.patch(f"/api/results/{entry['id']}", json={"version": entry["version"]})
    assert problem_in(answer)["detail"] == "there is nothing to change"
