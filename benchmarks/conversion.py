"""Errors per 10,000 Han characters of our conversion, beside bare OpenCC and, if it is installed, zhconv-rs.

    python benchmarks/conversion.py [FOLDER] [--site DIR] [--show N]

Each `*.tsv` of the folder holds lines of Simplified, a tab, and the Traditional that is expected (`|` between answers
that are equally good); a file with `hans` in its name, lines of Traditional and their Simplified. A file with `hk` in
its name is read with the region hk, the others with tw. Only Han counts, and two shapes of one character count as the
same.
"""

from __future__ import annotations

import argparse
import importlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

import opencc  # noqa: E402

from gengduo.catalogue import load_names  # noqa: E402
from gengduo.editions import Converter, convert_lines  # noqa: E402
from gengduo.model import EditionSpec  # noqa: E402

_NOT_HAN = re.compile("[^\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Pairs of shapes that readers, and the papers, take for one character.
_SHAPES = (
    "ES 占佔 布佈 周週 伙夥 歎嘆 跡迹 踪蹤 秘祕 鑑鑒 凶兇 註注 升昇 雇僱 唸念 蒐搜 吊弔 "
    "炮砲 淨凈 鋪舖 托託 痴癡 侄姪 韻韵 台臺 着著 杰傑 裏裡 綫線 説說 爲為 眾衆 群羣 峰峯 "
    "啟啓 床牀 衛衞 溫温 戶户 麵麪 妝粧 污汙 鈎鉤 葱蔥 偽僞 脱脫 悦悅 鋭銳 税稅 閲閱 藴蘊 "
    "緑綠 録錄 絶絕 内內 吴吳 吕呂 虚虛 黄黃 清淸 教敎 青靑 痹痺 恆恒 梁樑 産產 强強 换換 "
    "奂奐 冰氷 戲戱 敍敘"
)
_FOLD = {ord(other): first for first, other in _SHAPES.split()}

Lines = Callable[[Sequence[str]], Iterable[str]]


class Pair(NamedTuple):
    """A sentence and the answers that are right."""

    source: str
    answers: tuple[str, ...]


class Score(NamedTuple):
    """What a converter made of a file."""

    errors: int
    han: int
    exact: int
    lines: int
    wrong: list[str]

    @property
    def rate(self) -> float:
        """Errors per 10,000 Han."""
        return self.errors / max(self.han, 1) * 10_000


def main() -> None:
    """Print a table for each file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=PROJECT / "benchmarks" / "pairs")
    parser.add_argument("--site", type=Path, default=PROJECT, help="whose glossary is used")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N wrong lines of ours")
    options = parser.parse_args()
    files = sorted(options.folder.glob("*.tsv"))
    if not files:
        sys.exit(f"{options.folder} holds no .tsv file")
    print(f"{'pairs':24} {'converter':12} {'errors':>7} {'per 10,000':>11} {'exact lines':>12}")
    for path in files:
        pairs = list(read_pairs(path))
        for name, convert in converters(path, options.site):
            score = measure(pairs, list(convert([pair.source for pair in pairs])))
            share = f"{100 * score.exact / max(score.lines, 1):.1f} %"
            print(f"{path.stem[:24]:24} {name:12} {score.errors:7} {score.rate:11.1f} {share:>12}")
            if name == "ours":
                print(*(f"    {line}" for line in score.wrong[: options.show]), sep="\n", end="\n" * bool(options.show))


def converters(path: Path, site: Path) -> Iterator[tuple[str, Lines]]:
    """Yield the converters to compare, each with its name."""
    region = "hk" if "hk" in path.stem else "tw"
    back = "hans" in path.stem
    lang = "zh-Hans" if back else "zh-Hant"
    edition = EditionSpec(path=lang.lower(), lang=lang, label="", region=region)  # type: ignore[arg-type]
    ours = Converter(edition, load_names(site)[0])
    yield "ours", lambda lines: convert_lines(lines, ours)
    bare = opencc.OpenCC("tw2s" if back else f"s2{region}")
    yield "OpenCC", lambda lines: map(bare.convert, lines)
    try:
        mediawiki = importlib.import_module("zhconv_rs").zhconv
    except ImportError:
        return
    yield "zhconv-rs", lambda lines: (mediawiki(line, "zh-cn" if back else f"zh-{region}") for line in lines)


def read_pairs(path: Path) -> Iterator[Pair]:
    """Yield the pairs of a file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        source, tab, answers = line.partition("\t")
        if tab:
            yield Pair(source, tuple(answers.split("|")))


def measure(pairs: Sequence[Pair], got: Sequence[str]) -> Score:
    """Return how far the lines that came back are from the nearest answers."""
    if len(got) != len(pairs):
        sys.exit(f"{len(got)} lines came back of {len(pairs)}")
    errors = han = exact = 0
    wrong = []
    for pair, line in zip(pairs, got, strict=True):
        folded = fold(line)
        distance, answer = min((levenshtein(folded, fold(answer)), fold(answer)) for answer in pair.answers)
        errors += distance
        han += len(answer)
        exact += not distance
        if distance:
            wrong.append(f"{folded}  ≠  {answer}")
    return Score(errors, han, exact, len(pairs), wrong)


def fold(text: str) -> str:
    """Return the Han of a text, one shape of each character."""
    return _NOT_HAN.sub("", text).translate(_FOLD)


def levenshtein(first: str, second: str) -> int:
    """Return how many characters must be changed, added or taken away."""
    if len(first) == len(second):
        differing = sum(a != b for a, b in zip(first, second, strict=True))
        if differing < 3:
            return differing
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        above, row[0] = row[0], i
        for j, b in enumerate(second, 1):
            above, row[j] = row[j], min(above + (a != b), row[j] + 1, row[j - 1] + 1)
    return row[-1]


if __name__ == "__main__":
    main()
