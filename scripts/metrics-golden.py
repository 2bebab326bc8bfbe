"""Makes test/stages/train/golden/metrics.json: metrics and class weights by scikit-learn.

usage: metrics-golden.py  (needs scikit-learn)
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.metrics import accuracy_score, f1_score, log_loss, top_k_accuracy_score
from sklearn.utils.class_weight import compute_class_weight

GOLDEN = Path(__file__).parent.parent / "test/stages/train/golden/metrics.json"


def case(random, photos, classes, scale, absent):
    present = [c for c in range(classes) if c not in absent]
    labels = random.choice(present, photos, p=random.dirichlet(np.ones(len(present))))
    logits = np.round(scale * random.normal(size=(photos, classes)), 3)
    logits[np.arange(photos), labels] += scale
    # A class that is neither true nor predicted does not enter the mean of F1.
    logits[:, absent] -= 100
    probabilities = np.exp(logits - logits.max(1, keepdims=True))
    probabilities /= probabilities.sum(1, keepdims=True)
    predicted = logits.argmax(1)
    weights = np.zeros(classes)
    here = np.unique(labels)
    weights[here] = compute_class_weight("balanced", classes=here, y=labels)
    return {
        "classes": classes,
        "labels": labels.tolist(),
        "logits": np.round(logits, 3).tolist(),
        "loss": log_loss(labels, probabilities, labels=range(classes)),
        "accuracy": accuracy_score(labels, predicted),
        "top5": top_k_accuracy_score(labels, logits, k=min(5, classes), labels=range(classes)) if classes > 5 else 1.0,
        "macroF1": f1_score(labels, predicted, average="macro", zero_division=0),
        "balanced": weights.tolist(),
    }


random = np.random.default_rng(0)
cases = [case(random, 40, 3, 1.0, []), case(random, 60, 12, 1.5, [4]), case(random, 25, 8, 0.3, [0, 7])]
GOLDEN.parent.mkdir(parents=True, exist_ok=True)
GOLDEN.write_text(json.dumps({"scikit-learn": sklearn.__version__, "cases": cases}) + "\n")
