"""scikit-learn's classifiers on a features.arrow, with given hyper-parameters: learnt on the training rows, scored on the validation rows.

    python bench/classify_sklearn.py features.arrow '{"logistic": {"C": 0.01}, "knn": {"k": 10}}'

Prints a line of JSON for each as soon as it is done: name, accuracy, logLoss (null where scikit-learn gives no probabilities), seconds of learning and
predicting.
"""

import json
import sys
import time
import warnings

import numpy as np
import pyarrow as pa
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC

CLASSIFIERS = {
    "logistic": lambda s, d: make_pipeline(StandardScaler(), LogisticRegression(C=s["C"], max_iter=1000)),
    "linear-svm": lambda s, d: make_pipeline(StandardScaler(), LinearSVC(C=s["C"], random_state=0)),
    "knn": lambda s, d: KNeighborsClassifier(int(s["k"]), metric="cosine", n_jobs=-1),
    "rbf-svm": lambda s, d: make_pipeline(StandardScaler(), SVC(C=s["C"], gamma=s["gamma"], cache_size=2000)),
    "forest": lambda s, d: RandomForestClassifier(100, max_features=int(s["features"]), random_state=0, n_jobs=-1),
    # As commands/classify/boosted-trees.ts has them, but with columns drawn for each split.
    "trees": lambda s, d: HistGradientBoostingClassifier(
        learning_rate=0.2,
        max_iter=int(s["rounds"]),
        max_leaf_nodes=8,
        min_samples_leaf=10,
        l2_regularization=1,
        max_features=min(1.0, 32 / d),
        early_stopping=False,
        random_state=0,
    ),
}

table = pa.ipc.open_file(sys.argv[1]).read_all()
features = np.stack(table["features"].combine_chunks().to_numpy_ndarray()).reshape(len(table), -1)
labels = np.array(table["label"].to_pylist(), dtype=object)
split = np.array(table["split"].to_pylist(), dtype=object)
train = (split == "train") & (labels != None)  # noqa: E711
scored = (split == "validation") & (labels != None)  # noqa: E711
truth = labels[scored].astype(str)

for name, settings in json.loads(sys.argv[2]).items():
    classifier = CLASSIFIERS[name](settings, features.shape[1])
    started = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of iterations that ran out
        classifier.fit(features[train], labels[train].astype(str))
        predicted = classifier.predict(features[scored])
    seconds = time.perf_counter() - started
    gives = hasattr(classifier, "predict_proba")
    loss = log_loss(truth, classifier.predict_proba(features[scored]), labels=classifier.classes_) if gives else None
    accuracy = float((predicted == truth).mean())
    print(json.dumps({"name": name, "accuracy": accuracy, "logLoss": loss, "seconds": seconds}), flush=True)
    print(f"scikit-learn: {name} {100 * accuracy:.1f} % in {seconds:.1f} s", file=sys.stderr)
