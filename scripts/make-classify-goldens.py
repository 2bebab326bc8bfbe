"""What scikit-learn's classifiers say on a small made-up set: what commands/classify/ is held to.

    python scripts/make-classify-goldens.py test/commands/classify/golden/scikit-learn.json

Four classes of unequal size whose clouds overlap, 12 features, one of which is constant. Features are rounded, so that float32 holds what the file says.
"""

import json
import sys

import numpy as np
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC

random = np.random.default_rng(5)
SIZES, FEATURES, SCORED = [60, 45, 30, 15], 12, 15
centres = random.normal(0, 1.1, (len(SIZES), FEATURES))
scales = np.exp(random.normal(0, 0.7, FEATURES))


def cloud(sizes):
    labels = np.repeat(np.arange(len(sizes)), sizes)
    rows = (centres[labels] + random.normal(0, 1.5, (len(labels), FEATURES))) * scales
    rows[:, 7] = 2.5
    order = random.permutation(len(labels))
    return np.round(rows[order], 3), labels[order]


training, labels = cloud(SIZES)
scored, truth = cloud([SCORED] * len(SIZES))


def rounded(values):
    return np.round(values, 6).tolist()


def standardised(classifier):
    return make_pipeline(StandardScaler(), classifier).fit(training, labels)


logistic = {C: standardised(LogisticRegression(C=C, tol=1e-10, max_iter=10_000)) for C in (0.01, 1)}
linear = {C: standardised(LinearSVC(C=C, tol=1e-10, max_iter=100_000, dual=False)) for C in (0.001, 0.1)}
# So few rows that libsvm's own tolerance would be seen in the decision values.
rbf = {
    (C, gamma): standardised(SVC(C=C, gamma=gamma, tol=1e-6, decision_function_shape="ovr"))
    for C, gamma in ((0.5, 0.05), (5, 0.2))
}
neighbours = {k: KNeighborsClassifier(k, metric="cosine").fit(training, labels) for k in (1, 7)}
# So many trees that another seed would be seen in the third decimal only.
forest = RandomForestClassifier(4000, max_features=3, random_state=0, n_jobs=2).fit(training, labels)
# Leaves so large that no two splits are equally good, of which rounding would choose.
boosted = HistGradientBoostingClassifier(
    learning_rate=0.1,
    max_iter=20,
    max_leaf_nodes=5,
    min_samples_leaf=15,
    l2_regularization=1,
    early_stopping=False,
).fit(training, labels)

golden = {
    "version": sklearn.__version__,
    "training": training.tolist(),
    "labels": labels.tolist(),
    "scored": scored.tolist(),
    "truth": truth.tolist(),
    "logistic": [{"C": C, "probabilities": rounded(model.predict_proba(scored))} for C, model in logistic.items()],
    "linearSvm": [{"C": C, "values": rounded(model.decision_function(scored))} for C, model in linear.items()],
    "rbfSvm": [
        {
            "C": C,
            "gamma": gamma,
            "values": rounded(model.decision_function(scored)),
            "predicted": model.predict(scored).tolist(),
        }
        for (C, gamma), model in rbf.items()
    ],
    "neighbours": [
        {"k": k, "probabilities": rounded(model.predict_proba(scored)), "predicted": model.predict(scored).tolist()}
        for k, model in neighbours.items()
    ],
    "forest": {"features": 3, "probabilities": rounded(forest.predict_proba(scored))},
    "boosted": {"rounds": 20, "probabilities": rounded(boosted.predict_proba(scored))},
}
with open(sys.argv[1], "w") as file:
    json.dump(golden, file, separators=(",", ":"))
    file.write("\n")
