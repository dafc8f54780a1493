"""Writes layers.json: {network: {module name: [k, h, w]}} of every torchvision module whose output is picture-shaped,
for an input of 224x224 (Inception: 299x299), so that names and shapes can be held against ours. Where a module is
called several times, its last call counts. Needs torch and torchvision."""

import json
from pathlib import Path

import torch

from networks import NETWORKS, mobilenet

ENTRIES = {**NETWORKS, "mobilenet_v2_x0_75": mobilenet(0.75), "mobilenet_v2_x1_4": mobilenet(1.4)}


def layers(name, entry):
    side = 299 if name == "inception_v3" else 224
    shapes = {}

    def note(module):
        def hook(_, __, output):
            if output.dim() == 4:
                shapes[module] = list(output.shape[1:])

        return hook

    with torch.device("meta"), torch.no_grad():  # shapes without values
        network = entry.construct(weights=None).eval()
        for module, part in network.named_modules():
            if module:
                part.register_forward_hook(note(module))
        network(torch.zeros(1, 3, side, side))
    return shapes


lines = [f'  "{name}": {json.dumps(layers(name, entry))}' for name, entry in ENTRIES.items()]
Path(__file__).with_suffix(".json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
