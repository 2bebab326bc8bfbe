"""What scikit-learn and SciPy say of small made-up predictions and points, for test/stages/report/figures and test/shared/wilson.test.ts.

    python scripts/make-report-goldens.py        # needs scikit-learn and scipy
"""

import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.stats import binomtest
from sklearn.decomposition import PCA
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    confusion_matrix,
    log_loss,
    precision_recall_fscore_support,
    top_k_accuracy_score,
)

TEST = Path(__file__).parent.parent / "test"
VERSIONS = {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__}


def answers(random, photos, classes, scale, absent):
    """Labels, none of them of an absent class, and float32 probabilities in which no two of a row are the same."""
    labels = random.choice([c for c in range(classes) if c not in absent], photos)
    logits = scale * random.normal(size=(photos, classes))
    logits[np.arange(photos), labels] += scale
    probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    return labels, np.round(probabilities, 5).astype(np.float32)


def scores(labels, probabilities):
    classes = probabilities.shape[1]
    guesses = probabilities.argmax(1)
    every = range(classes)
    # What never occurs has no score; it is NaN here and null in the file.
    precision, recall, f1, support = precision_recall_fscore_support(
        labels, guesses, labels=every, zero_division=np.nan
    )
    normalised = probabilities.astype(np.float64)
    normalised /= normalised.sum(1, keepdims=True)
    return {
        "labels": labels.tolist(),
        "probabilities": [[round(float(p), 5) for p in row] for row in probabilities],
        "accuracy": accuracy_score(labels, guesses),
        "balancedAccuracy": balanced_accuracy_score(labels, guesses),
        "macroF1": float(np.nanmean(f1)),
        "top5": top_k_accuracy_score(labels, probabilities, k=5, labels=every) if classes > 5 else 1.0,
        "loss": log_loss(labels, normalised, labels=every),
        "perClass": [
            {"precision": number(p), "recall": number(r), "f1": number(f), "photos": int(n)}
            for p, r, f, n in zip(precision, recall, f1, support)
        ],
        "confusion": confusion_matrix(labels, guesses, labels=every).ravel().tolist(),
    }


def number(value):
    return None if np.isnan(value) else float(value)


def interval(right, photos):
    found = binomtest(right, photos).proportion_ci(0.95, method="wilson")
    return {"right": right, "photos": photos, "low": float(found.low), "high": float(found.high)}


def components(random, rows, width, spreads):
    """Points that spread unevenly in some directions and hardly in the others."""
    directions = np.linalg.qr(random.normal(size=(width, len(spreads))))[0]
    points = random.normal(size=(rows, len(spreads))) * spreads @ directions.T
    points = np.round(points + 0.01 * random.normal(size=(rows, width)) + random.normal(size=width), 3)
    pca = PCA(3, svd_solver="full").fit(points)
    return {
        "rows": rows,
        "points": points.ravel().tolist(),
        "scores": np.round(pca.transform(points), 6).ravel().tolist(),
        "variance": float(pca.explained_variance_ratio_.sum()),
    }


def write(path, content):
    path = TEST / path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**VERSIONS, **content}) + "\n")


random = np.random.default_rng(0)
write(
    "stages/report/golden/scores.json",
    {
        "cases": [
            scores(*answers(random, 40, 3, 1.0, [])),
            scores(*answers(random, 60, 12, 1.0, [4])),
            scores(*answers(random, 20, 30, 0.5, [0, 7])),
        ]
    },
)
write("stages/report/golden/components.json", components(random, 60, 40, [9, 5, 3, 1.5, 0.5]))
write(
    "shared/golden/wilson.json",
    {"cases": [interval(*case) for case in [(0, 1), (1, 1), (5, 10), (0, 20), (308, 341), (341, 341), (9999, 10000)]]},
)
