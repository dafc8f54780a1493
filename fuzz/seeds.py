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
edits = bytes([0, 0, 0, 5, 9, 0, 1, 130])
for which in range(8):
    networks = {"family": bytes([which, 5, 2, 0, 1, 2, 0, 0]), "listed": bytes([240 + which])}
    for kind, network in networks.items():
        (seeds / "network" / f"{kind}-{which}").write_bytes(network)
        (seeds / "network" / f"{kind}-{which}-edited").write_bytes(network + edits)
sound = bytes([0, 1, 0, 0, 0, 1, 0, 0, 0, 16]) + bytes(16)
(seeds / "archive" / "sound").write_bytes(sound)
(seeds / "archive" / "byteorder").write_bytes(sound + bytes([3, 0, 0, 0, 6]) + b"little")
for number, (flags, said) in enumerate([(2, 0), (4, 7), (128, 0)]):
    (seeds / "archive" / f"lying-{number}").write_bytes(sound[:6] + bytes([flags, said, 0, 16]) + bytes(16))
for number, (descr, shape) in enumerate([("<f4", (1, 3, 2, 2)), ("<f4", (3, 2, 2)), ("<f8", (3, 2, 2)), ("|u1", (2, 2, 3))]):
    header = repr({"descr": descr, "fortran_order": False, "shape": shape}).ljust(117) + "\n"
    npy = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + bytes(96)
    (seeds / "npy" / str(number)).write_bytes(npy)
for name, length, header in [("nested", 36, b"{'descr': " + b"[" * 25 + b"\n"), ("long", 2**32 - 1, b"{")]:
    (seeds / "npy" / name).write_bytes(b"\x93NUMPY\x02\x00" + struct.pack("<I", length) + header)
requests = [
    "samples=8,seed=3", "max_channels=64", "logit", "probability", "contrast:3", "counterfactual", "3+7", "grad-cam++",
    "resnet50", "what color is the hydrant?", "how many red cups are there?", "what is left of the green car?",
    "is the ball above the boat?", "what is the largest thing?",
]
for number, text in enumerate(requests):
    (seeds / "request" / str(number)).write_text(text)
