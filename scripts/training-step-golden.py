"""Makes test/shared/training/golden/step.json: whole training steps of small heads in PyTorch, float64.

usage: training-step-golden.py  (needs torch)
"""

import json
from pathlib import Path

import torch
from torch.nn.functional import cross_entropy

GOLDEN = Path(__file__).parent.parent / "test/shared/training/golden/step.json"
ROWS, FEATURES, CLASSES, STEPS = 7, 5, 4, 4

torch.set_default_dtype(torch.float64)


def numbers(*dims):
    return torch.randn(*dims)


def layers(widths):
    names = ["head"] if len(widths) == 2 else [f"head.{i}" for i in range(len(widths) - 1)]
    return {
        key: value
        for name, inputs, outputs in zip(names, widths, widths[1:])
        for key, value in ((f"{name}.weight", numbers(inputs, outputs)), (f"{name}.bias", numbers(outputs)))
    }


def forward(parameters, x):
    weights = [name for name in parameters if name.endswith("weight")]
    for i, name in enumerate(weights):
        x = x @ parameters[name] + parameters[name.replace("weight", "bias")]
        x = x.relu() if i < len(weights) - 1 else x
    return x


def trained(case):
    initial = layers([FEATURES, *case["hidden"], CLASSES])
    parameters = {name: value.clone().requires_grad_() for name, value in initial.items()}
    groups = [
        {"params": [p for n, p in parameters.items() if n.endswith("weight")], "weight_decay": case["decay"]},
        {"params": [p for n, p in parameters.items() if n.endswith("bias")], "weight_decay": 0.0},
    ]
    optimizer = getattr(torch.optim, case["optimizer"])(groups)
    mean, deviation = numbers(FEATURES), numbers(FEATURES).abs() + 0.5
    clip, decay = case.get("clip"), case.get("average")
    sums = {name: torch.zeros_like(p) for name, p in parameters.items()}
    steps = []
    for step in range(STEPS):
        x, labels = 3 * numbers(ROWS, FEATURES), torch.randint(CLASSES, (ROWS,))
        weights = torch.rand(ROWS)
        weights[-2:] = 0
        rate = 0.1 / (1 + step)
        losses = cross_entropy(
            forward(parameters, (x - mean) / deviation),
            labels,
            reduction="none",
            label_smoothing=case["labelSmoothing"],
        )
        loss = (losses * weights).sum() / weights.sum()
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.zero_grad()
        loss.backward()
        if clip is not None:
            torch.nn.utils.clip_grad_norm_(parameters.values(), clip)
        optimizer.step()
        if decay is not None:
            # An average that begins at zero, as it is written in the paper; its bias is corrected at the end.
            for name, p in parameters.items():
                sums[name] = decay * sums[name] + (1 - decay) * p.detach()
        steps.append(
            {
                "x": x.flatten().tolist(),
                "labels": labels.tolist(),
                "weights": weights.tolist(),
                "learningRate": rate,
                "loss": loss.item(),
            }
        )
    return {
        **case,
        "mean": mean.tolist(),
        "deviation": deviation.tolist(),
        "initial": {name: value.flatten().tolist() for name, value in initial.items()},
        "steps": steps,
        "final": {name: p.flatten().tolist() for name, p in parameters.items()},
        "averages": {
            name: (total / (1 - decay**STEPS)).flatten().tolist() for name, total in sums.items() if decay is not None
        },
    }


torch.manual_seed(0)
cases = [
    {"head": "linear", "hidden": [], "optimizer": "AdamW", "decay": 0.3, "labelSmoothing": 0.1},
    {"head": "mlp:6", "hidden": [6], "optimizer": "AdamW", "decay": 0.05, "labelSmoothing": 0.0},
    {"head": "linear", "hidden": [], "optimizer": "Adam", "decay": 0.0, "labelSmoothing": 0.0},
    # Last, so that those before keep their numbers.
    {
        **{"head": "mlp:6", "hidden": [6], "optimizer": "AdamW", "decay": 0.05, "labelSmoothing": 0.1},
        **{"clip": 0.3, "average": 0.9},
    },
]
golden = {
    "torch": torch.__version__,
    "rows": ROWS,
    "features": FEATURES,
    "classes": CLASSES,
    "cases": [trained(case) for case in cases],
}
GOLDEN.parent.mkdir(parents=True, exist_ok=True)
GOLDEN.write_text(json.dumps(golden) + "\n")
