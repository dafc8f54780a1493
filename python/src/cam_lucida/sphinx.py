"""A directive for Sphinx: a heatmap that computes itself in the page.

.. code-block:: rst

   .. cam-lucida:: dog.jpg
      :method: layer-cam
      :alt: A dog on a lawn

      What the network saw.

The options are the attributes of ``<cam-lucida>``. On paper (LaTeX, man and all else that is no web page), the command line
``cam-lucida`` makes the picture; without it, the picture of the option ``poster`` stands there, or the bare picture.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from . import __version__, site
from .poster import Unmade, make

__all__ = ["setup"]

logger = logging.getLogger(__name__)

_FOLDER = "cam-lucida"
#: Options that are attributes of the element.
_ATTRIBUTES = ("model", "method", "classes", "layer", "colormap", "opacity", "threshold", "lang", "theme", "loading", "reveal", "controls", "board")
_NOTEBOOK = shutil.ignore_patterns("notebook*.js")


class cam_lucida_heatmap(nodes.General, nodes.Element):
    """Has an image, unless it is a board, and a caption, if there is one."""


class cam_lucida_caption(nodes.Part, nodes.TextElement):
    pass


def _share(argument: str) -> str:
    if not 0 <= float(argument) <= 1:
        raise ValueError("a number from 0 to 1")
    return argument


def _text(argument: str | None) -> str:
    return (argument or "").strip()


class CamLucida(SphinxDirective):
    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {
        **dict.fromkeys(_ATTRIBUTES, _text),
        "opacity": _share,
        "threshold": _share,
        "reveal": lambda one: directives.choice(one, ("view", "click", "manual")),
        "loading": lambda one: directives.choice(one, ("lazy", "eager")),
        "theme": lambda one: directives.choice(one, ("auto", "light", "dark", "projector")),
        "alt": directives.unchanged,
        "poster": directives.unchanged_required,
        "width": directives.length_or_percentage_or_unitless,
        "class": directives.class_option,
        "name": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        if not self.arguments and "board" not in self.options:
            raise self.error("cam-lucida needs a picture, or the option “board”.")
        node = cam_lucida_heatmap(asked={name: self.options[name] for name in _ATTRIBUTES if name in self.options})
        node["poster"], node["width"] = self.options.get("poster"), self.options.get("width")
        node["classes"] += self.options.get("class", [])
        if self.arguments:
            node += nodes.image(uri=directives.uri(self.arguments[0]), alt=self.options.get("alt", ""))
        if node["poster"]:
            self.env.note_dependency(self.env.relfn2path(node["poster"])[0])
        if self.content:
            inner, messages = self.parse_inline(" ".join(self.content), lineno=self.content_offset)
            node += cam_lucida_caption("", "", *inner)
            node += messages
        self.set_source_info(node)
        self.add_name(node)
        return [node]


def _visit_heatmap(self, node: cam_lucida_heatmap) -> None:
    attributes = dict(node["asked"])
    if node["width"]:
        attributes["style"] = f"width: {node['width']}{'px' if node['width'].isdigit() else ''}"
    self.body.append(self.starttag(node, "cam-lucida", "", **attributes))


def _depart_heatmap(self, node: cam_lucida_heatmap) -> None:
    self.body.append("</cam-lucida>\n")


def _visit_caption(self, node: cam_lucida_caption) -> None:
    self.body.append('<span slot="caption">')


def _depart_caption(self, node: cam_lucida_caption) -> None:
    self.body.append("</span>")


def _is_live(app: Sphinx) -> bool:
    """Whether a browser will compute: in a web page, but not in a book."""
    return app.builder.format == "html" and not app.builder.name.startswith("epub")


class OnPaper(SphinxPostTransform):
    """Puts a figure in place of each heatmap that will not compute."""

    default_priority = 5

    def run(self, **_) -> None:
        if _is_live(self.app):
            return
        for node in list(self.document.findall(cam_lucida_heatmap)):
            pictures = self._pictures(node)
            if not pictures:
                node.replace_self([])
                continue
            figure = nodes.figure("", *pictures, ids=node["ids"], names=node["names"])
            for picture in pictures:
                if node["width"]:
                    picture["width"] = node["width"]
            figure += [nodes.caption("", "", *one.children) for one in node.findall(cam_lucida_caption)]
            node.replace_self(figure)

    def _pictures(self, node: cam_lucida_heatmap) -> list[nodes.image]:
        """One for each class that is asked; none where there is nothing to show."""
        images = list(node.findall(nodes.image))
        shown = images[0] if images else None
        local = shown is not None and shown["uri"] in self.env.images
        try:
            if not local:
                raise Unmade("only a picture of the project can be explained")
            source, folder = Path(self.env.srcdir) / shown["uri"], Path(self.env.doctreedir) / _FOLDER
            made = make(self.config.cam_lucida_command, source, node["asked"], folder)
            return [self._image(file, shown) for file in made]
        except Unmade as reason:
            if node["poster"]:
                logger.info("cam-lucida: the author's poster is shown: %s", reason, location=node)
                return [self._image(Path(self.env.relfn2path(node["poster"], self.env.docname)[1]), shown)]
            instead = "nothing stands there" if shown is None else "the plain picture stands there"
            logger.warning("cam-lucida: no heatmap, %s: %s. Or give the option “poster”.", instead, reason, location=node, type="cam-lucida", subtype="poster")
            return images

    def _image(self, file: Path, like: nodes.image | None) -> nodes.image:
        path = str(file)
        self.env.images.add_file(self.env.docname, path)
        return nodes.image(uri=path, candidates={"*": path}, alt=like["alt"] if like else "")


def _copy_files(app: Sphinx) -> None:
    if _is_live(app) and not app.config.cam_lucida_url:
        shutil.copytree(site(), Path(app.outdir) / "_static" / _FOLDER, ignore=_NOTEBOOK, dirs_exist_ok=True)
        shutil.copyfile(Path(__file__).parent / "page.css", Path(app.outdir) / "_static" / _FOLDER / "page.css")


def _add_script(app: Sphinx, _page: str, _template: str, _context: dict, doctree: nodes.document | None) -> None:
    """Only pages with a heatmap load its script."""
    if doctree is None or not _is_live(app) or next(iter(doctree.findall(cam_lucida_heatmap)), None) is None:
        return
    url = app.config.cam_lucida_url
    app.add_js_file(f"{url.rstrip('/')}/www/element.js" if url else f"{_FOLDER}/www/element.js", type="module")
    if not url:
        app.add_css_file(f"{_FOLDER}/page.css")


def setup(app: Sphinx) -> dict:
    app.add_config_value("cam_lucida_command", "cam-lucida", "env", types=[str])
    app.add_config_value("cam_lucida_url", None, "html", types=[str, type(None)])
    app.add_node(cam_lucida_heatmap, html=(_visit_heatmap, _depart_heatmap))
    app.add_node(cam_lucida_caption, html=(_visit_caption, _depart_caption))
    app.add_directive("cam-lucida", CamLucida)
    app.add_post_transform(OnPaper)
    app.connect("builder-inited", _copy_files)
    app.connect("html-page-context", _add_script)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
