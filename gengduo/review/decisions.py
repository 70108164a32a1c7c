"""An editor's decisions: rows for the glossary and the vocabulary, and findings that are fine as they are.

Text is appended, so that comments and order stay; a row that its file would refuse is never written.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from gengduo.cache import digest_bytes, digest_of
from gengduo.catalogue import load_editions_lock, save_editions_lock
from gengduo.config import NAME, load_config
from gengduo.editions import Converter, Glossary
from gengduo.editions.glossary import REGIONS, parse_glossary
from gengduo.editions.glyphs import glyph_table
from gengduo.editions.matching import MASK
from gengduo.errors import ConfigError, ContentError, Problem, StorageError, problem
from gengduo.job import Job
from gengduo.model import EditionSpec, Script
from gengduo.output import write_durably
from gengduo.places import toml_problem
from gengduo.review.findings import Finding, ReviewReport
from gengduo.review.sentences import wider
from gengduo.slugs import slug_of, slug_with_digest
from gengduo.tags.vocabulary import KINDS, parse_vocabulary

TAKEN = "content/review.toml"
GLOSSARY = "content/glossary.toml"
TAGS = "content/tags.toml"

HEADERS: Mapping[str, str] = {
    TAKEN: "# What “review” found and an editor took as it is; take a row out, and the finding is shown again.\n",
    GLOSSARY: "# Names and terms of this site.\n",
    TAGS: "# Tags of this site.\n",
}
SHORTEST_ID = 4
LONGEST_TEST = 60
"""Characters of a test sentence; a longer one is cut around the words that it is about."""


class _Row(NamedTuple):
    """A row to append."""

    file: str
    text: str
    told: str
    """What is said of it."""


def load_taken(root: Path) -> frozenset[str]:
    """Return the IDs of the findings that an editor took as they are."""
    text = _read(root, TAKEN).decode("utf-8", "replace")
    try:
        rows = tomllib.loads(text).get("taken", [])
        return frozenset(str(row["id"]) for row in rows)
    except (ValueError, RecursionError) as error:
        raise ContentError(toml_problem(TAKEN, error, text)) from None
    except (TypeError, KeyError):
        message = 'a row of this file has no “id”; write each as [[taken]] with id = "…"'
        raise ContentError(problem(TAKEN, message)) from None


def accept(job: Job, report: ReviewReport, wanted: Sequence[str]) -> list[str]:
    """Take the findings that are named (`ID`, or `ID=TEXT` for another choice), and return what was done, in lines.

    Nothing is written unless all of them can be taken; raises ConfigError with the reason of each that cannot.
    """
    decided = _decided(report, wanted)
    files = _Files(job)
    lines: list[str] = []
    problems: list[Problem] = []
    for found, text in decided:
        try:
            lines.append(files.take(found, text))
        except ContentError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigError(problems)
    files.write()
    return lines


def _decided(report: ReviewReport, wanted: Sequence[str]) -> list[tuple[Finding, str]]:
    """Return the findings that are meant, each with the other choice, or an empty text."""
    decided: list[tuple[Finding, str]] = []
    problems: list[Problem] = []
    for word in wanted:
        given, equals, text = word.partition("=")
        key = given.strip().lower()
        matches = [found for found in report.findings if found.id == key]
        if not matches and len(key) >= SHORTEST_ID:
            matches = [found for found in report.findings if found.id.startswith(key)]
        if len(matches) != 1:
            many = f"{len(matches)} findings begin with “{given}”; write more of the ID"
            none = f"there is no finding “{given}”; run review again and copy an ID from its list"
            problems.append(problem("--accept", many if matches else none))
        elif equals and not text.strip():
            problems.append(problem("--accept", f"“{word}” names no choice; write {given}=TEXT, or {given} alone"))
        else:
            decided.append((matches[0], text.strip()))
    if problems:
        raise ConfigError(problems)
    return decided


class _Files:
    """The files of decisions as they will be; nothing is written before all is decided."""

    def __init__(self, job: Job) -> None:
        self.root = job.root
        self.edition = _edition(job, "Hant")
        self.simplified = _edition(job, "Hans")
        self.before: dict[str, bytes] = {}
        self.texts: dict[str, str] = {}
        self.originals: dict[str, str] = {}

    def take(self, found: Finding, text: str) -> str:
        """Decide one finding, and return what was done. Raises ContentError where it cannot be taken."""
        takes: Mapping[str, Callable[[Finding, str], str]] = {
            "term": self.term,
            "term-back": self.term_back,
            "name": self.name,
            "tag": self.tag,
            "remember": self.remember,
            "original": self.original,
        }
        if not found.takes:
            raise _refused(found, f"this cannot be taken as it is; {found.advice}")
        if text and found.takes in ("remember", "original"):
            raise _refused(found, f"this takes no text; {found.advice}")
        return takes[found.takes](found, text)

    # ---------------------------------------------------------------------------------------------- the decisions

    def remember(self, found: Finding, text: str = "") -> str:  # noqa: ARG002 # the form of a decision
        row = f"[[taken]]\nid = {_quoted(found.id)}\nwhat = {_quoted(f'{found.places[0]}: {found.what}')}\n"
        self.append(_Row(TAKEN, row, ""))
        return f"{TAKEN}: taken as it is: {found.what}"

    def original(self, found: Finding, text: str) -> str:  # noqa: ARG002 # the form of a decision
        self.originals[found.words] = found.choice
        return f"content/{found.words}: up to date with its original"

    def name(self, found: Finding, text: str) -> str:
        form = text or found.choice
        to = f"to = {_quoted(form)}\n" if form != found.words else ""
        test = _test(found.quote, found.words)
        row = f"[[name]]\ntext = {_quoted(found.words)}\n{to}test = {_quoted(test)}\n"
        reason = self.glossary_refuses(row, found.words, form)
        if reason:
            raise _refused(found, f"the glossary refuses “{found.words}”: {reason}")
        return self.append(_Row(GLOSSARY, row, f"{GLOSSARY}: “{found.words}” is {form}"))

    def term(self, found: Finding, text: str) -> str:
        """Append a row for the word, or for more of its sentence where the glossary refuses the word by itself."""
        form = _whole_form(found, text)
        known = next((entry for entry in self.glossary().entries if entry.text == found.words), None)
        if known and self.edition and known.form(self.edition.region) == form:
            return f"{GLOSSARY}: “{found.words}” becomes {form} already"
        reason = ""
        for words, whole in self.wider_forms(found, form):
            forms = "".join(f"{region} = {_quoted(whole)}\n" for region in self.regions_of(whole))
            row = f"[[term]]\ntext = {_quoted(words)}\n{forms}test = {_quoted(_test(found.quote, words))}\n"
            why = self.glossary_refuses(row, words, whole)
            if not why:
                return self.append(_Row(GLOSSARY, row, f"{GLOSSARY}: “{words}” becomes {whole}"))
            reason = reason or why
        if form == found.choice:
            return self.remember(found)
        advice = f"write -{{{found.words}|{form}}}- at {found.places[0]}"
        raise _refused(found, f"the glossary refuses “{found.words}”: {reason}; {advice}")

    def term_back(self, found: Finding, text: str) -> str:
        """Append a row for a word of a Traditional page; it holds in both directions, as all rows do."""
        form = _whole_form(found, text)
        sentence = found.quote.replace(found.words, MASK)
        if self.simplified:
            sentence = Converter(self.simplified, self.glossary()).text(sentence, source="Hant")
        region = self.edition.region if self.edition else "neutral"
        test = _test(sentence.replace(MASK, form), form)
        row = f"[[term]]\ntext = {_quoted(form)}\n{region} = {_quoted(found.words)}\ntest = {_quoted(test)}\n"
        reason = self.glossary_refuses(row, form, found.words)
        if not reason:
            return self.append(_Row(GLOSSARY, row, f"{GLOSSARY}: “{found.words}” becomes {form}"))
        if form == found.choice:
            return self.remember(found)
        advice = f"write -{{{form}|{found.words}}}- at {found.places[0]}"
        raise _refused(found, f"the glossary refuses “{form}”: {reason}; {advice}")

    def tag(self, found: Finding, text: str) -> str:
        kind = text if text in KINDS else found.choice
        name = text if text and text not in KINDS else found.words
        vocabulary = parse_vocabulary(self.text(TAGS).removeprefix("\ufeff"))
        slug = slug_of(name)
        if slug in {tag.slug for tag in vocabulary.tags}:
            slug = slug_with_digest(slug, digest_of(name))
        aliases = f"aliases = [{_quoted(found.words)}]\n" if name != found.words else ""
        row = f"[[tag]]\nname = {_quoted(name)}\nslug = {_quoted(slug)}\nkind = {_quoted(kind)}\n{aliases}"
        try:
            parse_vocabulary(_appended(self.text(TAGS), row).removeprefix("\ufeff"))
        except ContentError as error:
            raise _refused(found, f"the vocabulary refuses “{name}”: {error.problems[0].message}") from None
        return self.append(_Row(TAGS, row, f"{TAGS}: “{name}” is a tag of the kind {kind}"))

    # ---------------------------------------------------------------------------------------------- the glossary

    def glossary_refuses(self, row: str, words: str, form: str) -> str:
        """Return why the glossary does not take a row, an empty text where it does."""
        text = _appended(self.text(GLOSSARY), row)
        try:
            glossary = parse_glossary(text, GLOSSARY)
        except ContentError as error:
            return error.problems[0].message
        if self.edition is None:
            return "the site has no Traditional edition"
        entry = next(entry for entry in glossary.entries if entry.text == words)
        got = Converter(self.edition, glossary).text(entry.test, source="Hans")
        return "" if form in got else f"its sentence becomes “{got}”, another row takes its words"

    def wider_forms(self, found: Finding, form: str) -> Iterator[tuple[str, str]]:
        """Yield the word and its form, then more and more of the sentence with what becomes of it."""
        yield found.words, form
        start = found.quote.find(found.words)
        if start < 0 or self.edition is None:
            return
        end = start + len(found.words)
        conversion = Converter(self.edition, self.glossary()).article((found.quote,), source="Hans")
        for words in wider(found.quote, found.words):
            begin = found.quote.find(words)
            stop = begin + len(words)
            if words == found.words or not begin <= start < end <= stop:
                continue
            cut = [found.quote[a:b] for a, b in ((0, begin), (begin, start), (start, end), (end, stop))]
            _, left, _, right, _ = conversion.block((*cut, found.quote[stop:]))
            yield words, left + form + right

    def glossary(self) -> Glossary:
        return parse_glossary(self.text(GLOSSARY), GLOSSARY)

    def regions_of(self, form: str) -> list[str]:
        """Return the regions that print a form so: the edition's own, and those whose glyphs leave it as it is."""
        own = self.edition.region if self.edition else "neutral"
        glossary = self.glossary()
        return [region for region in REGIONS if region == own or form.translate(glyph_table(region, glossary)) == form]

    # ---------------------------------------------------------------------------------------------- the files

    def text(self, file: str) -> str:
        if file not in self.texts:
            self.before[file] = _read(self.root, file)
            self.texts[file] = self.before[file].decode("utf-8") or HEADERS[file]
        return self.texts[file]

    def append(self, row: _Row) -> str:
        self.texts[row.file] = _appended(self.text(row.file), row.text)
        return row.told

    def write(self) -> None:
        for file, text in self.texts.items():
            old, new = self.before[file], text.encode()
            if new == old or text == HEADERS[file]:
                continue
            if not write_durably(self.root / file, new, digest_bytes(old) if old else ""):
                message = "somebody saved this file meanwhile, and theirs was kept; run the command again"
                raise StorageError(problem(file, message))
        if self.originals:
            known = load_editions_lock(self.root)
            for page, words in self.originals.items():
                known[page] = msgspec.structs.replace(known[page], original_words=words)
            save_editions_lock(self.root, known)


def _edition(job: Job, script: Script) -> EditionSpec | None:
    """Return the site's edition in a script."""
    editions = load_config(job.root / NAME, job.base_url).editions
    return next((edition for edition in editions if edition.script == script), None)


def _whole_form(found: Finding, text: str) -> str:
    """Return the form of the whole word; an editor may write just the character that is in doubt."""
    if not text or len(text) == len(found.choice):
        return text or found.choice
    if len(text) == 1:
        matching = [form for form in found.alternatives if text in form]
        return matching[0] if len(matching) == 1 else text
    return text


def _refused(found: Finding, message: str) -> ContentError:
    return ContentError(problem("--accept", f"{found.id}: {message}"))


def _appended(text: str, row: str) -> str:
    """Return a file with a row at its end, its own line ends kept."""
    end = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text else end if text.endswith("\n") else end * 2
    return text + gap + row.replace("\n", end)


def _test(sentence: str, words: str) -> str:
    """Return a sentence that holds the words, and not much more."""
    start = sentence.find(words)
    if start < 0:
        return f"{words}。"
    around = max(0, (LONGEST_TEST - len(words)) // 2)
    return sentence[max(0, start - around) : start + len(words) + around].strip()


def _quoted(text: str) -> str:
    """Return a text as TOML writes it: JSON's form, and DEL escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _read(root: Path, file: str) -> bytes:
    place = root / file
    if place.exists() and not place.is_file():
        raise ContentError(problem(file, "this is no ordinary file; put the file itself here"))
    try:
        return place.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise StorageError(problem(file, f"cannot be read ({error.strerror}); check its rights")) from None
