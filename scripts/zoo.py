"""Writes into `models/index.json`, under the key `zoo`, which published weights there are of our networks and where;
and `models/imagenet-1k.json`, the names of their classes. Nothing is downloaded.

    python scripts/zoo.py

All facts are those that the installed torchvision and timm state of their weights: addresses, licences, hashes,
preprocessing, and from torchvision the class names (`torchvision.models._meta`). Sizes are estimates: torchvision
states MiB to three places, a safetensors file is reckoned as the one that timm's network would make today.
"""

import json
import re
from pathlib import Path

import safetensors.torch
import timm
import torch
from timm.models import get_pretrained_cfg
from torchvision import models
from torchvision.models._meta import _IMAGENET_CATEGORIES as CLASSES

ROOT = Path(__file__).parent.parent
LABELS = "imagenet-1k.json"
# Hugging Face's copies that the page offers first, in this order.
FIRST = [
    "vgg16.tv_in1k",
    "vgg19.tv_in1k",
    "resnet50.tv_in1k",
    "resnet101.tv_in1k",
    "densenet121.tv_in1k",
    "inception_v3.tv_in1k",
    "mobilenetv2_100.ra_in1k",
]
# timm's names, and weights that are its own.
MOBILENETS = {
    "mobilenetv2_050": "mobilenet_v2_x0_5",
    "mobilenetv2_100": "mobilenet_v2",
    "mobilenetv2_140": "mobilenet_v2_x1_4",
}
OF_TIMM = ["mobilenetv2_050.lamb_in1k", "mobilenetv2_140.ra_in1k"]


def titles():
    """{name: title} of our networks, as the table `NETWORKS` has them."""
    sources = "".join(path.read_text() for path in sorted((ROOT / "src/network").glob("*.rs")))
    return dict(re.findall(r'(?:architecture\(|name:)\s*"(\w+)",\s*(?:title:\s*)?"([^"]+)"', sources))


def entry(name, title, network, size, licence, page, **more):
    return {
        "name": name,
        "title": title,
        "network": network,
        "classes": len(CLASSES),
        "labels": LABELS,
        "bytes": size,
        "bytes_exact": False,
        "sha256": None,
        "license": licence,
        "page": page,
        **more,
    }


def safetensors_size(name):
    """Bytes of the weights as timm would write them; of Inception with the training head, which its file has."""
    with torch.device("meta"):
        network = timm.create_model(name, **({"aux_logits": True} if name == "inception_v3.tv_in1k" else {}))
    state = {tensor: torch.zeros(value.shape, dtype=value.dtype) for tensor, value in network.state_dict().items()}
    return len(safetensors.torch.save(state, {"format": "pt"}))


def hugging_face(titles):
    """timm's repositories."""
    registered = [name for name in timm.list_pretrained() if name.endswith(".tv_in1k")]
    for name in dict.fromkeys([*FIRST, *registered, *OF_TIMM]):
        architecture, tag = name.split(".")
        network = MOBILENETS.get(architecture, architecture)
        if network not in titles:
            continue
        stated = get_pretrained_cfg(name)
        assert stated.hf_hub_id == f"timm/{name}" and stated.num_classes == len(CLASSES), name
        trainer = "torchvision" if tag == "tv_in1k" else "timm"
        yield entry(
            name,
            f"{titles[network]} ({trainer}, ImageNet)",
            network,
            safetensors_size(name),
            stated.license or "see source",
            True,
            source={"repository": stated.hf_hub_id, "revision": "main"},
        )


def torchvision_files(titles):
    """torchvision's own files, whose names end in how their SHA-256 starts."""
    for network, title in titles.items():
        for weights in models.get_model_weights(network) if network in models.list_models() else []:
            if weights.meta["categories"] != CLASSES:
                continue  # VGG-16's without a classifier
            version = weights.name.removeprefix("IMAGENET1K_")
            preset = weights.transforms()
            [size], [resize] = preset.crop_size, preset.resize_size
            yield entry(
                f"{network}-imagenet-{version.lower()}",
                f"{title} (torchvision's file, ImageNet {version})",
                network,
                round(weights.meta["_file_size"] * 2**20),
                "BSD-3-Clause (torchvision); trained on ImageNet-1k",
                False,
                sha256_starts=re.search(r"-([0-9a-f]{8,})\.pth$", weights.url)[1],
                preprocessor={"size": size, "resize": resize, "mean": preset.mean, "std": preset.std},
                source={"url": weights.url},
            )


def write(path, value):
    """As serde_json writes it."""
    path.write_text(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def main():
    known = titles()
    zoo = [*hugging_face(known), *torchvision_files(known)]
    assert len({one["name"] for one in zoo}) == len({one["title"] for one in zoo}) == len(zoo)
    index = ROOT / "models/index.json"
    write(index, {**json.loads(index.read_text()), "zoo": zoo})
    write(ROOT / "models" / LABELS, CLASSES)


if __name__ == "__main__":
    main()
