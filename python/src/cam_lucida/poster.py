"""A heatmap where nothing computes, as on paper: made by the command line ``cam-lucida``."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import site

__all__ = ["Unmade", "make"]

#: Options of the command line, by attributes of ``<cam-lucida>``.
_OPTIONS = {"method": "--method", "layer": "--layer-name", "colormap": "--colormap", "opacity": "--opacity", "threshold": "--threshold"}


class Unmade(Exception):
    """There is no poster; the message says why, and what to do."""


def make(command: str, picture: Path, asked: dict[str, str], folder: Path) -> list[Path]:
    """The heatmaps of a picture as PNG, one for each class in the order of ``asked``, made where ``folder`` does not have them yet."""
    program = shutil.which(command)
    if program is None:
        raise Unmade(f"the command line “{command}” is not installed (cargo install cam-lucida)")
    arguments = [*_network(asked.get("model")), *_classes(asked)]
    for name, option in _OPTIONS.items():
        if asked.get(name):
            arguments += [option, asked[name]]
    key = hashlib.sha256(picture.read_bytes() + json.dumps(arguments).encode()).hexdigest()[:20]
    made = folder / key
    if not made.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as results:
            run = [program, "explain", "--image-path", str(picture), *arguments, "--output-dir", results]
            done = subprocess.run(run, capture_output=True, text=True)
            if done.returncode:
                raise Unmade(f"“{command} explain” failed: {done.stderr.strip()}")
            drawn = json.loads((Path(results) / "result.json").read_text("utf-8"))["files"]
            kept = Path(results) / "kept"
            kept.mkdir()
            for number, name in enumerate(one for one in drawn if one.endswith("-overlay.png")):
                (Path(results) / name).rename(kept / f"cam-lucida-{key}-{number:02}.png")
            try:
                kept.rename(made)  # at once: Sphinx may read and write in several processes
            except OSError:
                if not made.is_dir():
                    raise
    return sorted(made.iterdir())


def _embedded(model: str) -> Path | None:
    folder = site() / "models" / model
    return folder if (folder / "config.json").is_file() else None


def _network(model: str | None) -> list[str]:
    if not model:
        return []
    folder = _embedded(model)
    if folder is None:
        raise Unmade(f"the network “{model}” is not in the package; give a poster")
    return ["--model-dir", str(folder)]


def _classes(asked: dict[str, str]) -> list[str]:
    """The command line knows classes by their numbers."""
    words = [word.strip() for word in (asked.get("classes") or "").split(",") if word.strip()]
    if not words:
        return []
    default = json.loads((site() / "models/index.json").read_text("utf-8"))["default"]
    config = json.loads((_embedded(asked.get("model") or default) / "config.json").read_text("utf-8"))
    numbers = {name.lower(): number for number, name in config.get("id2label", {}).items()}
    unknown = [word for word in words if not word.isdigit() and word.lower() not in numbers]
    if unknown:
        raise Unmade(f"the network has no class “{unknown[0]}”")
    return ["--class-id", ",".join(word if word.isdigit() else numbers[word.lower()] for word in words)]
