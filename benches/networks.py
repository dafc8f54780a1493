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
        # Both sides compute with the same weights, which have half the size on ours.
        network = getattr(models, name)(weights=None).half().float().eval()
        (folder / name).mkdir(parents=True, exist_ok=True)
        state = network.half().state_dict()
        save_file(state, folder / name / "model.safetensors")
        network.float()
        card = {"architecture": name, "num_classes": 1000}
        (folder / name / "config.json").write_text(json.dumps(card))
        picture = torch.zeros(1, 3, SIDE, SIDE)
        torch.onnx.export(network, (picture,), folder / f"{name}.onnx", dynamo=False, opset_version=17)
        print(f"{folder / name}")


main()
