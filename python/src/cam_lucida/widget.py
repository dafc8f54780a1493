"""A heatmap in a notebook: Jupyter, VS Code, marimo and whatever else knows anywidget."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

import anywidget
import numpy
import traitlets

from . import site
from .pictures import address_of, bytes_of

__all__ = ["CamLucida"]

_TEXT = dict(default_value=None, allow_none=True)


@lru_cache(maxsize=None)
def _packed(path: str) -> bytes | None:
    """A file of the package, compressed; ``None`` where there is none of that name."""
    root = site().resolve()
    file = (root / path).resolve()
    # What a page asks for is not to be trusted.
    if root not in file.parents or not file.is_file():
        return None
    return gzip.compress(file.read_bytes(), compresslevel=6, mtime=0)


def _text() -> traitlets.Unicode:
    return traitlets.Unicode(**_TEXT).tag(sync=True)


class CamLucida(anywidget.AnyWidget):
    """The heatmap of what a network saw in a picture.

    >>> figure = CamLucida("dog.jpg", method="layer-cam", classes=["dog"], controls="")

    ``picture`` is a path, an address, bytes, a picture of Pillow, or an array. The others are the attributes of ``<cam-lucida>``;
    see docs/EMBEDDING.md. All may be set at any time. What a reader chooses by the controls is in them, too.

    ``result``, ``error`` and ``progress`` are what the browser tells; ``observe`` them.
    """

    _esm = Path(__file__).parent / "site" / "notebook.js"

    src = _text()
    _picture = traitlets.Bytes(b"").tag(sync=True)
    model = _text()
    method = _text()
    classes = traitlets.List(traitlets.Union([traitlets.Int(), traitlets.Unicode()])).tag(sync=True)
    layer = _text()
    colormap = _text()
    opacity = traitlets.Float(None, allow_none=True, min=0, max=1).tag(sync=True)
    threshold = traitlets.Float(None, allow_none=True, min=0, max=1).tag(sync=True)
    controls = _text()
    lang = _text()

    result = traitlets.Dict(None, allow_none=True).tag(sync=True)
    error = traitlets.Dict(None, allow_none=True).tag(sync=True)
    progress = traitlets.Dict(None, allow_none=True).tag(sync=True)
    # Jupyter gives a memoryview, marimo bytes.
    _maps = traitlets.Bytes(b"").tag(sync=True, from_json=lambda value, _: bytes(value or b""))

    def __init__(self, picture=None, **traits) -> None:
        super().__init__(**traits)
        self.on_msg(self._hear)
        self._shown = None
        if picture is not None:
            self.picture = picture

    @property
    def picture(self):
        """The picture, as it was given."""
        return self._shown

    @picture.setter
    def picture(self, picture) -> None:
        address = None if picture is None else address_of(picture)
        held = b"" if picture is None or address else bytes_of(picture)
        self._shown = picture
        with self.hold_sync():
            self.src, self._picture = address, held
            self.result, self.error, self._maps = None, None, b""

    @property
    def maps(self) -> list[numpy.ndarray] | None:
        """The maps of all classes that were asked, of the shape ``(height, width)``, or ``(channels, height, width)`` of a signed
        picture; ``None`` before the browser has told them."""
        if not self.result or not self._maps:
            return None
        values, maps = numpy.frombuffer(self._maps, dtype="<f4"), []
        for one in self.result["classes"]:
            shape = one["map"]["shape"]
            count = int(numpy.prod(shape))
            maps.append(values[:count].reshape(shape[1:] if shape[0] == 1 else shape).copy())
            values = values[count:]
        return maps

    @property
    def map(self) -> numpy.ndarray | None:
        """The map of the first class."""
        maps = self.maps
        return maps[0] if maps else None

    def _hear(self, _widget, content, _buffers) -> None:
        """A page asks for a file of the package."""
        if not isinstance(content, dict) or content.get("type") != "file":
            return
        packed = _packed(str(content.get("path")))
        answer = {"type": "file", "id": content.get("id"), "path": content.get("path"), "found": packed is not None}
        self.send(answer, buffers=[packed] if packed is not None else None)
