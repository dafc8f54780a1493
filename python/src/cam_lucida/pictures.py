"""From what people have as a picture to what a browser can decode."""

from __future__ import annotations

import io
import os
from pathlib import Path

__all__ = ["address_of", "bytes_of"]

_ADDRESS = ("http://", "https://", "data:", "sample:", "board:")


def address_of(picture) -> str | None:
    """The picture's address, where it has one that a browser can ask for; else ``None``."""
    return picture if isinstance(picture, str) and picture.startswith(_ADDRESS) else None


def bytes_of(picture) -> bytes:
    """The picture as a file: of a path, bytes, a picture of Pillow, or an array.

    An array has the shape ``(height, width)``, or ``(height, width, channels)`` with 1, 3 or 4 channels. Its numbers are integers
    from 0 to 255, floats from 0 to 1, or truth values. Any other array, and a picture of Pillow with more than 8 bits a channel,
    raise ``ValueError``; what is not a picture at all raises ``TypeError``.
    """
    if isinstance(picture, (bytes, bytearray, memoryview)):
        return bytes(picture)
    if isinstance(picture, (str, os.PathLike)):
        return Path(picture).expanduser().read_bytes()
    if hasattr(picture, "save") and hasattr(picture, "mode"):  # of Pillow
        return _png(picture)
    if hasattr(picture, "__array__"):
        return _png(_drawn(picture))
    raise TypeError(f"a picture is a path, an address, bytes, a picture of Pillow or an array, not {type(picture).__name__}")


def _drawn(array):
    import numpy
    from PIL import Image

    pixels = numpy.asarray(array)
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    if not (pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] in (3, 4))):
        raise ValueError(f"an array has the shape (height, width) or (height, width, 1, 3 or 4), not {pixels.shape}")
    if pixels.dtype == bool:
        pixels = pixels * 255
    elif numpy.issubdtype(pixels.dtype, numpy.floating):
        if not (numpy.isfinite(pixels).all() and 0 <= pixels.min() and pixels.max() <= 1):
            raise ValueError("floats of a picture are from 0 to 1; scale the array, or give it as integers from 0 to 255")
        pixels = (pixels * 255).round()
    elif pixels.dtype != numpy.uint8 and not (0 <= pixels.min() and pixels.max() <= 255):
        raise ValueError("integers of a picture are from 0 to 255")
    return Image.fromarray(pixels.astype(numpy.uint8))


def _png(image) -> bytes:
    if image.mode.startswith(("I", "F")):  # Pillow would cut off all above 255
        raise ValueError(f"a picture of Pillow has 8 bits a channel, not the mode {image.mode}; give the file, or an array of floats from 0 to 1")
    if image.mode not in ("1", "L", "LA", "P", "RGB", "RGBA"):
        image = image.convert("RGB")
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()
