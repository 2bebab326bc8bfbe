"""What cleanlab says of labels of which some are wrong, for test/stages/report/figures/label-errors.test.ts.

    python scripts/make-label-error-goldens.py        # needs cleanlab, numpy
"""

import json
from pathlib import Path

import cleanlab
import numpy as np
from cleanlab.count import compute_confident_joint, get_confident_thresholds
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores

OUTPUT = Path(__file__).parent.parent / "test/stages/report/golden/label-errors.json"


def case(seed, photos, classes, scale, wrong):
    """Probabilities that point at the true class, more or less, and labels of which a share says another."""
    random = np.random.default_rng(seed)
    truth = random.integers(classes, size=photos)
    logits = scale * random.normal(size=(photos, classes))
    logits[np.arange(photos), truth] += 3 * scale * random.random(photos)
    # What some classes are recognised by is weaker: confident learning is there for those.
    logits[truth == 0] *= 0.5
    probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    probabilities = np.round(probabilities, 5).astype(np.float32)
    flipped = random.random(photos) < wrong
    labels = np.where(flipped, (truth + 1 + random.integers(classes - 1, size=photos)) % classes, truth)
    joint = compute_confident_joint(labels, probabilities, calibrate=False)
    issues = find_label_issues(labels, probabilities, filter_by="confident_learning", n_jobs=1)
    quality = lambda method: get_label_quality_scores(labels, probabilities, method=method)
    return {
        "labels": labels.tolist(),
        "probabilities": [[round(float(p), 5) for p in row] for row in probabilities],
        "thresholds": get_confident_thresholds(labels, probabilities).tolist(),
        "joint": joint.ravel().tolist(),
        "issues": np.flatnonzero(issues).tolist(),
        "selfConfidence": np.round(quality("self_confidence"), 6).tolist(),
        # cleanlab moves the margin from [-1, 1] to [0, 1]
        "margin": np.round(2 * quality("normalized_margin") - 1, 6).tolist(),
    }


cases = [case(0, 80, 3, 1.0, 0.1), case(1, 120, 6, 1.5, 0.2), case(2, 60, 2, 0.6, 0.3)]
OUTPUT.parent.mkdir(parents=True, exist_ok=True)
OUTPUT.write_text(json.dumps({"cleanlab": cleanlab.__version__, "cases": cases}) + "\n")
