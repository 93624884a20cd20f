import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast
from unittest.mock import Mock

import numpy as np
import pytest

from summarizer import Article, Result, SavedPage, Summarizer, read_text
from summarizer.errors import InputError, ModelError, NoArticleError, NotIndonesianError, RingkasError
from summarizer.models.base import Advance, CutWeights, Generation, Request, Task
from summarizer.models.catalogue import DEFAULT
from summarizer.summarizer import TRANSLATE, Translate
from summarizer.text.words import WORD, fold
from tests.conftest import ABSTRACT, ARTICLE, ROOT, SAMPLES, FakeJudge, FakeModel, in_english

NEWS = ROOT / "eval" / "data" / "news"
ENGLISH = "Girimulya opens a park of 12 hectares."
HEADLINE = "A new park opens"
FOREIGN = "The government said that the bridge would be closed for half a year. "


def write(task: Task, source: str) -> str:
    if task is Task.SUMMARIZE:
        return ABSTRACT
    return {ABSTRACT: ENGLISH, "Taman baru dibuka": HEADLINE}.get(source, f"[{source}]")


@pytest.fixture
def ringkas() -> Summarizer:
    return Summarizer(FakeModel(write))


PAGE = read_text(f"Taman Baru Dibuka\n{ARTICLE}\nTerpopuler\n- Harga Cabai Naik", "a.txt")


def test_a_page_gives_an_abstract_and_its_translation(ringkas: Summarizer) -> None:
    result = ringkas.summarize(PAGE)
    assert result.abstract == ABSTRACT
    assert result.translation == ENGLISH
    assert result.article_translation is None
    assert result.article.title == "Taman Baru Dibuka"
    assert result.article.paragraphs == (ARTICLE,)
    assert result.warnings == ()
    assert result.model == "fake"
    assert result.article_sentences == ()
    whole = ringkas.summarize(PAGE, translate="article")
    assert whole.translation == ENGLISH
    assert whole.article_translation is not None
    assert [" ".join(one.text for one in whole.article_sentences)] == [*whole.article_translation]
    model = FakeModel(write)
    none = Summarizer(model).summarize(PAGE, translate="none")
    assert none.translation is None
    assert none.title_translation is None
    assert {task for task, *_ in model.calls} == {Task.SUMMARIZE}
    translator = FakeModel(write)
    translator.name = "other"
    assert Summarizer(summary_model=model, translation_model=translator).summarize(PAGE).model == "fake + other"
    assert {task for task, *_ in translator.calls} == {Task.TRANSLATE}


@pytest.mark.parametrize("wrong", [5, True, b"gemma", Path("model"), object(), ["gemma"]])
@pytest.mark.parametrize("name", ["model", "summary_model", "translation_model", "judge"])
def test_what_is_no_model_is_said_where_it_is_named(name: str, wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"^[^\n]* is no model: pass a name [^\n]*$"):
        Summarizer(**{name: wrong})


@pytest.mark.parametrize("wrong", ["all", "", None, 5])
def test_what_cannot_be_translated_is_said_before_a_model_is_looked_for(wrong: Any, ringkas: Summarizer) -> None:
    calls: tuple[Callable[[], object], ...] = (
        lambda: ringkas.check(wrong),
        lambda: ringkas.identity(wrong),
        lambda: ringkas.summarize(PAGE, wrong),
        lambda: ringkas.write([ringkas.clean(PAGE)], wrong),
    )
    for call in calls:
        with pytest.raises(ValueError, match="must be one of abstract, article, none"):
            call()


@pytest.mark.parametrize("wrong", [5, None, b"Harga naik.", ["Harga naik."]])
def test_a_text_of_another_type_is_said(wrong: Any, ringkas: Summarizer) -> None:
    calls: tuple[Callable[[], object], ...] = (
        lambda: ringkas.translate(wrong),
        lambda: list(ringkas.translate_lines(wrong)),
        lambda: ringkas.check_translation(wrong, "Prices rose."),
        lambda: ringkas.check_translation("Harga naik.", wrong),
    )
    for call in calls:
        with pytest.raises(TypeError, match=f"a text is str, not {type(wrong).__name__}"):
            call()


@pytest.mark.parametrize(
    ("setting", "wrong"),
    [*[("processes", wrong) for wrong in (-1, 1.5, "2", None, True)], *[("window", wrong) for wrong in (0, 1.5, "2")]],
)
def test_a_number_that_is_none_is_said_before_anything_is_read(setting: str, wrong: Any, ringkas: Summarizer) -> None:
    with pytest.raises(ValueError, match="it must be a whole number"):
        ringkas.summarize_many(["no such file"], **{setting: wrong})


def test_sentences_stand_beside_their_translations_and_say_whether_they_are_the_articles_own() -> None:
    copy = ARTICLE.split(". ")[1] + "."
    model = FakeModel(lambda task, source: f"{ABSTRACT} {copy}" if task is Task.SUMMARIZE else in_english(source))
    for translate, english in (("abstract", [in_english(ABSTRACT), in_english(copy)]), ("none", [None, None])):
        sentences = Summarizer(model).summarize(PAGE, translate).sentences  # type: ignore[arg-type]
        assert [one.translation for one in sentences] == english
        assert [one.sentence.copied for one in sentences] == [False, True]


def test_the_headline_is_translated_like_a_sentence_of_its_own(ringkas: Summarizer) -> None:
    one = ringkas.summarize(PAGE)
    without = ringkas.summarize(read_text(ARTICLE, "b.txt"))
    assert one.title_translation == HEADLINE
    assert one.article.title == "Taman Baru Dibuka"
    assert without.title_translation is None
    assert without.translation == ENGLISH
    assert [sentence.text for sentence in one.title_sentences] == [HEADLINE]
    assert without.title_sentences == ()
    # What is wrong with it is said.
    page = read_text(f"Ratna Puspita Buka 3 Taman\n{ARTICLE}", "a.txt")
    model = FakeModel(lambda task, source: "Parks" if "taman" in source[-6:].lower() else write(task, source))
    [warning] = Summarizer(model).summarize(page).warnings
    assert "“Ratna Puspita buka 3 taman”" in warning


def test_the_title_reaches_the_model_and_the_length_the_result() -> None:
    model = FakeModel(write)
    ringkas = Summarizer(model)
    results = [
        ringkas.summarize(PAGE, length="short"),
        *ringkas.summarize_many([PAGE], length="medium"),
        *ringkas.write([Summarizer().clean(PAGE)], length="long"),
        ringkas.summarize(PAGE),
    ]
    assert model.told == [["Taman Baru Dibuka"]] * 4
    assert [result.length for result in results if isinstance(result, Result)] == ["short", "medium", "long", None]


@pytest.mark.parametrize(
    "settings",
    [*({"length": one} for one in ("huge", "", 3)), *({"translate": one} for one in ("all", "Abstract"))],
)
@pytest.mark.parametrize("call", [Summarizer.summarize, Summarizer.summarize_many, Summarizer.write])
def test_unknown_settings_are_refused_before_anything_is_read(
    call: Callable[..., object], settings: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="must be one of"):
        call(Summarizer("no such model"), "hilang.txt", **settings)


@pytest.mark.parametrize("threads", [0, -1, 2.5, "x", True])
def test_threads_that_there_can_t_be(threads: object) -> None:
    with pytest.raises(ValueError, match="threads") as caught:
        Summarizer(threads=threads)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    with pytest.raises(ValueError, match="1 or more"):
        Summarizer("no such model").summarize_many(["hilang.txt"], window=0)


def articles(count: int) -> list[Article]:
    return [Summarizer().clean(read_text(f"{ARTICLE} Nomor {number}.", f"{number}.txt")) for number in range(count)]


@pytest.mark.parametrize("translate", TRANSLATE)
def test_many_are_as_one_in_windows_and_share_the_models_calls(translate: Translate) -> None:
    model = FakeModel(write)
    sources = articles(5)
    one_by_one = [Summarizer(FakeModel(write)).summarize(source, translate) for source in sources]
    assert list(Summarizer(model).summarize_many(sources, translate, window=3)) == one_by_one
    assert [result.article.source for result in one_by_one] == [f"{number}.txt" for number in range(5)]
    assert [len(texts) for task, texts in model.calls if task is Task.SUMMARIZE] == [3, 2]
    # Nothing is read before it is needed.
    endless = iter(sources * 20)
    next(Summarizer(model).summarize_many(endless, window=4))
    assert len(list(endless)) == 96


@pytest.mark.parametrize("processes", [0, 2])
def test_bad_sources_are_errors_in_their_places(ringkas: Summarizer, tmp_path: Path, processes: int) -> None:
    good = tmp_path / "a.txt"
    english = tmp_path / "en.txt"
    good.write_text(ARTICLE, encoding="utf-8")
    english.write_text(FOREIGN * 5, encoding="utf-8")
    # What is given in place of a path is said too.
    sources = [tmp_path / "hilang.txt", good, english, PAGE, str(tmp_path), cast(str, b"<html>isi</html>")]
    outcomes = list(ringkas.summarize_many(sources, processes=processes, window=2))
    kinds = [InputError, Result, NotIndonesianError, Result, InputError, RingkasError]
    assert [type(outcome) for outcome in outcomes] == kinds
    assert str(tmp_path / "hilang.txt") in str(outcomes[0])
    assert "<html>isi</html> can't be cleaned: TypeError" in str(outcomes[-1])


def test_what_is_no_source_is_an_error_in_its_place_or_refused(ringkas: Summarizer) -> None:
    found = list(ringkas.summarize_many([SavedPage("a", ARTICLE), None, 5, SavedPage("b", ARTICLE)]))  # type: ignore[list-item]
    assert [isinstance(one, RingkasError) for one in found] == [False, True, True, False]
    with pytest.raises(TypeError, match="single name"):
        ringkas.summarize_many("a.txt")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("tidak\nbisa"), "ValueError: tidak bisa"),
        (MemoryError(), "not enough memory"),
        (RuntimeError("[ONNXRuntimeError] : std::bad_alloc"), "not enough memory"),
    ],
)
def test_what_goes_wrong_with_one_article_spares_the_others(error: Exception, reason: str) -> None:
    def write_but_one(task: Task, source: str) -> str:
        if "Nomor 1." in source:
            raise error
        return write(task, source)

    outcomes = list(Summarizer(FakeModel(write_but_one)).summarize_many(articles(3)))
    assert [type(outcome) for outcome in outcomes] == [Result, RingkasError, Result]
    assert str(outcomes[1]).startswith("1.txt can't be summarised: ")
    assert reason in str(outcomes[1])


def test_a_model_that_fails_for_good_stops_all() -> None:
    """Also where it is noticed only as each article is tried alone, or where it can't be loaded."""
    fail = Mock(side_effect=[ValueError("meledak"), ModelError("the model is gone")])
    with pytest.raises(ModelError, match="gone"):
        list(Summarizer(FakeModel(fail)).summarize_many(articles(3)))
    with pytest.raises(ModelError, match="typo"):
        Summarizer(engine="typo")
    with pytest.raises(ModelError, match="gpt-7"):
        list(Summarizer("gpt-7").summarize_many(articles(3)))


@pytest.mark.parametrize("task", [None, *Task])
def test_progress_reaches_its_end_also_where_articles_are_tried_again(task: Task | None) -> None:
    errors = [ValueError("meledak")]

    def write_at_second_try(asked: Task, source: str) -> str:
        if asked is task and errors:
            raise errors.pop()
        return write(asked, source)

    counts: list[float] = []
    ringkas = Summarizer(FakeModel(write_at_second_try))
    outcomes = ringkas.write([*articles(3), InputError("rusak")], "article", advance=counts.append)
    assert [type(outcome) for outcome in outcomes] == [Result, Result, Result, InputError]
    assert sum(counts) == pytest.approx(4)


@pytest.mark.parametrize("translate", ["abstract", "article", "none"])
def test_a_stage_is_told_before_its_progress(translate: Translate) -> None:
    told: list[str | float] = []
    Summarizer(FakeModel(write)).summarize(PAGE, translate, advance=told.append, enter=told.append)
    stages = [entry for entry in told if isinstance(entry, str)]
    shares = [entry for entry in told if not isinstance(entry, str)]
    assert told[0] == "summarising"
    assert stages == (["summarising"] if translate == "none" else ["summarising", "translating"])
    assert sum(shares) == pytest.approx(1)
    if translate != "none":
        done = sum(shares[: told.index("translating") - 1])
        assert done == pytest.approx(0.6 if translate == "abstract" else 0.1)


def test_a_model_is_said_to_be_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.summarizer.load_model", lambda *_, **options: FakeModel(write))
    ringkas = Summarizer()
    told: list[str] = []
    for _ in range(2):
        ringkas.summarize(PAGE, "none", enter=told.append)
    assert told == ["loading the model", "summarising", "summarising"]


def test_translate_keeps_paragraphs_and_lines(ringkas: Summarizer) -> None:
    assert ringkas.translate("Hujan turun.\n\n\nJalan licin.\n").paragraphs == ("[Hujan turun.]", "[Jalan licin.]")
    # What was read in the wrong encoding is repaired.
    for by_line in (False, True):
        repaired = ringkas.translate("Suhu di sana 20â€“25 derajat karena hujan.", lines=by_line).paragraphs
        assert repaired == ("[Suhu di sana 20–25 derajat karena hujan.]",)
    for text in ("Hujan turun.\n\nJalan\u2028licin.\n", "Hujan turun.\n\nJalan\x0blicin."):
        lines = ringkas.translate(text, lines=True).paragraphs
        assert len(lines) == 3
        assert lines[1] == ""
    many = "\n".join(f"Hujan turun di desa nomor {number}." for number in range(100))
    parts = list(ringkas.translate_lines(many))
    assert len(parts) > 1
    assert [line for part in parts for line in part.paragraphs] == [*ringkas.translate(many, lines=True).paragraphs]


def test_what_is_in_memory_is_translated_as_a_file_is(ringkas: Summarizer, tmp_path: Path) -> None:
    page = f"<html><head><title>Taman Baru Dibuka</title></head><body><article><p>{ARTICLE}</p></article></body></html>"
    for name, content in (("a.html", page), ("a.txt", "Hujan turun di kota itu.\n\nJalan itu licin.")):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        # No file of the name is opened.
        for given in (content, content.encode()):
            found = ringkas.translate_page(SavedPage("/etc/passwd", given))
            assert found.translation == ringkas.translate_page(path).translation
            assert len(found.article.paragraphs) == len(found.translation.paragraphs)
            assert found.article.source == "/etc/passwd"
            assert found.model == "fake"
    assert ringkas.translate_page(SavedPage("a.html", page)).translation.paragraphs[0] == HEADLINE


def test_what_is_refused_and_what_can_be_forced(ringkas: Summarizer) -> None:
    for call in (ringkas.translate, lambda text: list(ringkas.translate_lines(text))):
        with pytest.raises(NotIndonesianError, match="English"):
            call(FOREIGN)
    page = SavedPage("a.txt", FOREIGN * 5)
    for refused in (ringkas.translate_page, ringkas.clean):
        with pytest.raises(NotIndonesianError):
            refused(page)
    assert "government" in ringkas.translate_page(page, force=True).translation.paragraphs[0]
    # What holds nothing at all can't be forced.
    forced = Summarizer("no such model", force=True)
    assert forced.clean(page).paragraphs
    assert "English" in forced.clean(page).warnings[-1]
    with pytest.raises(NoArticleError):
        forced.clean(read_text("Terpopuler\n- Harga Naik", "kosong.txt"))
    for content in (" \n", b"", b"%PDF-1.7", b"\0\1\2\3" * 99):
        with pytest.raises(InputError, match=r"^a\.txt is "):
            ringkas.translate_page(SavedPage("a.txt", content))


def test_who_judges_translations() -> None:
    text = "Warga senang."
    model = FakeModel(lambda *_: "The speaker was happy.")
    judge = FakeJudge("speaker")
    judged = Summarizer(model, judge=judge)
    assert judged.translate(text).sentences[0].confidence.doubtful
    assert judge.name in judged.identity()
    for silent in (Summarizer(model), Summarizer(model, judge=judge, confidence=False)):
        assert silent.translate(text).sentences[0].confidence.value is None
        assert judge.name not in silent.identity()
        assert len(judge.judged) == 1
    with pytest.raises(ModelError, match="judge"):
        Summarizer(model, judge=model).translate(text)  # type: ignore[arg-type]


def test_a_translation_of_anybody_is_checked() -> None:
    ringkas = Summarizer(judge=FakeJudge("speaker"))
    found = ringkas.check_translation("Warga senang.\nWarga pulang.\n", "A speaker.\nResidents went home.")
    assert [bool(record["reasons"]) for record in found.to_records()] == [True, False]
    for source, translation, error in (
        ("Warga senang.", "A.\nB.", InputError),
        ("The residents are happy with the new park that the city opened.", "A.", NotIndonesianError),
    ):
        with pytest.raises(error):
            ringkas.check_translation(source, translation)


@pytest.mark.parametrize("words", [1, 2_000])
def test_a_line_that_is_checked_may_be_three_times_its_source_or_20_000_characters(words: int) -> None:
    ringkas = Summarizer(confidence=False)
    source = "Warga " * words + "senang"
    longest = max(20_000, 3 * len(source))
    ringkas.check_translation(f"Warga pulang.\n{source}", "Residents left.\n" + "a" * longest)
    with pytest.raises(InputError, match=rf"^line 2 of the translation has .* at most {longest:,}") as caught:
        ringkas.check_translation(f"Warga pulang.\n{source}", "Residents left.\n" + "a" * (longest + 1))
    assert caught.value.advice == "give each line of the source its own line"


@pytest.mark.parametrize("side", ["source", "translation"])
def test_no_line_that_is_checked_is_longer_than_a_paragraph_can_be(side: str) -> None:
    texts = {"source": "Warga senang.", "translation": "Residents are happy.", side: "Warga senang. " * 5_000}
    with pytest.raises(InputError, match=r"^line 1 has 70000 characters, too many for a paragraph"):
        Summarizer(confidence=False).check_translation(**texts)


def test_the_embedded_model_judges_what_others_wrote(checkpoint: Path) -> None:
    source = "Pembawa obor pertama adalah juara dunia renang."
    good = "The first torchbearer was the world swimming champion."
    bad = "The first speaker was the world boss."
    found = Summarizer(offline=True).check_translation(f"{source}\n{source}", f"{good}\n{bad}")
    right, wrong = (one.confidence for one in found.sentences)
    assert (right.value or 0) > (wrong.value or 0)
    assert right.doubtful is False
    assert wrong.doubtful is True
    [mark] = Summarizer(FakeModel(lambda *_: bad), judge=DEFAULT).translate(source).sentences
    assert mark.confidence == wrong


def test_the_main_job_with_the_embedded_model(checkpoint: Path) -> None:
    result = Summarizer().summarize(SAMPLES / "jembatan.txt", translate="article")
    assert result.model == DEFAULT
    assert "jembatan" in result.abstract.lower()
    assert "bridge" in (result.translation or "").lower()
    assert len(result.article_translation or ()) == 8
    assert {one.paragraph for one in result.article_sentences} == set(range(8))
    assert all(one.confidence.value is not None for one in (*result.title_sentences, *result.article_sentences))
    assert "Terpopuler" not in result.to_json()


class Answering(FakeModel):
    """A model of somebody's that answers otherwise than `TextModel` says."""

    def __init__(self, answer: Callable[[list[Generation]], Any], ranks: Any = None) -> None:
        super().__init__()
        self._answer = answer
        self._ranks = ranks

    def rank_sentences(self, articles: Sequence[tuple[str, Sequence[str]]]) -> Any:
        return self._ranks

    def generate(
        self, task: Task, requests: Sequence[Request], *, advance: Advance = lambda count: None
    ) -> list[Generation]:
        return self._answer(super().generate(task, requests, advance=advance))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda written: written[1:], r"^the model fake returned \d texts, not \d$"),
        (lambda written: written * 2, r"^the model fake returned \d texts, not \d$"),
        (lambda written: None, "^the model fake returned NoneType, not a list of texts$"),
        (lambda written: ["A park."] * len(written), "returned str where it should return a text$"),
        (lambda written: [Generation(None, True)] * len(written), "returned NoneType where"),
        (lambda written: [Generation("A \ud800 park.", True)] * len(written), "model fake wrote holds half of a"),
        (
            lambda written: [Generation("A", True, others=(Generation("\udfff", True),))] * len(written),
            "model fake wrote holds half of a",
        ),
        (lambda written: [Generation("A", True, others=None)] * len(written), "returned NoneType, not a list of other"),
        (lambda written: [Generation("A", True, others=("B",))] * len(written), "returned str where it should return"),
        (lambda written: [Generation("A", True, score=math.nan)] * len(written), "returned nan as a score"),
        (lambda written: [Generation("A", True, token_scores=(-math.inf,))] * len(written), "returned -inf as a score"),
        (lambda written: [Generation("A", True, source_scores=("x",))] * len(written), "a score that is no number$"),
        (
            lambda written: [Generation("A", True, token_scores=(-1.0,), tokens=(" A", ""))] * len(written),
            "^the model fake returned 1 scores of tokens, not 2$",
        ),
    ],
)
def test_a_model_that_writes_no_text_for_each_request_is_at_fault(
    answer: Callable[[list[Generation]], Any], message: str
) -> None:
    ringkas = Summarizer(Answering(answer), progress=False)
    page = SavedPage("a.txt", ARTICLE)
    for ask in (lambda: ringkas.translate("Warga senang."), lambda: ringkas.summarize(page, "none")):
        with pytest.raises(ModelError, match=message) as caught:
            ask()
        assert caught.value.advice == "use another model, or tell whoever made it"


def test_what_a_model_writes_stands_on_one_line_without_control_characters() -> None:
    def write(task: Task, source: str) -> str:
        text = ABSTRACT if task is Task.SUMMARIZE else in_english(source)
        return text.replace(" ", "\r\n \x1b[31m\u2028\x00", 1)

    result = Summarizer(FakeModel(write), progress=False).summarize(SavedPage("a.txt", ARTICLE))
    assert result.abstract == ABSTRACT
    assert result.translation == in_english(ABSTRACT)


def test_scores_may_be_of_numpy() -> None:
    scored = Generation("A park.", True, token_scores=np.array([-0.5, -0.25, -1]), tokens=(" A", " park.", ""))
    model = Answering(lambda written: [scored] * len(written))
    [sentence] = Summarizer(model, progress=False).translate("Sebuah taman.").to_dict()["sentences"]
    assert sentence["translation"] == "A park."


@pytest.mark.parametrize("ranks", [[], [[]], [[1.0]], 3])
def test_a_model_that_does_not_rank_each_sentence_is_at_fault(ranks: Any) -> None:
    model = Answering(lambda written: written, ranks)
    with pytest.raises(ModelError, match="ranks"):
        Summarizer(model, progress=False).summarize(SavedPage("a.txt", ARTICLE), "none")


@pytest.mark.parametrize("rank", [math.nan, None, "high"])
def test_a_model_whose_ranks_are_no_numbers_is_at_fault(rank: Any) -> None:
    model = Answering(lambda written: written, [[rank] * 3])
    with pytest.raises(ModelError, match="a score"):
        Summarizer(model, progress=False).summarize(SavedPage("a.txt", ARTICLE), "none")


def of_shape(nodes: int, steps: float = 0.0, stands: float = 1.0) -> CutWeights:
    return CutWeights(np.full((nodes, nodes), steps), np.full((nodes, nodes), stands))


@pytest.mark.parametrize(
    "weigh",
    [
        lambda words: of_shape(words),
        lambda words: of_shape(words + 3),
        lambda words: of_shape(words + 2, steps=math.nan),
        lambda words: of_shape(words + 2, steps=math.inf),
        lambda words: of_shape(words + 2, stands=math.nan),
        lambda words: CutWeights([[0.0]], [[1.0]]),
        lambda words: None,
    ],
    ids=["smaller", "larger", "steps no numbers", "steps without end", "stands no numbers", "lists", "none"],
)
def test_a_model_that_does_not_weigh_each_word_is_at_fault(weigh: Callable[[int], Any]) -> None:
    model = FakeModel(rank=lambda sentence: 1.0)
    vars(model)["weigh_cuts"] = lambda texts: [[weigh(len(text.split())) for text in row] for _, row in texts]
    with pytest.raises(ModelError, match=r"returned (no array of|steps that|stands that)"):
        Summarizer(model, progress=False).summarize(SavedPage("a.txt", ARTICLE), "none")


@pytest.mark.parametrize("scores", [(math.nan, -1.0, -1.0, -1.0), (-1.0,)])
def test_a_judge_that_does_not_score_each_token_is_at_fault(scores: tuple[float, ...]) -> None:
    judge = FakeJudge("speaker")
    vars(judge)["score"] = lambda task, requests, texts: [scores] * len(texts)
    with pytest.raises(ModelError, match=r"returned (nan as a score|1 scores of tokens, not 4)"):
        Summarizer(judge=judge).check_translation("Warga senang.", "Residents are happy.")


@pytest.mark.parametrize("method", ["score", "score_sources"])
def test_a_judge_that_does_not_score_each_text_is_at_fault(method: str) -> None:
    judge = FakeJudge("speaker")
    setattr(judge, method, lambda *_: [])
    with pytest.raises(ModelError, match=r"^the model fake judge returned 0 lists of scores, not 1$"):
        Summarizer(judge=judge).check_translation("Warga senang.", "Residents are happy.")


@pytest.mark.parametrize(
    ("paragraphs", "abstract", "translation", "name"),
    [
        (["Hujan \ud800 turun."], None, "Rain fell.", "article"),
        (["Hujan turun."], "Hujan \udfff turun.", "Rain fell.", "abstract"),
        (["Hujan turun."], "Hujan turun.", "Rain \ud800 fell.", "translation"),
    ],
)
def test_a_review_refuses_half_of_a_surrogate_pair(
    ringkas: Summarizer, paragraphs: list[str], abstract: str | None, translation: str, name: str
) -> None:
    with pytest.raises(InputError, match=f"the {name} holds half of a surrogate pair"):
        ringkas.review(paragraphs, abstract, translation)


@pytest.mark.parametrize("name", ["abstract", "translation"])
@pytest.mark.parametrize("words", [1, 2_000])
def test_a_review_takes_texts_three_times_as_long_as_the_article_or_of_20_000_characters(
    ringkas: Summarizer, name: str, words: int
) -> None:
    paragraphs = ["Warga " * words + "senang."] * 2
    longest = max(20_000, 3 * len("".join(paragraphs)))
    texts = {"abstract": "Warga senang.", "translation": "Residents are happy."}
    ringkas.review(paragraphs, **texts | {name: "a" * longest})
    with pytest.raises(InputError, match=rf"^the {name} has .* at most {longest:,}$"):
        ringkas.review(paragraphs, **texts | {name: "a" * (longest + 1)})


@pytest.mark.parametrize("name", ["abstract", "translation"])
def test_a_review_refuses_what_is_no_text(ringkas: Summarizer, name: str) -> None:
    texts: dict[str, Any] = {"abstract": "Warga senang.", "translation": "Residents are happy.", name: 3}
    with pytest.raises(TypeError, match=f"^{name} is str or None, not int$"):
        ringkas.review(["Warga senang."], **texts)


WRITTEN = {"abstract": "Warga senang.", "translation": "Residents cheer.", "doubtful": True, "reasons": ["it may"]}


@pytest.mark.parametrize(
    ("written", "kind", "message"),
    [
        ([{}], ValueError, r"written\[0\] has no 'abstract': pass the sentences as to_dict\(\) of a result has them"),
        ([WRITTEN, {"abstract": "Ya."}], ValueError, r"written\[1\] has no 'translation': .*"),
        ("Warga senang.", TypeError, "written is a list of dictionaries, not str"),
        (WRITTEN, TypeError, "written is a list of dictionaries, not dict"),
        (None, TypeError, "written is a list of dictionaries, not NoneType"),
        (["Warga senang."], TypeError, r"written\[0\] is a dictionary, not str"),
        ([WRITTEN | {"abstract": None}], TypeError, r"'abstract' of written\[0\] is str, not NoneType"),
        ([WRITTEN | {"translation": 3}], TypeError, r"'translation' of written\[0\] is str or None, not int"),
        ([WRITTEN | {"reasons": "it may"}], TypeError, r"'reasons' of written\[0\] is list or tuple, not str"),
        ([WRITTEN | {"reasons": [3]}], TypeError, r"a reason of written\[0\] is str, not int"),
        ([WRITTEN | {"sources": [{}]}], ValueError, r"a source of written\[0\] has no 'position' and 'text'"),
        ([WRITTEN | {"sources": [["a"]]}], ValueError, r"a source of written\[0\] has no 'position' and 'text'"),
        (
            [WRITTEN | {"sources": [{"position": 3, "text": "Warga."}]}],
            TypeError,
            r"'position' of a source of written\[0\] is list or tuple, not int",
        ),
    ],
)
def test_a_review_refuses_sentences_of_another_shape(
    ringkas: Summarizer, written: Any, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=f"^{message}$"):
        ringkas.review(["Warga senang."], "Warga senang.", "Residents cheer.", written)


def test_a_review_of_a_text_asks_for_the_paragraph_of_each_sentence(ringkas: Summarizer) -> None:
    with pytest.raises(ValueError, match=r"^written\[0\] has no 'paragraph'"):
        ringkas.review(["Warga senang."], None, "Residents cheer.", [WRITTEN])
    [sentence] = ringkas.review(["Warga senang."], None, "Residents cheer.", [WRITTEN | {"paragraph": 0}])["sentences"]
    assert sentence["doubts"] == ["it may"]


def test_an_article_refuses_half_of_a_surrogate_pair() -> None:
    article = Article("a.txt", "Taman", ("Hujan turun.",))
    with pytest.raises(InputError, match="the article holds half of a surrogate pair"):
        replace(article, paragraphs=("Hujan turun.", "Hujan \udfff turun."))
    with pytest.raises(InputError, match="the headline holds half of a surrogate pair"):
        replace(article, title="Taman \ud800")


@pytest.mark.parametrize(
    ("title", "paragraphs", "message"),
    [
        ("Taman", "Hujan turun.", "not str"),
        ("Taman", b"Hujan turun.", "not bytes"),
        ("Taman", None, "not NoneType"),
        ("Taman", ("Hujan turun.", 3), "not int"),
        (3, ("Hujan turun.",), "headline"),
    ],
)
def test_an_article_refuses_what_is_no_text(title: Any, paragraphs: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        Article("a.txt", title, paragraphs)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.html", None, "^the content of a page is str or bytes, not NoneType$"),
        ("a.html", 3, "^the content of a page is str or bytes, not int$"),
        ("a.html", bytearray(b"a"), "^the content of a page is str or bytes, not bytearray$"),
        (None, ARTICLE, "^the name of a page is str, not NoneType$"),
        (Path("a.html"), ARTICLE, "^the name of a page is str, not PosixPath$"),
    ],
)
def test_what_is_no_page_is_refused_as_it_is_made(name: Any, content: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        SavedPage(name, content)


@pytest.mark.parametrize("source", [None, 3, ["a.html"]])
def test_what_is_no_source_is_refused_in_words(ringkas: Summarizer, source: Any) -> None:
    for call in (ringkas.clean, ringkas.summarize, ringkas.translate_page, ringkas.read):
        with pytest.raises(TypeError, match=r"^a source is the path of a file, a SavedPage or an Article, not "):
            call(source)


@pytest.mark.parametrize("sources", [None, SavedPage("a.txt", ARTICLE), Article("a.txt", None, (ARTICLE,))])
def test_a_single_source_is_no_list_of_sources(ringkas: Summarizer, sources: Any) -> None:
    with pytest.raises(TypeError, match="pass a list of them, or use summarize"):
        ringkas.summarize_many(sources)


def test_terms_are_no_glossary() -> None:
    with pytest.raises(TypeError, match=r"^a glossary is the path of a file, not dict$"):
        Summarizer(glossary=cast(Any, {"taman": "garden"}))


def test_a_single_text_is_no_list_of_paragraphs(ringkas: Summarizer) -> None:
    with pytest.raises(TypeError, match="not str"):
        ringkas.review("Hujan turun.", None, "Rain fell.")


def test_not_even_force_takes_an_article_without_text(ringkas: Summarizer) -> None:
    for paragraphs in ((), ("",), (" ", "")):
        with pytest.raises(NoArticleError):
            ringkas.summarize(Article("a.txt", "Taman", paragraphs), force=True)


def test_an_empty_name_is_no_model() -> None:
    for settings in ({"model": ""}, {"summary_model": ""}, {"translation_model": ""}):
        with pytest.raises(ModelError, match="unknown model ''"):
            Summarizer(**cast(Any, settings)).check()


def test_abstracts_are_cut_and_hold_no_word_that_their_articles_lack(checkpoint: Path) -> None:
    assert checkpoint.exists()
    pages = [page for page in sorted(NEWS.glob("*.txt")) if page.name.count(".") == 1]
    results = list(Summarizer().summarize_many(pages, translate="none"))
    assert len(results) == len(pages)
    cut: list[bool] = []
    for result in results:
        assert isinstance(result, Result)
        known = set(map(fold, WORD.findall(" ".join(result.article.paragraphs))))
        assert set(map(fold, WORD.findall(result.abstract))) <= known, result.article.source
        cut += [one.sentence.cut for one in result.sentences]
    assert any(cut)


def _load_in_two_steps(_: str, **options: Any) -> FakeModel:
    options["progress"]("checking the weights")
    options["progress"]("reading the weights")
    return FakeModel()


def test_a_log_says_once_that_the_model_is_prepared(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("summarizer.summarizer.load_model", _load_in_two_steps)
    Summarizer(progress=True).model(Task.SUMMARIZE)
    assert capsys.readouterr().err == "ringkas: preparing the model, once; this takes a minute or two\n"


def test_no_word_of_preparing_is_said_where_progress_is_off(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("summarizer.summarizer.load_model", _load_in_two_steps)
    Summarizer(progress=False).model(Task.SUMMARIZE)
    assert capsys.readouterr().err == ""
