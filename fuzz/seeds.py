"""Writes into a folder what some fuzz targets start from: parts of the tests' fixtures, and of the models."""

import json
import pathlib
import struct
import sys
import zipfile

seeds = pathlib.Path(sys.argv[1])
fixtures = pathlib.Path("tests/fixtures/weights")
for path in fixtures.rglob("*.p*t*"):
    if path.is_file() and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith("/data.pkl"):
                    (seeds / "pickle" / path.stem).write_bytes(archive.read(name))
for path in fixtures.rglob("*.safetensors"):
    content = path.read_bytes()
    (seeds / "safetensors" / path.stem).write_bytes(content[8 : 8 + struct.unpack("<Q", content[:8])[0]])
for path in pathlib.Path("models").glob("*/config.json"):
    config = path.read_bytes()
    preprocessor = path.with_name("preprocessor_config.json")
    rest = b"\0" + preprocessor.read_bytes() if preprocessor.exists() else b""
    (seeds / "card" / path.parent.name).write_bytes(config + rest)
    names = list(json.loads(config).get("id2label", {}).items())
    texts = {
        "json": json.dumps(dict(names)),
        "pairs": json.dumps({number: ["n0", name] for number, name in names}),
        "ids": json.dumps({name: int(number) for number, name in names}),
        "csv": "id,name\n" + "".join(f'{number},"{name}"\n' for number, name in names),
        "lines": "\n".join(name for _, name in names),
    }
    for kind, text in texts.items():
        (seeds / "labels" / f"{path.parent.name}-{kind}").write_text(text)
for which in range(8):
    (seeds / "network" / str(which)).write_bytes(bytes([which]))
    (seeds / "network" / f"{which}-edited").write_bytes(bytes([which, 0, 0, 0, 5, 9, 0, 1, 130]))
requests = [
    "samples=8,seed=3", "max_channels=64", "logit", "probability", "contrast:3", "counterfactual", "3+7", "grad-cam++",
    "resnet50", "what color is the hydrant?", "how many red cups are there?", "what is left of the green car?",
    "is the ball above the boat?", "what is the largest thing?",
]
for number, text in enumerate(requests):
    (seeds / "request" / str(number)).write_text(text)
