"""Writes `<network>/expected.safetensors`: logits and raw maps from torch, with the formulas written out; for two
networks also `<network>/methods.safetensors`.

    python tests/golden/generate.py [NETWORK ...]

Every map is computed in float32 and again in float64, which must agree; the formulas are cross-checked against
pytorch-grad-cam and captum. See README.md for the format.
"""

import json
import sys
import warnings

import torch
from safetensors.torch import save_file

import hashed
import methods
from formulas import cam, grad_cam, grad_cam_plus_plus, layer_cam
from guided import guided_backprop, guided_backprop_of_modules
from libraries import References, check_cams, check_guided
from networks import COUNTERFACTUAL, NETWORKS, build, forward, logit, targets
from store import HERE, compute, save

FORMULAS = {
    "grad-cam": grad_cam,
    "grad-cam++": grad_cam_plus_plus,
    "grad-cam++:pytorch-grad-cam": lambda activation, gradient: grad_cam_plus_plus(activation, gradient, 1e-6),
}
LOGITS = 1e-5  # float32 against float64, of the largest logit


def maps_of(name, network, pictures):
    """The logits and every raw map of a network, by key."""
    entry = NETWORKS[name]
    default = entry.layers[0]
    logits, activations = forward(network, entry.layers, pictures)
    maps = {"logits": logits.detach()}

    def add(layer, method, index, value):
        maps[f"{layer}|{method}|{index}"] = value.detach()

    def gradients(score):
        found = torch.autograd.grad(score.sum(), list(activations.values()), retain_graph=True)
        return dict(zip(activations, found))

    for index in entry.classes:
        found = gradients(logit(logits, index))
        for layer, gradient in found.items():
            for method, formula in FORMULAS.items():
                add(layer, method, index, formula(activations[layer], gradient))
        add(default, "layer-cam", index, layer_cam(activations[default], found[default]))
        for target, score in targets(entry.rival).items():
            for layer, gradient in gradients(score(logits, index)).items():
                if layer == default or target == COUNTERFACTUAL:
                    add(layer, f"grad-cam@{target}", index, grad_cam(activations[layer], gradient))
        if entry.head is not None:
            add(default, "cam", index, cam(activations[default], network.state_dict()[entry.head], index))
        score = lambda logits: logit(logits, index)
        add(default, "guided-backprop", index, guided_backprop(network, pictures, score))
        if name.startswith(("densenet", "inception")):  # they call functional ReLUs
            add(default, "guided-backprop:pytorch", index, guided_backprop_of_modules(network, pictures, score))
    return maps


def generate(name, pictures):
    """Computes, checks and writes one network's file."""
    entry, network = NETWORKS[name], build(name)
    computed = compute(network, pictures, lambda network, pictures: maps_of(name, network, pictures))
    maps, precise, off_by = computed
    assert off_by["logits"] < LOGITS, f"logits: float32 is {off_by['logits']:.1e} off float64"

    values = {key: value for key, value in precise.items() if key != "logits"}
    for layer in entry.layers:
        for method in FORMULAS:
            kin = (f"{layer}|{method}|", f"{layer}|{method}@{COUNTERFACTUAL}|")
            shown = any(value.any() for key, value in values.items() if key.startswith(kin))
            assert shown, f"{layer}|{method}: nothing to see for any class, nor against it"

    references = References(values)
    for index in entry.classes:
        for layer in entry.layers:
            check_cams(references, network, layer, index, pictures.double())
        check_guided(references, network, entry.layers[0], index, pictures.double())
    save(
        HERE / name / "expected.safetensors",
        pictures,
        computed,
        classes=",".join(map(str, entry.classes)),
        references=json.dumps(references.names()),
    )
    print(f"  max |logit| {maps['logits'].abs().max():.3g}, libraries within {references.worst:.1e}", flush=True)


def main():
    warnings.filterwarnings("ignore", module="captum|torch.backends.mkldnn")  # of what they are there for
    pictures = 2 * torch.from_numpy(hashed.signed("input", (3, 3, 96, 128)))
    save_file({"input": pictures}, HERE / "input.safetensors")
    for name in sys.argv[1:] or NETWORKS:
        generate(name, pictures)
        if name in methods.LAYERS:
            methods.generate(name, pictures[:1])


if __name__ == "__main__":
    main()
