"""Writes networks with random weights for `benches/page.mjs`: NAME.onnx for onnxruntime-web, NAME/ for CAM Lucida.

    python benches/networks.py FOLDER NAME...

Needs torch, torchvision, onnx and safetensors."""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from torchvision import models

SIDE = 224


def main():
    folder = Path(sys.argv[1])
    for name in sys.argv[2:]:
        torch.manual_seed(0)
        network = getattr(models, name)(weights=None).eval()
        (folder / name).mkdir(parents=True, exist_ok=True)
        save_file(network.state_dict(), folder / name / "model.safetensors")
        card = {"architecture": name, "num_classes": 1000}
        (folder / name / "config.json").write_text(json.dumps(card))
        picture = torch.zeros(1, 3, SIDE, SIDE)
        torch.onnx.export(network, (picture,), folder / f"{name}.onnx", dynamo=False, opset_version=17)
        print(f"{folder / name}")


main()
