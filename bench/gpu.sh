#!/usr/bin/env bash
# Engines beside PyTorch on an NVIDIA GPU, from a clean clone with Node, npm, Python 3 and the GPU's driver: installs what is needed,
# checks the engines against the goldens, times them, and writes bench/RESULTS-gpu.md.
#
#     bench/gpu.sh [--device gpu|cpu] [what else bench/gpu.ts takes]
#
# About 10 GB are fetched for a GPU: PyTorch, TensorFlow and onnxruntime each bring NVIDIA's libraries. PYTHON names a Python that has
# torch, onnx and numpy already, so that no other is made. `--device cpu` fetches what needs no GPU.
set -euo pipefail
cd "$(dirname "$0")/.."

device=gpu
[[ " $* " =~ " --device cpu "|" --device=cpu " ]] && device=cpu

run() { printf '\n+ %s\n' "$*"; "$@"; }

if [ "$device" = gpu ] && ! nvidia-smi -L; then
  echo 'bench/gpu.sh: expected an NVIDIA GPU and its driver for "--device gpu" but nvidia-smi finds none' >&2
  echo '  --device cpu does the same without' >&2
  exit 2
fi

# What `setup` builds with, and the loader that WebGPU looks for its driver with.
missing=()
command -v g++ >/dev/null || missing+=(g++)
command -v make >/dev/null || missing+=(make)
ldconfig -p | grep -q libvulkan.so.1 || missing+=(libvulkan1)
python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
if [ ${#missing[@]} -gt 0 ]; then
  run apt-get update -qq
  run apt-get install -y -qq "${missing[@]}"
fi

run npm ci
if [ -z "${PYTHON:-}" ]; then
  run python3 -m venv .cache/bench-python
  export PYTHON="$PWD/.cache/bench-python/bin/python"
  if [ "$device" = gpu ]; then
    run "$PYTHON" -m pip install -q torch onnx numpy
  else
    run "$PYTHON" -m pip install -q torch onnx numpy --extra-index-url https://download.pytorch.org/whl/cpu
  fi
fi
if [ "$device" = gpu ]; then
  run npx zx pipeline.ts setup tensorflow --cuda
  run npx zx pipeline.ts setup cuda
else
  run npx zx pipeline.ts setup tensorflow
fi
run npx tsx bench/gpu.ts "$@"
