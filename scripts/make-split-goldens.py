"""Writes the splits that scikit-learn makes of small label lists, for test/stages/index/split/stratified.test.ts.

    python scripts/make-split-goldens.py        # needs scikit-learn and numpy
"""

import json
import random
from pathlib import Path

import numpy
import sklearn
from sklearn.model_selection import StratifiedShuffleSplit

OUTPUT = Path(__file__).parent.parent / "test/stages/index/golden/stratified-splits.json"


def shuffled(counts, seed):
    """A list with so many of each label, in an order of its own."""
    labels = [label for label, count in counts.items() for _ in range(count)]
    random.Random(seed).shuffle(labels)
    return labels


LISTS = {
    "two even classes": shuffled({"cat": 20, "dog": 20}, 1),
    "ties in every class": shuffled({name: 7 for name in "abcdefgh"}, 2),
    "uneven classes": shuffled({"many": 90, "some": 25, "few": 4, "pair": 2}, 3),
    "names beyond U+FFFF": shuffled({"\U0001f415": 11, "\uff21": 12, "z": 13, "é": 14}, 4),
    "sorted by class": sorted(shuffled({"x": 15, "y": 16, "z": 17}, 5)),
}


def validation_rows(labels, fraction, seed):
    split = StratifiedShuffleSplit(n_splits=1, test_size=fraction, random_state=seed)
    ((_, rows),) = split.split(numpy.zeros(len(labels)), numpy.array(labels))
    return sorted(int(row) for row in rows)


def main():
    lists = []
    for name, labels in LISTS.items():
        classes = len(set(labels))
        splits = [
            {"fraction": fraction, "seed": seed, "validation": validation_rows(labels, fraction, seed)}
            for fraction in (0.1, 0.25, 1 / 3, 0.5)
            for seed in (0, 1, 42, 2**32 - 1)
            if numpy.ceil(fraction * len(labels)) >= classes
        ]
        lists.append({"name": name, "labels": labels, "splits": splits})
    state = numpy.random.RandomState(2**31 + 7)
    draws = {
        "seed": 2**31 + 7,
        "permutation": state.permutation(1000).tolist(),
        "choice": state.choice([3, 5, 8, 13, 21], size=3, replace=False).tolist(),
    }
    versions = {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__}
    text = json.dumps({"versions": versions, "draws": draws, "lists": lists}, ensure_ascii=True)
    OUTPUT.write_text(text + "\n")


if __name__ == "__main__":
    main()
