"""Texts as vectors of words: TF-IDF over words of Latin script and runs of characters of Chinese."""

import re
from collections.abc import Sequence
from typing import Any

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+")
GRAMS = (2, 3, 4)


def terms(text: str) -> list[str]:
    """Return a text's terms, lower case: words, and of each run of Chinese characters all 2-, 3- and 4-grams.

    Chinese is written without spaces, so that its words, mostly of two characters, are among the grams.  A run of one
    character is a term itself.
    """
    found = []
    text = text.lower()
    for run in HAN.findall(text):
        found += [run] if len(run) == 1 else []
        found += [run[at : at + n] for n in GRAMS for at in range(len(run) - n + 1)]
    return found + WORD.findall(HAN.sub(" ", text))


def tfidf(texts: Sequence[str], most_common: float) -> Any:
    """Return rows of unit length, scipy CSR (n_texts, n_terms), float64; a text without terms has a row of zeros.

    ``value = (1 + ln count) * (1 + ln((1 + n) / (1 + texts with the term)))``, then divided by the row's length.
    Terms in more than the share ``most_common`` of the texts are left out.
    """
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

    model = TfidfVectorizer(analyzer=terms, sublinear_tf=True, max_df=most_common)
    try:
        rows = model.fit_transform(texts).tocsr()
    except ValueError:  # no text, or no term that is not everywhere
        return csr_matrix((len(texts), 0))
    rows.sort_indices()
    return rows
