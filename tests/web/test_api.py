from __future__ import annotations

import asyncio
import gzip
import json
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from summarizer.errors import ModelError, OutputError, RingkasError
from summarizer.models.base import Task
from summarizer.text.sentences import split_sentences
from summarizer.web import app as web
from summarizer.web import safety
from summarizer.web.history import History
from summarizer.web.jobs import Worker, unwrap
from tests.conftest import ARTICLE, FakeModel, in_english
from tests.web.desk import ABOUT, ABSTRACT, BASE, ENGLISH, Gate, client, ringkas, summarize, write

HOSTILE = "</script><script>document.title='gone'</script><img src=x onerror=alert(1)>"


def events(text: str) -> list[tuple[str, Any]]:
    found = []
    for part in text.removesuffix("\n\n").split("\n\n"):
        kind, data = part.split("\n")
        found.append((kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_a_text_is_summarised_and_kept() -> None:
    with client() as found:
        entry = summarize(found, name="a.txt")
        assert (entry["abstract"], entry["translation"], entry["source"]) == (ABSTRACT, ENGLISH, "a.txt")
        [sentence] = entry["review"]["sentences"]
        assert (sentence["sentence"], sentence["translation"], sentence["doubts"]) == (ABSTRACT, ENGLISH, [])
        assert sentence["positions"] == [[0, 0]]
        assert found.get(f"/api/results/{entry['id']}").json() == entry
        [listed] = found.get("/api/results").json()["results"]
        assert listed == {name: entry.get(name) for name in listed} | {"doubts": 0}


def test_a_file_in_a_form_is_a_page() -> None:
    page = f"<html><head><title>Taman Baru</title></head><body><article><p>{ARTICLE}</p></article></body></html>"
    with client() as found:
        files = {"file": ("../../etc/passwd", page.encode(), "text/html")}
        answer = found.post("/api/summarize", files=files, data={"translate": "none", "length": "", "force": "false"})
        assert answer.status_code == 200, answer.text
        assert answer.json()["translation"] is None
        assert answer.json()["source"] == "../../etc/passwd"


def test_a_form_may_have_a_text_in_place_of_a_file() -> None:
    with client() as found:
        answer = found.post("/api/summarize", files={"text": (None, ARTICLE)})
        assert (answer.status_code, answer.json()["abstract"]) == (200, ABSTRACT)
        answer = found.post("/api/summarize", files={"file": (None, ARTICLE)})
        assert (answer.status_code, answer.json()["detail"].partition(":")[0]) == (422, "there is nothing to work on")


def test_cleaning_and_translating() -> None:
    with client() as found:
        article = found.post("/api/clean", json={"text": f"{ARTICLE}\n\nBaca Juga: Harga Cabai Naik"}).json()
        assert ARTICLE in "\n".join(article["paragraphs"])
        assert [piece["text"] for piece in article["removed"]] == ["Baca Juga: Harga Cabai Naik"]
        answer = found.post("/api/translate", json={"text": ABSTRACT})
        assert answer.json()["paragraphs"] == [ENGLISH]
        assert found.get("/api/results").json()["results"] == []


def test_events_tell_how_it_goes() -> None:
    with client() as found:
        answer = found.post("/api/summarize", json={"text": ARTICLE}, headers={"accept": "text/event-stream"})
        assert answer.headers["content-type"].startswith("text/event-stream")
        told = events(answer.text)
        assert told[0][0] == "queued"
        steps = [value for kind, value in told if kind == "progress"]
        assert steps == sorted(steps)
        assert steps[-1] <= 1
        assert told[-1][0] == "done"
        assert found.get(f"/api/results/{told[-1][1]['id']}").json() == told[-1][1]


PAGE = f"<html><head><title>Taman Baru Dibuka</title></head><body><article><p>{ARTICLE}</p></article></body></html>"


def test_a_translation_says_of_each_sentence_how_sure_it_is() -> None:
    def model(task: Task, source: str) -> str:
        return "A 13-hectare park." if "12" in source else write(task, source)

    with client(model) as found:
        [first, second] = found.post("/api/translate", json={"text": f"{ABSTRACT}\nWarga senang."}).json()["sentences"]
        assert (first["source"], first["translation"]) == (ABSTRACT, "A 13-hectare park.")
        assert first["doubtful"] is True
        assert "13" in " ".join(first["reasons"])
        assert (second["paragraph"], second["doubtful"], second["confidence"]) == (1, False, None)


def test_of_a_page_the_article_is_translated() -> None:
    with client() as found:
        answer = found.post("/api/translate", files={"file": ("a.html", PAGE.encode(), "text/html")})
        english = " ".join(map(in_english, split_sentences(ARTICLE))).replace("(2/2)", "(2 February)")
        assert answer.json()["paragraphs"] == ["A new park opens", english]


def test_a_translation_is_kept_where_that_is_asked_for() -> None:
    with client() as found:
        entry = found.post("/api/translate", json={"text": f"{ABSTRACT}\n\n{ABSTRACT}", "keep": True}).json()
        assert found.get(f"/api/results/{entry['id']}").json() == entry
        assert (entry["abstract"], entry["translation"]) == (None, f"{ENGLISH}\n{ENGLISH}")
        [listed] = found.get("/api/results").json()["results"]
        assert (listed["source"], listed["doubts"]) == ("pasted text", 0)
        assert listed["title"].startswith(f"{ABSTRACT} Kota")
        # An edit is checked, and keeps its paragraphs.
        path = f"/api/results/{entry['id']}"
        wrong = f" {ENGLISH}\n\n The city opened a 13-hectare park.  "
        changed = found.patch(path, json={"translation": wrong.replace("\n\n", "\n")}).json()
        assert changed["translation"] == f"{ENGLISH}\nThe city opened a 13-hectare park."
        assert [bool(one["doubts"]) for one in changed["review"]["sentences"]] == [False, True]
        assert found.get("/api/results").json()["results"][0]["doubts"] == 1
        markdown = found.get(f"{path}/download").text
        assert "13-hectare park. **\\[? “" in markdown
        assert "Support" not in markdown
        assert "<mark>The city opened" in found.get(f"{path}/download?format=html").text
        assert found.patch(path, json={"abstract": ABSTRACT}).status_code == 422
        shown = found.get(f"/results/{entry['id']}").text
        assert "Copy abstract" not in shown


def test_what_is_not_indonesian_is_translated_only_if_that_is_asked_for() -> None:
    english = "The government said that the bridge would be closed for half a year."
    with client() as found:
        assert found.post("/api/translate", json={"text": english}).status_code == 422
        assert found.post("/api/translate", json={"text": english, "force": True}).json()["paragraphs"] == [english]
        assert found.post("/api/translate", json={"text": "Taman.", "keep": "perhaps"}).status_code == 422


LINES = "\n".join(f"Taman itu yang nomor {number}." for number in range(150))


@pytest.mark.parametrize("lines", [True, False])
def test_a_translation_tells_how_it_goes(lines: bool) -> None:
    with client() as found:
        order = {"text": LINES, "lines": lines}
        answer = found.post("/api/translate", json=order, headers={"accept": "text/event-stream"})
        told = events(answer.text)
        steps = [value for kind, value in told if kind == "progress"]
        assert len(steps) > 1
        assert steps == sorted(steps)
        assert steps[-1] == pytest.approx(1)
        kind, translation = told[-1]
        assert (kind, translation["warnings"]) == ("done", [])
        assert translation["paragraphs"] == [f"The park is number {number}." for number in range(150)]
        assert translation == found.post("/api/translate", json=order).json()


def test_a_translation_that_nobody_waits_for_stops() -> None:
    class GivenUp(BaseException):
        pass

    told: list[float] = []

    def stop(share: float) -> None:
        told.append(share)
        if sum(told) > 0.5:
            raise GivenUp

    written: list[str] = []

    def note(task: Task, source: str) -> str:
        written.append(source)
        return write(task, source)

    desk = web.Desk(ringkas(note), None, ABOUT)
    with pytest.raises(GivenUp):
        desk.translate(web.Order(LINES, lines=True), stop)
    assert 0 < len(written) < 150


def test_a_failure_is_an_event_too() -> None:
    with client() as found:
        answer = found.post("/api/summarize", json={"text": "  "}, headers={"accept": "text/event-stream"})
        kind, problem = events(answer.text)[-1]
        assert (kind, problem["status"], problem["detail"]) == ("failed", 422, "pasted text is empty")


def test_edits_are_checked_again() -> None:
    with client() as found:
        entry = summarize(found)
        path = f"/api/results/{entry['id']}"
        changed = found.patch(path, json={"abstract": f" {ABSTRACT}\nBiayanya Rp8,5 miliar. ", "reviewed": True}).json()
        assert changed["abstract"] == f"{ABSTRACT} Biayanya Rp8,5 miliar."
        assert changed["reviewed"] is True
        assert changed["edited"]
        assert changed["doubtful"] is True
        last = changed["review"]["sentences"][-1]
        assert "8,5 miliar" in last["doubts"][0]
        # One sentence, and the translation as a whole: it has one less than the abstract.
        assert found.get("/api/results").json()["results"][0]["doubts"] == 2
        assert [one["sentence"] for one in changed["support"]] == [ABSTRACT, "Biayanya Rp8,5 miliar."]
        assert found.get(path).json() == changed
        again = found.patch(path, json={"abstract": ABSTRACT}).json()
        assert again["doubtful"] is False
        [listed] = found.get("/api/results").json()["results"]
        assert listed["doubts"] == 0
        wrong = found.patch(path, json={"translation": "The city of Girimulya opened a 13-hectare park."}).json()
        assert any("13" in doubt for doubt in wrong["review"]["sentences"][0]["doubts"])


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"abstract": 1}, "abstract must be text"),
        ({"abstract": "a" * 20_001}, "at most 20,000 characters"),
        ({"translation": None}, "translation must be text"),
        ({"reviewed": "yes"}, "reviewed must be true or false"),
        ({"paragraphs": []}, "paragraphs can't be changed"),
        ([], "must be a JSON object"),
    ],
)
def test_bad_edits(fields: Any, message: str) -> None:
    with client() as found:
        entry = summarize(found)
        answer = found.patch(f"/api/results/{entry['id']}", json=fields)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
        assert message in answer.json()["detail"]
        assert found.get(f"/api/results/{entry['id']}").json() == entry


@contextmanager
def edit_in_progress(found: TestClient, path: str, **changes: str) -> Iterator[list[int]]:
    """Hold up the check of an edit while the body runs; what is yielded then has the status of its answer."""
    desk = found.app.state.desk  # type: ignore[attr-defined]
    review, reached, opened = desk.ringkas.review, threading.Event(), threading.Event()
    statuses: list[int] = []

    def wait(*args: Any) -> Any:
        reached.set()
        assert opened.wait(30)
        return review(*args)

    desk.ringkas.review = wait
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
        entry = summarize(found)
        path, answers = f"/api/results/{entry['id']}", []
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
        assert found.get(path).status_code == 404
        assert found.get("/api/results").json()["results"] == []


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_history_that_cannot_be_written_is_said(accept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OutputError("cannot use h.sqlite: database or disk is full")

    with client() as found:
        monkeypatch.setattr(History, "put", full)
        answer = found.post("/api/summarize", json={"text": ARTICLE}, headers={"accept": accept})
        kind, problem = events(answer.text)[-1] if accept == "text/event-stream" else ("failed", answer.json())
        assert (kind, problem["status"]) == ("failed", 500)
        assert problem["detail"] == "cannot use h.sqlite: database or disk is full"


def test_results_are_deleted_one_or_all(tmp_path: Path) -> None:
    with client(history=tmp_path / "h.sqlite") as found:
        first, second, third = (summarize(found)["id"] for _ in range(3))
        assert found.delete(f"/api/results/{second}").status_code == 204
        assert found.get(f"/api/results/{second}").status_code == 404
        assert found.delete(f"/api/results/{second}").status_code == 404
        assert {one["id"] for one in found.get("/api/results").json()["results"]} == {first, third}
        assert found.delete("/api/results").status_code == 204
        assert found.get("/api/results").json()["results"] == []
    assert b"Girimulya" not in (tmp_path / "h.sqlite").read_bytes()


def test_the_history_outlives_the_server(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "h.sqlite"
    with client(history=path) as found:
        entry = summarize(found)
        found.patch(f"/api/results/{entry['id']}", json={"reviewed": True})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with client(history=path) as found:
        [listed] = found.get("/api/results").json()["results"]
        assert (listed["id"], listed["reviewed"]) == (entry["id"], True)


def test_without_a_history_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with client() as found:
        entry = summarize(found)
        assert found.get(f"/api/results/{entry['id']}").status_code == 200
    assert not list(tmp_path.iterdir())


def test_a_history_that_is_something_else(tmp_path: Path) -> None:
    (tmp_path / "h.sqlite").write_text("no database at all, but long enough to be looked at" * 99, encoding="utf-8")
    with pytest.raises(OutputError, match=r"cannot use .*h\.sqlite"):
        History(tmp_path / "h.sqlite")
    with pytest.raises(OutputError, match=r"cannot use .*x\.sqlite: file exists"):
        History(tmp_path / "h.sqlite" / "x.sqlite")


def test_downloads() -> None:
    with client() as found:
        head, body = "<title>Taman &lt;Baru> &amp; Dibuka</title>", f"<article><p>{ARTICLE}</p></article>"
        entry = summarize(found, f"<html><head>{head}</head><body>{body}</body></html>")
        path = f"/api/results/{entry['id']}/download"
        markdown = found.get(path)
        assert markdown.text.startswith("# Taman &lt;Baru&gt; &amp; Dibuka\n")
        assert ABSTRACT in markdown.text
        answer = found.get(f"{path}?format=json")
        assert answer.json() == entry
        assert answer.headers["content-disposition"] == 'attachment; filename="taman-baru-dibuka.json"'
        page = found.get(f"{path}?format=html").text
        assert ABSTRACT in page
        assert "Content-Security-Policy" in page
        assert found.get(f"{path}?format=exe").status_code == 422


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"{", 400, "is not JSON"),
        (b'"a"', 422, "must be a JSON object"),
        (b'{"text": "\\ud800"}', 400, "is not JSON"),
        (b"[" * 100_000, 400, "is not JSON"),
        (b"{}", 422, "there is nothing to work on"),
        (b'{"text": 1}', 422, "there is nothing to work on"),
        (b'{"text": "a", "translate": "all"}', 422, "translate must be one of abstract, article, none"),
        (b'{"text": "a", "length": []}', 422, "length must be one of null, short, medium, long"),
        (b'{"text": "a", "force": []}', 422, "force must be true or false"),
        (b'{"text": "a", "name": {}}', 422, "name must be text"),
        (b'{"text": "a", "path": "/etc/passwd"}', 422, "unknown field 'path'"),
        (b'{"text": ""}', 422, "pasted text is empty"),
        (b'{"text": "Harga naik."}', 422, "holds no article"),
    ],
)
def test_what_is_wrong_is_said(body: bytes, status: int, message: str) -> None:
    with client() as found:
        answer = found.post("/api/summarize", content=body, headers={"content-type": "application/json"})
        problem = answer.json()
        assert (answer.status_code, problem["status"]) == (status, status)
        assert answer.headers["content-type"] == "application/problem+json"
        assert message in problem["detail"]
        assert problem["title"]


def test_a_page_without_an_article_can_be_forced() -> None:
    with client() as found:
        refused = found.post("/api/summarize", json={"text": "Taman dibuka."})
        assert refused.status_code == 422
        assert refused.json()["advice"]
        assert summarize(found, "Taman dibuka.", force=True)["abstract"]


def test_other_media_types_are_refused() -> None:
    with client() as found:
        assert found.post("/api/summarize", content=ARTICLE).status_code == 415
        headers = {"content-type": "multipart/form-data; boundary=x"}
        assert found.post("/api/summarize", content=b"--y\r\n\r\n", headers=headers).status_code in (400, 422)
        answer = found.put("/api/results")
        assert (answer.status_code, set(answer.headers["allow"].split(", "))) == (405, {"GET", "HEAD", "DELETE"})
        assert found.get("/api/nothing").json()["status"] == 404


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
        assert "\n" not in answer.json()["detail"]
        assert "\x1b" not in answer.json()["detail"]
        assert found.get("/api/results").json()["results"] == []


def test_forms_have_one_file_and_few_fields() -> None:
    with client() as found:
        one = ("file", ("a.txt", ARTICLE.encode(), "text/plain"))
        assert found.post("/api/summarize", files=[one, one]).status_code == 400
        many = {f"field{number}": "x" for number in range(99)}
        assert found.post("/api/summarize", files=[one], data=many).status_code == 400
        headers = {"content-type": "multipart/form-data"}
        assert found.post("/api/summarize", content=b"--x\r\n", headers=headers).status_code == 400


def test_a_model_that_fails_is_a_problem_not_the_end() -> None:
    def broken(task: Task, source: str) -> str:
        if "Banjir" in source:
            raise ValueError("a secret of the machine")
        return write(task, source)

    with client(broken) as found:
        answer = found.post("/api/summarize", json={"text": ARTICLE.replace("Pemerintah", "Banjir")})
        assert answer.status_code == 500
        assert summarize(found)["abstract"] == ABSTRACT


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_an_error_that_nobody_foresaw_is_logged_and_not_told(
    accept: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("a secret of the machine")

    with client() as found:
        monkeypatch.setattr(web.Desk, "summarize", broken)
        answer = found.post("/api/summarize", json={"text": ARTICLE}, headers={"accept": accept})
        problem = events(answer.text)[-1][1] if accept == "text/event-stream" else answer.json()
        assert (problem["status"], problem["detail"]) == (
            500,
            "an unexpected error occurred: the server's log says what",
        )
        assert "secret" not in answer.text
        assert "ValueError: a secret of the machine" in caplog.text
        assert found.post("/api/clean", json={"text": ARTICLE}).status_code == 200


def test_a_client_that_hangs_up_gives_up_its_job(monkeypatch: pytest.MonkeyPatch) -> None:
    class Request:
        looks = 0

        async def is_disconnected(self) -> bool:
            self.looks += 1
            return self.looks > 2

    async def work() -> list[Any]:
        job = Worker(1).submit(lambda advance: None)
        await web._give_up_if_gone(Request(), job)  # type: ignore[arg-type]
        assert job.is_given_up
        return [event async for event in job.events()]

    monkeypatch.setattr(web, "_LOOK_SECONDS", 0)
    last = asyncio.run(work())[-1]
    with pytest.raises(RingkasError, match="the client is gone"):
        unwrap(last)


def test_a_model_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise ModelError("no model is here")

    with client() as found:
        monkeypatch.setattr(FakeModel, "generate", missing)
        answer = found.post("/api/summarize", json={"text": ARTICLE})
        assert (answer.status_code, answer.json()["detail"]) == (503, "no model is here")


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


def test_a_job_is_told_how_many_are_in_front_and_when_its_turn_has_come() -> None:
    async def work() -> list[list[tuple[str, Any]]]:
        worker = Worker(2)
        jobs = [worker.submit(lambda advance: None) for _ in range(2)]
        task = asyncio.create_task(worker.run())
        told = [[(event.kind, event.value) async for event in job.events()] for job in jobs]
        task.cancel()
        return told

    first, second = asyncio.run(work())
    assert first[-2:] == [("queued", 0), ("done", None)]
    assert second[0] == ("queued", 1)
    assert second[-2:] == [("queued", 0), ("done", None)]


def test_who_waits_is_told_that_one_in_front_is_gone() -> None:
    async def work() -> list[tuple[str, Any]]:
        worker = Worker(2)
        first, second = (worker.submit(lambda advance: None) for _ in range(2))
        first.give_up()
        task = asyncio.create_task(worker.run())
        told = [(event.kind, event.value) async for event in second.events()]
        task.cancel()
        return told

    assert asyncio.run(work()) == [("queued", 1), ("queued", 0), ("queued", 0), ("done", None)]


def test_many_clients_lose_nothing() -> None:
    answers: dict[int, int] = {}
    with client() as found:

        def ask(number: int) -> None:
            while (answer := found.post("/api/summarize", json={"text": ARTICLE, "name": f"{number}"})).is_error:
                assert answer.status_code == 503
                time.sleep(0.05)
            answers[number] = answer.json()["source"]

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(60)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert answers == {number: str(number) for number in range(60)}
        assert len(found.get("/api/results").json()["results"]) == 60


def until(holds: Any) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_document_names_every_route() -> None:
    with client() as found:
        document = found.get("/api/openapi.json").json()
        [api] = [route for route in found.app.routes if route.path == "/api"]  # type: ignore[attr-defined]
        methods = {
            route.path: route.methods
            or {name for name in ("GET", "PATCH", "DELETE") if hasattr(route.endpoint, name.lower())}
            for route in api.routes
        }
        routes = {(f"/api{path}", name.lower()) for path, names in methods.items() for name in names - {"HEAD"}}
        assert routes == {
            (path, method) for path, item in document["paths"].items() for method in item if method != "parameters"
        }
        entry = summarize(found, translate="article", length="short")
        assert set(entry) <= set(document["components"]["schemas"]["Entry"]["properties"])
        assert set(document["components"]["schemas"]["Entry"]["required"]) <= set(entry)
        article = found.post("/api/clean", json={"text": ARTICLE}).json()
        assert set(article) <= set(document["components"]["schemas"]["Article"]["properties"])
        assert set(document["components"]["schemas"]["Article"]["required"]) <= set(article)
        assert found.get("/api/models").json() == {"models": [{"name": "fake"}]}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8017", "", "[::"])
def test_another_name_is_refused(host: str) -> None:
    with client() as found:
        answer = found.get("/api/results", headers={"host": host})
        assert answer.status_code == 421


@pytest.mark.parametrize("host", ["localhost:8017", "127.0.0.1", "[::1]:8017", "127.0.0.2:9"])
def test_this_machine_s_own_names_are_taken(host: str) -> None:
    with client() as found:
        assert found.get("/api/results", headers={"host": host}).status_code == 200


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
            ("POST", "/api/summarize"),
            ("PATCH", path),
            ("DELETE", path),
            ("DELETE", "/api/results"),
        ):
            answer = found.request(method, address, json={"text": ARTICLE}, headers=headers)
            assert answer.status_code == 403
        assert found.get(path).json() == entry


def test_the_own_page_s_requests_are_taken() -> None:
    with client() as found:
        headers = {"origin": BASE, "sec-fetch-site": "same-origin"}
        assert found.post("/api/clean", json={"text": ARTICLE}, headers=headers).status_code == 200


def test_with_a_token_every_request_must_bring_it() -> None:
    with client(token="secret") as found:
        for path in ("/", "/api/results", "/static/desk.js", "/?token=wrong"):
            answer = found.get(path, headers={"host": "ringkas.example"})
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert found.get("/api/results", headers={"authorization": "Bearer wrong"}).status_code == 401
        assert found.get("/api/results", headers={"authorization": "Bearer secret"}).status_code == 200
        assert found.get("/api/results", headers={"cookie": "ringkas=säcret".encode()}).status_code == 401
        answer = found.get("/?token=secret", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        # Another program of this machine has a cookie with a name that the standard forbids.
        others = {"cookie": "a/b=1; ringkas=secret; c@d=2"}
        assert found.get("/api/results", headers=others).status_code == 200
        # The client keeps the cookie.
        assert found.get("/api/results").status_code == 200


def test_every_answer_has_its_policy() -> None:
    with client() as found:
        for path in ("/", "/api/results", "/static/desk.css", "/nothing"):
            headers = found.get(path).headers
            assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; ")
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("told", [True, False])
def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch, told: bool) -> None:
    monkeypatch.setattr(safety, "MAX_BODY", 1000)

    def chunks() -> Any:
        for _ in range(4):
            yield b" " * 500

    with client() as found:
        headers = {"content-type": "application/json"}
        content = b" " * 2000 if told else chunks()
        answer = found.post("/api/summarize", content=content, headers=headers)
        assert answer.status_code == 413
        assert answer.json()["advice"]


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/page.html", "/static/%2e%2e%2fcard.html", "/results/x"])
def test_nothing_else_is_served(path: str) -> None:
    with client() as found:
        assert found.get(path).status_code == 404


def test_articles_are_text_everywhere() -> None:
    body = f"<article><p>{ARTICLE} 1 &lt;img src=x&gt;</p></article>"
    page = f"<html><head><title>{HOSTILE}</title></head><body>{body}</body></html>"

    def hostile(task: Task, source: str) -> str:
        return f"{write(task, source)} {HOSTILE}"

    with client(hostile) as found:
        entry = summarize(found, page, name=HOSTILE, force=True)  # no word of the headline is the text's
        edited = found.patch(f"/api/results/{entry['id']}", json={"abstract": HOSTILE, "translation": HOSTILE})
        assert edited.status_code == 200
        for path in (f"/results/{entry['id']}", f"/api/results/{entry['id']}/download?format=html"):
            shown = found.get(path).text
            assert "<img" not in shown
            assert "<script>document" not in shown
            assert "&lt;/script&gt;" in shown


def test_the_first_load_is_small() -> None:
    with client() as found:
        page = found.get("/").text
        sizes = [len(page)] + [len(found.get(f"/static/{name}").content) for name in ("desk.css", "desk.js")]
        assert sum(sizes) < 100_000
        # Nothing comes from elsewhere, and nothing runs that stands in the page itself.
        assert "http://" not in page
        assert "https://" not in page
        assert "<style" not in page
        assert "<script src=" in page
        assert "<script>" not in page


def test_the_model_is_loaded_before_the_first_article() -> None:
    desk = ringkas()
    begun, loaded = threading.Event(), threading.Event()

    def load() -> None:
        begun.set()
        assert loaded.wait(30)

    desk.load = load  # type: ignore[method-assign]
    with TestClient(web.create_app(desk, about=ABOUT), base_url=BASE) as found:
        assert begun.wait(30)
        assert found.get("/api/health").json()["loading"] is True
        loaded.set()
        until(lambda: not found.get("/api/health").json()["loading"])
