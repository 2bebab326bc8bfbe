"""Writes test/shared/calibration/golden/calibration.json: what NumPy, scikit-learn and SciPy make of seeded random logits."""
import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.metrics import log_loss

rows, classes, bins = 200, 5, 15
random = np.random.default_rng(0)
logits = random.normal(0, 4, (rows, classes)).astype(np.float32)
labels = np.array([random.choice(classes, p=p) for p in softmax(logits.astype(np.float64) / 2.5, axis=1)])


def mean_loss(log_t, smoothing):
    scores = log_softmax(logits.astype(np.float64) / np.exp(log_t), axis=1)
    own = scores[np.arange(rows), labels]
    return -np.mean((1 - smoothing) * own + smoothing * scores.mean(axis=1))


def temperature(smoothing):
    fit = minimize_scalar(mean_loss, bracket=(-1, 1), args=(smoothing,), tol=1e-12)
    return float(np.exp(fit.x))


def calibration_error(p):
    confidence, right = p.max(axis=1), p.argmax(axis=1) == labels
    edges = np.linspace(0, 1, bins + 1)
    error, table = 0.0, []
    for low, high in zip(edges, edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
        table.append([int(inside.sum()), *(float(x[inside].mean()) if inside.any() else None for x in (confidence, right))])
    return {"ece": float(error), "bins": table}


p = softmax(logits.astype(np.float64), axis=1)
golden = {
    "classes": classes,
    "logits": [float(x) for x in logits.ravel()],
    "labels": labels.tolist(),
    "softmax": [float(x) for x in softmax(logits[:4].astype(np.float64) / 1.7, axis=1).ravel()],
    "logLoss": float(log_loss(labels, p, labels=range(classes))),
    "temperature": temperature(1 / (rows + 1)),
    "temperatureWithoutSmoothing": temperature(0),
    "calibrationError": calibration_error(p),
}
file = Path(__file__).parent.parent / "test/shared/calibration/golden/calibration.json"
file.parent.mkdir(parents=True, exist_ok=True)
file.write_text(json.dumps(golden) + "\n")
print({name: golden[name] for name in ("logLoss", "temperature", "temperatureWithoutSmoothing")})
