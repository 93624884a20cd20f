"""The API with a fake model: what it answers, what it keeps, and what it refuses."""

from __future__ import annotations

import asyncio
import gzip
import json
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from starlette.testclient import TestClient

from summarizer.errors import ModelError, OutputError
from summarizer.models import DEFAULT, Task
from summarizer.text.sentences import split_sentences
from summarizer.web import app as web
from summarizer.web import safety
from summarizer.web.history import History
from summarizer.web.jobs import Worker
from summarizer.web.requests import TranslateRequest
from tests.conftest import ARTICLE, in_english
from tests.web.desk import ABSTRACT, BASE, ENGLISH, Gate, client, ringkas, summarize, write

HOSTILE = "</script><script>document.title='gone'</script><img src=x onerror=alert(1)>"
PAGE = f"<html><head><title>Taman Baru Dibuka</title></head><body><article><p>{ARTICLE}</p></article></body></html>"
LINES = "\n".join(f"Taman itu yang nomor {number}." for number in range(150))
STREAM = {"accept": "text/event-stream"}
each_accept = pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])


def events(text: str) -> list[tuple[str, Any]]:
    parts = [part.split("\n") for part in text.removesuffix("\n\n").split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in parts]


def problem_in(answer: Any) -> dict[str, Any]:
    """The problem of an answer, which may be a stream of events."""
    if not answer.headers["content-type"].startswith("text/event-stream"):
        return answer.json()  # type: ignore[no-any-return]
    name, problem = events(answer.text)[-1]
    assert name == "failed"
    return problem  # type: ignore[no-any-return]


def listed(found: TestClient) -> list[dict[str, Any]]:
    return found.get("/api/results").json()["results"]  # type: ignore[no-any-return]


def until(holds: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_text_is_summarised_and_kept() -> None:
    with client() as found:
        entry = summarize(found, name="a.txt")
        assert (entry["abstract"], entry["translation"], entry["source"]) == (ABSTRACT, ENGLISH, "a.txt")
        [sentence] = entry["review"]["sentences"]
        assert (sentence["sentence"], sentence["translation"], sentence["doubts"]) == (ABSTRACT, ENGLISH, [])
        assert sentence["positions"] == [[0, 0]]
        assert found.get(f"/api/results/{entry['id']}").json() == entry
        [one] = listed(found)
        assert one == {name: entry.get(name) for name in one} | {"doubts": 0}


def test_a_form_has_a_file_or_a_text() -> None:
    with client() as found:
        files = {"file": ("../../etc/passwd", PAGE.encode(), "text/html")}
        answer = found.post("/api/summarize", files=files, data={"translate": "none", "length": "", "force": "false"})
        assert answer.status_code == 200, answer.text
        assert (answer.json()["translation"], answer.json()["source"]) == (None, "../../etc/passwd")
        assert found.post("/api/summarize", files={"text": (None, ARTICLE)}).json()["abstract"] == ABSTRACT
        one = ("file", ("a.txt", ARTICLE.encode(), "text/plain"))
        headers = {"content-type": "multipart/form-data"}
        for status, wrong in (
            (422, {"files": {"file": (None, ARTICLE)}}),
            (422, {"files": {"text": (None, "")}}),
            (422, {"files": [one], "data": {"keep": "perhaps"}}),
            (422, {"files": [one], "data": {"text": ARTICLE}}),
            (400, {"files": [one, one]}),
            (400, {"files": [one], "data": {f"field{number}": "x" for number in range(99)}}),
            (400, {"content": b"--x\r\n", "headers": headers}),
            (400, {"content": b"--y\r\n\r\n", "headers": {"content-type": "multipart/form-data; boundary=x"}}),
            (415, {"content": ARTICLE}),
        ):
            assert found.post("/api/translate", **wrong).status_code == status, wrong


def test_cleaning_and_translating() -> None:
    with client() as found:
        article = found.post("/api/clean", json={"text": f"{ARTICLE}\n\nBaca Juga: Harga Cabai Naik"}).json()
        assert ARTICLE in "\n".join(article["paragraphs"])
        assert [piece["text"] for piece in article["removed"]] == ["Baca Juga: Harga Cabai Naik"]
        assert found.post("/api/translate", json={"text": ABSTRACT}).json()["paragraphs"] == [ENGLISH]
        page = found.post("/api/translate", files={"file": ("a.html", PAGE.encode(), "text/html")}).json()
        english = " ".join(map(in_english, split_sentences(ARTICLE))).replace("(2/2)", "(2 February)")
        assert page["paragraphs"] == ["A new park opens", english]
        assert listed(found) == []


def test_events_tell_how_it_goes() -> None:
    with client() as found:
        answer = found.post("/api/summarize", json={"text": ARTICLE}, headers=STREAM)
        told = events(answer.text)
        assert told[0][0] == "queued"
        steps = [value for name, value in told if name == "progress"]
        assert steps == sorted(steps)
        assert steps[-1] <= 1
        assert told[-1][0] == "done"
        assert found.get(f"/api/results/{told[-1][1]['id']}").json() == told[-1][1]
        problem = problem_in(found.post("/api/summarize", json={"text": "  "}, headers=STREAM))
        assert (problem["status"], "empty" in problem["detail"]) == (422, True)


def test_a_translation_says_of_each_sentence_how_sure_it_is() -> None:
    def model(task: Task, source: str) -> str:
        return "A 13-hectare park." if "12" in source else write(task, source)

    with client(model) as found:
        [first, second] = found.post("/api/translate", json={"text": f"{ABSTRACT}\nWarga senang."}).json()["sentences"]
        assert (first["source"], first["translation"], first["doubtful"]) == (ABSTRACT, "A 13-hectare park.", True)
        assert "13" in " ".join(first["reasons"])
        assert (second["paragraph"], second["doubtful"], second["confidence"]) == (1, False, None)


def test_a_translation_is_kept_where_that_is_asked_for() -> None:
    with client() as found:
        entry = found.post("/api/translate", json={"text": f"{ABSTRACT}\n\n{ABSTRACT}", "keep": True}).json()
        path = f"/api/results/{entry['id']}"
        assert found.get(path).json() == entry
        assert (entry["abstract"], entry["translation"]) == (None, f"{ENGLISH}\n{ENGLISH}")
        [one] = listed(found)
        assert (one["source"], one["doubts"], one["title"][: len(ABSTRACT)]) == ("pasted text", 0, ABSTRACT)
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


@pytest.mark.parametrize("lines", [True, False])
def test_a_long_translation_tells_how_it_goes(lines: bool) -> None:
    with client() as found:
        job = {"text": LINES, "lines": lines}
        told = events(found.post("/api/translate", json=job, headers=STREAM).text)
        steps = [value for name, value in told if name == "progress"]
        assert len(steps) > 1
        assert steps == sorted(steps)
        assert steps[-1] == pytest.approx(1)
        name, translation = told[-1]
        assert (name, translation["warnings"]) == ("done", [])
        assert translation["paragraphs"] == [f"The park is number {number}." for number in range(150)]


def test_a_translation_that_nobody_waits_for_stops() -> None:
    class GivenUp(BaseException):
        pass

    told: list[float] = []
    written: list[str] = []

    def stop(share: float) -> None:
        told.append(share)
        if sum(told) > 0.5:
            raise GivenUp

    def note(task: Task, source: str) -> str:
        written.append(source)
        return write(task, source)

    with pytest.raises(GivenUp):
        web.AppState(ringkas(note), None).translate(TranslateRequest(text=LINES, lines=True), stop)
    assert 0 < len(written) < 150


def test_edits_are_checked_again() -> None:
    with client() as found:
        path = f"/api/results/{summarize(found)['id']}"
        changed = found.patch(path, json={"abstract": f" {ABSTRACT}\nBiayanya Rp8,5 miliar. ", "reviewed": True}).json()
        assert changed["abstract"] == f"{ABSTRACT} Biayanya Rp8,5 miliar."
        assert (changed["reviewed"], changed["doubtful"], bool(changed["edited"])) == (True, True, True)
        assert "8,5 miliar" in changed["review"]["sentences"][-1]["doubts"][0]
        # One sentence, and the translation as a whole: it has one less than the abstract.
        assert listed(found)[0]["doubts"] == 2
        assert [one["sentence"] for one in changed["support"]] == [ABSTRACT, "Biayanya Rp8,5 miliar."]
        assert found.get(path).json() == changed
        assert found.patch(path, json={"abstract": ABSTRACT}).json()["doubtful"] is False
        wrong = found.patch(path, json={"translation": "The city of Girimulya opened a 13-hectare park."}).json()
        assert any("13" in doubt for doubt in wrong["review"]["sentences"][0]["doubts"])


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"abstract": 1}, "abstract"),
        ({"abstract": "a" * 20_001}, "20,000"),
        ({"translation": None}, "translation"),
        ({"reviewed": "yes"}, "reviewed"),
        ({"paragraphs": []}, "paragraphs"),
        ([], "object"),
    ],
)
def test_bad_edits(fields: Any, word: str) -> None:
    with client() as found:
        entry = summarize(found)
        answer = found.patch(f"/api/results/{entry['id']}", json=fields)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
        assert word in answer.json()["detail"]
        assert found.get(f"/api/results/{entry['id']}").json() == entry


@contextmanager
def edit_in_progress(found: TestClient, path: str, **changes: str) -> Iterator[list[int]]:
    """Hold up the check of an edit while the body runs; what is yielded then has the status of its answer."""
    desk = found.app.state.ringkas.ringkas  # type: ignore[attr-defined]
    review, reached, opened = desk.review, threading.Event(), threading.Event()
    statuses: list[int] = []

    def wait(*args: Any) -> Any:
        reached.set()
        assert opened.wait(30)
        return review(*args)

    desk.review = wait
    thread = threading.Thread(target=lambda: statuses.append(found.patch(path, json=changes).status_code))
    thread.start()
    try:
        assert reached.wait(30)
        yield statuses
    finally:
        opened.set()
        thread.join(30)


def test_an_edit_in_progress_undoes_no_other() -> None:
    with client() as found:
        path, answers = f"/api/results/{summarize(found)['id']}", []
        others = [{"reviewed": True}, {"translation": "The city of Girimulya opened a 13-hectare park."}]
        threads = [
            threading.Thread(target=lambda fields=fields: answers.append(found.patch(path, json=fields).status_code))
            for fields in others
        ]
        with edit_in_progress(found, path, abstract="Kota Girimulya membuka taman."):
            for thread in threads:
                thread.start()
            # They may have to wait for the first.
            threads[0].join(1)
        for thread in threads:
            thread.join(30)
        assert answers == [200, 200]
        now = found.get(path).json()
        assert (now["abstract"], now["reviewed"]) == ("Kota Girimulya membuka taman.", True)
        # What stands there was checked together.
        [sentence] = now["review"]["sentences"]
        assert (sentence["sentence"], sentence["translation"]) == (now["abstract"], others[1]["translation"])
        assert sentence["doubts"]


def test_an_edit_in_progress_brings_nothing_back_that_was_deleted() -> None:
    with client() as found:
        path = f"/api/results/{summarize(found)['id']}"
        with edit_in_progress(found, path, abstract="Kota Girimulya membuka taman.") as statuses:
            assert found.delete(path).status_code == 204
        assert statuses == [404]
        assert listed(found) == []


def test_results_are_deleted_one_or_all(tmp_path: Path) -> None:
    with client(history=tmp_path / "h.sqlite") as found:
        first, second, third = (summarize(found)["id"] for _ in range(3))
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
        found.patch(f"/api/results/{entry['id']}", json={"reviewed": True})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with client(history=path) as found:
        assert [(one["id"], one["reviewed"]) for one in listed(found)] == [(entry["id"], True)]
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    with client() as found:
        assert found.get(f"/api/results/{summarize(found)['id']}").status_code == 200
    assert not list((tmp_path / "empty").iterdir())


def test_a_history_that_is_something_else(tmp_path: Path) -> None:
    (tmp_path / "h.sqlite").write_text("no database at all, but long enough to be looked at" * 99, encoding="utf-8")
    for path in (tmp_path / "h.sqlite", tmp_path / "h.sqlite" / "x.sqlite"):
        with pytest.raises(OutputError, match="cannot use"):
            History(path)


def damage(path: Path, value: str) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE entries SET value = ? WHERE rowid = (SELECT min(rowid) FROM entries)", (value,))


@pytest.mark.parametrize("value", [None, "{}", "[]", '{"id": "x", "translation": null, "abstract": 3}'])
def test_an_entry_that_is_damaged_hides_no_other(
    tmp_path: Path, value: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "h.sqlite"
    with client(history=path) as found:
        first, second = summarize(found), summarize(found)
    del first["created"]
    damage(path, value or json.dumps(first))
    with client(history=path) as found:
        assert [one["id"] for one in listed(found)] == [second["id"]]
        assert found.get("/results").status_code == 200
    assert "damaged" in caplog.text


def test_a_history_whose_json_is_broken_is_damaged_in_plain_words(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    with client(history=path) as found:
        summarize(found)
    damage(path, "{")
    with pytest.raises(OutputError, match="damaged") as caught:
        History(path)
    assert "Expecting" not in str(caught.value)


def test_downloads() -> None:
    with client() as found:
        entry = summarize(found, PAGE.replace("Baru Dibuka", "&lt;Baru> &amp; Dibuka"))
        path = f"/api/results/{entry['id']}/download"
        markdown = found.get(path).text
        assert markdown.startswith("# Taman &lt;Baru&gt; &amp; Dibuka\n")
        assert ABSTRACT in markdown
        answer = found.get(f"{path}?format=json")
        assert answer.json() == entry
        assert answer.headers["content-disposition"] == 'attachment; filename="taman-baru-dibuka.json"'
        page = found.get(f"{path}?format=html").text
        assert ABSTRACT in page
        assert "Content-Security-Policy" in page
        assert found.get(f"{path}?format=exe").status_code == 422


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
        (b'{"text": "a", "length": []}', 422, "'medium'"),
        (b'{"text": "a", "force": "true"}', 422, "force"),
        (b'{"text": "a", "name": {}}', 422, "name"),
        (b'{"text": "a", "path": "/etc/passwd"}', 422, "path"),
        (b'{"text": "a", "a\\nb\\u001b[31m": 1}', 422, "a b"),
        (b'{"text": ""}', 422, "text"),
        (b'{"text": "Harga naik."}', 422, "no article"),
        (b'{"text": "The government said that the bridge would be closed for half a year."}', 422, "article"),
    ],
)
def test_what_is_wrong_is_said(body: bytes, status: int, word: str) -> None:
    with client() as found:
        answer = found.post("/api/summarize", content=body, headers={"content-type": "application/json"})
        problem = answer.json()
        assert (answer.status_code, problem["status"]) == (status, status)
        assert answer.headers["content-type"] == "application/problem+json"
        assert word in problem["detail"]
        assert problem["detail"].isprintable()
        assert problem["title"]


def test_what_is_refused_can_be_forced() -> None:
    english = "The government said that the bridge would be closed for half a year."
    with client() as found:
        for route, text in (("summarize", "Taman dibuka."), ("translate", english)):
            refused = found.post(f"/api/{route}", json={"text": text})
            # It names the field of the request, not the option of the command line.
            assert (refused.status_code, "force" in refused.json()["advice"], "--" in refused.text) == (
                422,
                True,
                False,
            )
            assert found.post(f"/api/{route}", json={"text": text, "force": True}).status_code == 200


def test_other_methods_and_addresses_are_refused() -> None:
    with client() as found:
        answer = found.put("/api/results")
        assert (answer.status_code, set(answer.headers["allow"].split(", "))) == (405, {"GET", "HEAD", "DELETE"})
        assert found.head("/api/results").status_code == 200
        for path in (
            "/api/nothing",
            "/static/../app.py",
            "/static/page.html",
            "/static/%2e%2e%2fcard.html",
            "/results/x",
        ):
            assert found.get(path).status_code == 404


UPLOADS = {
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(99),
    "a PDF": b"%PDF-1.7 " + bytes(99),
    "compressed": gzip.compress(ARTICLE.encode() * 99),
    "an archive": b"PK\x03\x04" + bytes(99),
    "binary": bytes(range(256)) * 9,
    "nothing": b"",
    "only spaces": b" \n\t" * 99,
    "a feed": b"<?xml version='1.0'?><rss><channel><title>Berita</title></channel></rss>",
    "an entity bomb": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'><!ENTITY d '&b;&b;'>]><rss>&d;</rss>",
    "nothing but tags": b"<html><body>" + b"<div>" * 50_000,
    "a web archive without an end": b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n",
}


@pytest.mark.parametrize("route", ["summarize", "clean", "translate"])
@pytest.mark.parametrize("kind", UPLOADS)
def test_hostile_uploads_are_refused_in_words(route: str, kind: str) -> None:
    with client() as found:
        answer = found.post(f"/api/{route}", files={"file": ("<b>\n\x1b[31m.html", UPLOADS[kind], "text/html")})
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
        assert answer.json()["detail"].isprintable()
        assert listed(found) == []


def test_a_model_that_fails_is_a_problem_not_the_end() -> None:
    def broken(task: Task, source: str) -> str:
        if "Banjir" in source:
            raise ValueError("a secret of the machine")
        if "Sekolah" in source:
            raise ModelError("no model is here")
        return write(task, source)

    with client(broken) as found:
        for word, status in (("Banjir", 500), ("Sekolah", 503)):
            answer = found.post("/api/summarize", json={"text": ARTICLE.replace("Pemerintah", word)})
            assert answer.status_code == status
        assert summarize(found)["abstract"] == ABSTRACT


@each_accept
def test_what_nobody_foresaw_is_logged_and_not_told(
    accept: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("a secret of the machine")

    with client() as found:
        monkeypatch.setattr(web.AppState, "summarize", broken)
        answer = found.post("/api/summarize", json={"text": ARTICLE}, headers={"accept": accept})
        assert problem_in(answer)["status"] == 500
        assert "secret" not in answer.text
        assert caplog.text.count("ValueError: a secret of the machine") == 1
        assert found.post("/api/clean", json={"text": ARTICLE}).status_code == 200


@each_accept
def test_a_history_that_cannot_be_written_is_said(accept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OutputError("cannot use h.sqlite: database or disk is full")

    with client() as found:
        monkeypatch.setattr(History, "put", full)
        problem = problem_in(found.post("/api/summarize", json={"text": ARTICLE}, headers={"accept": accept}))
        assert (problem["status"], "disk is full" in problem["detail"]) == (500, True)


def test_the_queue_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "QUEUE", 2)
    gate = Gate()
    with client(gate) as found:
        answers: list[Any] = []
        threads = [threading.Thread(target=lambda: answers.append(summarize(found))) for _ in range(3)]
        threads[0].start()
        assert gate.reached.wait(30)
        for thread in threads[1:]:
            thread.start()
        until(lambda: found.get("/api/health").json()["waiting"] == 2)
        full = found.post("/api/summarize", json={"text": ARTICLE})
        assert (full.status_code, full.headers["retry-after"]) == (503, "10")
        gate.opened.set()
        for thread in threads:
            thread.join(30)
        assert [answer["abstract"] for answer in answers] == [ABSTRACT] * 3


@pytest.mark.parametrize("is_given_up", [False, True])
def test_who_waits_is_told_how_many_are_in_front(is_given_up: bool) -> None:
    async def work() -> list[tuple[str, Any]]:
        worker = Worker(2)
        first, second = (worker.submit(lambda report: None) for _ in range(2))
        if is_given_up:
            first.give_up()
        task = asyncio.create_task(worker.run())
        told = [(event.name, event.value) async for event in second.events()]
        task.cancel()
        return told

    told = asyncio.run(work())
    assert told[0] == ("queued", 1)
    assert told[-2:] == [("queued", 0), ("done", None)]


def test_the_document_describes_what_is_answered() -> None:
    with client() as found:
        schemas = found.get("/api/openapi.json").json()["components"]["schemas"]
        answers = {
            "Entry": summarize(found, translate="article", length="short"),
            "Article": found.post("/api/clean", json={"text": f"{ARTICLE}\n\nBaca Juga: Harga"}).json(),
            "Translation": found.post("/api/translate", json={"text": ARTICLE}).json(),
            "Listing": found.get("/api/results").json(),
            "Models": found.get("/api/models").json(),
            "Health": found.get("/api/health").json(),
            "Problem": found.get("/api/results/x").json(),
        }
        for name, answer in answers.items():
            jsonschema.validate(answer, schemas[name])
            assert set(answer) <= set(schemas[name]["properties"]), name
        assert answers["Models"]["models"][0]["name"] == DEFAULT


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *((host, 421) for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8017", "", "[::")),
        *((host, 200) for host in ("localhost:8017", "127.0.0.1", "[::1]:8017", "127.0.0.2:9")),
    ],
)
def test_only_this_machine_s_own_names_are_taken(host: str, status: int) -> None:
    with client() as found:
        assert found.get("/api/results", headers={"host": host}).status_code == status


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "https://127.0.0.1:8017"},
        {"sec-fetch-site": "cross-site"},
        {"origin": BASE, "sec-fetch-site": "same-site"},
    ],
)
def test_another_page_s_requests_are_refused(headers: dict[str, str]) -> None:
    with client() as found:
        entry = summarize(found)
        path = f"/api/results/{entry['id']}"
        for method, address in (
            *(("POST", "/api/summarize"), ("PATCH", path)),
            *(("DELETE", path), ("DELETE", "/api/results")),
        ):
            assert found.request(method, address, json={"text": ARTICLE}, headers=headers).status_code == 403
        assert found.get(path).json() == entry
        own = {"origin": BASE, "sec-fetch-site": "same-origin"}
        assert found.post("/api/clean", json={"text": ARTICLE}, headers=own).status_code == 200


def test_with_a_token_every_request_must_bring_it() -> None:
    with client(token="secret") as found:
        for path in ("/", "/api/results", "/static/desk.js", "/?token=wrong"):
            answer = found.get(path, headers={"host": "ringkas.example"})
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")

        def ask(**headers: str | bytes) -> int:
            return found.get("/api/results", headers=headers).status_code

        assert ask(authorization="Bearer wrong") == 401
        assert ask(cookie="ringkas=säcret".encode()) == 401
        # A proxy, or a machine's name in the network, may be any name.
        assert ask(authorization="Bearer secret", host="ringkas.example") == 200
        answer = found.get("/?token=secret", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"].lower()
        assert all(word in cookie for word in ("httponly", "samesite=strict"))
        # Another program of this machine has a cookie with a name that the standard forbids.
        assert ask(cookie="a/b=1; ringkas=secret; c@d=2") == 200
        # The client keeps the cookie.
        assert ask() == 200


def test_every_answer_has_its_policy() -> None:
    with client() as found:
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


@pytest.mark.parametrize("told", [True, False])
def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch, told: bool) -> None:
    monkeypatch.setattr(safety, "MAX_BODY", 1000)
    with client() as found:
        headers = {"content-type": "application/json"}
        content: Any = b" " * 2000 if told else iter([b" " * 500] * 4)
        answer = found.post("/api/summarize", content=content, headers=headers)
        assert (answer.status_code, bool(answer.json()["advice"])) == (413, True)


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


def test_the_model_is_loaded_before_the_first_article() -> None:
    begun, loaded = threading.Event(), threading.Event()

    desk = ringkas()
    desk.load = lambda: begun.set() or (loaded.wait(30) and None)  # type: ignore[method-assign]
    with TestClient(web.create_app(desk), base_url=BASE) as found:
        assert begun.wait(30)
        assert found.get("/api/health").json()["loading"] is True
        loaded.set()
        until(lambda: not found.get("/api/health").json()["loading"])
