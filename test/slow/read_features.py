"""Opens a run's files with those who will open them, checks that they agree, and trains a logistic regression on them.

    python test/slow/read_features.py artifacts

Prints JSON: what was seen.
"""

import json
import sys
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
from sklearn.linear_model import LogisticRegression

folder = Path(sys.argv[1])
table = pa.ipc.open_file(folder / "features.arrow").read_all()
frame = pl.read_ipc(folder / "features.arrow")
features = np.load(folder / "features.npy")
labels = np.load(folder / "labels.npy")
ids = json.loads((folder / "ids.json").read_text())

tensor = table["features"].combine_chunks()
assert isinstance(tensor.type, pa.FixedShapeTensorType), tensor.type
assert np.array_equal(tensor.to_numpy_ndarray(), features)
assert table["id"].to_pylist() == ids == frame["id"].to_list()
names = json.loads(table.schema.metadata[b"labels"])
assert [None if number < 0 else names[number] for number in labels] == table["label"].to_pylist()
assert np.array_equal(np.stack(frame["features"].to_numpy()), features)

flat = table.set_column(table.schema.get_field_index("features"), "features", tensor.storage)
counted = duckdb.sql("select split, count(*) from flat group by split order by split").fetchall()
longest = duckdb.sql("select max(len(features)) from flat").fetchall()[0][0]

split = np.array(table["split"].to_pylist(), dtype=object)
train, validation = split == "train", split == "validation"
regression = LogisticRegression(C=0.01, max_iter=500).fit(features[train], labels[train])
print(
    json.dumps(
        {
            "rows": table.num_rows,
            "columns": table.column_names,
            "splits": dict(counted),
            "features": longest,
            "polars": [str(dtype) for dtype in frame.dtypes],
            "regression": regression.score(features[validation], labels[validation]),
            "backbone": table.schema.metadata[b"backbone"].decode(),
        }
    )
)
