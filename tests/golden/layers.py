"""Writes layers.json: {network: {module name: [k, h, w]}} of every torchvision module whose output is picture-shaped,
for an input of 224x224, so that names and shapes can be held against ours. Needs torch and torchvision."""

import json
from pathlib import Path

import torch
import torchvision

NETWORKS = {
    "squeezenet1_1": {},
    "mobilenet_v2": {},
    "mobilenet_v2_x0_25": {"width_mult": 0.25},
    "mobilenet_v2_x0_5": {"width_mult": 0.5},
    "mobilenet_v2_x0_75": {"width_mult": 0.75},
    "mobilenet_v2_x1_4": {"width_mult": 1.4},
    "resnet18": {},
    "resnet34": {},
    "resnet50": {},
    "resnet101": {},
    "resnet152": {},
}


def layers(name, options):
    build = getattr(torchvision.models, name.split("_x")[0])
    network = build(weights=None, **options).eval()
    shapes = {}

    def note(module):
        def hook(_, __, output):
            if output.dim() == 4:
                shapes[module] = list(output.shape[1:])

        return hook

    for module, part in network.named_modules():
        if module:
            part.register_forward_hook(note(module))
    with torch.no_grad():
        network(torch.zeros(1, 3, 224, 224))
    return shapes


lines = [f'  "{name}": {json.dumps(layers(name, options))}' for name, options in NETWORKS.items()]
Path(__file__).with_suffix(".json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
