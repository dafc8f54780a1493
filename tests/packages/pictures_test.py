"""What the widget takes as a picture, and what it answers a page. The tests of the packages run it."""

import gzip
import io
from pathlib import Path

import numpy
from PIL import Image

from cam_lucida import CamLucida, site
from cam_lucida.widget import _packed

data = Path("picture.png").read_bytes()
pixels = numpy.asarray(Image.open("picture.png").convert("RGB"))


def shown(picture):
    """The pixels that a page gets."""
    return numpy.asarray(Image.open(io.BytesIO(CamLucida(picture)._picture)).convert("RGB"))


for picture in ["picture.png", Path("picture.png"), data, Image.open("picture.png"), pixels, pixels / 255, pixels.astype("int64")]:
    assert (shown(picture) == pixels).all(), type(picture)
grey = pixels.mean(axis=2).astype("uint8")
assert (shown(grey)[:, :, 1] == grey).all() and (shown(grey[:, :, None])[:, :, 1] == grey).all()

mask = pixels[:, :, 0] > 128
assert (shown(mask)[:, :, 1] == mask * 255).all()

address = CamLucida("https://example.org/dog.jpg")
assert (address.src, address._picture) == ("https://example.org/dog.jpg", b"")
address.error = {"code": "fetch-status"}
address.picture = data
assert (address.src, address._picture, address.error) == (None, data, None)

for wrong, kind in [(3, TypeError), (pixels * 2.0, ValueError), (pixels[:, :, :2], ValueError), (pixels.astype("int64") - 300, ValueError), (Image.new("I;16", (4, 4)), ValueError)]:
    try:
        CamLucida(wrong)
    except kind:
        continue
    raise AssertionError(f"{kind.__name__} was not raised")

assert gzip.decompress(_packed("web-gpu_bg.wasm")) == (site() / "web-gpu_bg.wasm").read_bytes()
assert _packed("../widget.py") is None and _packed("/etc/passwd") is None and _packed("models") is None

figure = CamLucida(data)
assert figure.map is None
figure.result = {"classes": [{"map": {"shape": [1, 2, 3]}}, {"map": {"shape": [3, 1, 2]}}]}
figure._maps = numpy.arange(12, dtype="<f4").tobytes()
assert [one.shape for one in figure.maps] == [(2, 3), (3, 1, 2)] and figure.map[1, 2] == 5

sent = []
figure.send = lambda content, buffers=None: sent.append((content["found"], buffers and len(buffers)))
for path in ["notebook-worker.js", "nothing.js", None]:
    figure._hear(figure, {"type": "file", "id": 1, "path": path}, [])
figure._hear(figure, "noise", [])
assert sent == [(True, 1), (False, None), (False, None)]
print("all hold")
