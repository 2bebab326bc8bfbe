"""Logistic regression on the training rows of a features.arrow, C by cross-validation there, scored once on another part.

    python bench/logistic_regression.py features.arrow validation

Prints JSON: accuracy, C, photos.
"""

import json
import sys

import numpy as np
import pyarrow as pa
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

table = pa.ipc.open_file(sys.argv[1]).read_all()
features = np.stack(table["features"].combine_chunks().to_numpy_ndarray())
labels = np.array(table["label"].to_pylist(), dtype=object)
split = np.array(table["split"].to_pylist(), dtype=object)
train, scored = split == "train", split == sys.argv[2]

regression = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
search = GridSearchCV(
    regression,
    {"logisticregression__C": [0.0003, 0.001, 0.003, 0.01, 0.03]},
    cv=StratifiedKFold(3, shuffle=True, random_state=0),
    n_jobs=2,
)
search.fit(features[train], labels[train].astype(str))
accuracy = search.score(features[scored], labels[scored].astype(str))
print(json.dumps({"accuracy": accuracy, "C": search.best_params_["logisticregression__C"], "photos": int(scored.sum())}))
