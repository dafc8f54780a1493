"""Heatmaps of what a convolutional network saw, computed in the reader's browser.

``CamLucida`` is a widget for Jupyter, VS Code and marimo; ``cam_lucida.sphinx`` is an extension of Sphinx. All files that they need
are in this package.
"""

from importlib.metadata import version as _version
from pathlib import Path as _Path

__version__ = _version("cam-lucida")
__all__ = ["CamLucida", "site"]


def site() -> _Path:
    """The folder of the files: ``www/element.js`` defines ``<cam-lucida>``; copy the folder to where your site is served."""
    return _Path(__file__).parent / "site"


def __getattr__(name: str):
    """Sphinx needs no anywidget, so the widget is imported when it is asked for."""
    if name != "CamLucida":
        raise AttributeError(f"module 'cam_lucida' has no attribute {name!r}")
    try:
        from .widget import CamLucida
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith(("anywidget", "numpy")):
            raise
        raise ModuleNotFoundError('the widget needs more packages: pip install "cam-lucida[notebook]"', name=error.name) from error
    return CamLucida
