//! How a kind looks: the table `drawings.json`, and its paths painted on a sheet.

use std::sync::LazyLock;

use kurbo::{BezPath, PathEl};
use serde::Deserialize;
use tiny_skia::{Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Stroke, Transform};

use super::palette::{Shade, mixed};
use super::{COLOURS, KINDS, Thing};

/// The table as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub colours: Vec<Shade>,
    tones: Tones,
    /// How far the outline reaches beyond the shape, in units of its box.
    outline: f32,
    pub kinds: Vec<Kind>,
}

/// Colours of details, the same on things of every colour.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tones {
    dark: [u8; 3],
    light: [u8; 3],
}

/// One kind: layers from the back to the front, in a box of 100×100 units with y downwards.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    pub name: String,
    /// The share of the box that it covers, outline included.
    pub fill: f32,
    layers: Vec<Layer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Layer {
    tone: Tone,
    path: String,
    /// The width of a line along the path; without it the path is filled.
    stroke: Option<f32>,
    /// Other layers surround it, so it needs no outline.
    #[serde(default)]
    inside: bool,
}

/// What a layer is painted with.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum Tone {
    /// The thing's colour.
    Body,
    /// The thing's colour in shadow.
    Shade,
    Dark,
    Light,
}

/// The table, and what each kind is filled with, from the back to the front: first the outline.
pub struct Drawings {
    pub table: Table,
    kinds: Vec<Drawing>,
}

struct Drawing {
    outline: Vec<Path>,
    layers: Vec<(Tone, Path)>,
}

/// Units of a box's side.
const BOX: f32 = 100.0;
/// Pixels of a unit up to which the curves of lines and outlines are smooth.
const FINEST: f32 = 4.0;

/// What `drawings.json` says.
pub static DRAWINGS: LazyLock<Drawings> = LazyLock::new(|| {
    let table: Table = serde_json::from_str(include_str!("drawings.json")).expect("the table is well-formed");
    assert!(
        table.kinds.iter().map(|kind| &kind.name).eq(&KINDS),
        "the table's kinds are those of the library"
    );
    assert!(table.colours.iter().map(|shade| &shade.name).eq(&COLOURS), "so are its colours");
    let drawing = |kind: &Kind| Drawing {
        outline: {
            let outer = kind.layers.iter().filter(|layer| !layer.inside);
            outer.map(|layer| layer.outline(table.outline)).collect()
        },
        layers: kind.layers.iter().map(|layer| (layer.tone, layer.shape())).collect(),
    };
    let kinds = table.kinds.iter().map(drawing).collect();
    Drawings { table, kinds }
});

impl Layer {
    fn path(&self) -> Path {
        filled(&BezPath::from_svg(&self.path).expect("a path of the table is well-formed"))
    }

    /// What is filled with the tone.
    fn shape(&self) -> Path {
        self.stroke.map_or_else(|| self.path(), |width| line(&self.path(), width))
    }

    /// What is filled behind all layers, so that a line of `width` units remains around them.
    fn outline(&self, width: f32) -> Path {
        line(&self.path(), self.stroke.unwrap_or(0.0) + 2.0 * width)
    }
}

/// A line along `path`, to be filled.
fn line(path: &Path, width: f32) -> Path {
    let stroke = Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
    path.stroke(&stroke, FINEST).expect("a line has a width")
}

/// A path of kurbo as one of tiny-skia.
fn filled(curves: &BezPath) -> Path {
    let mut path = PathBuilder::new();
    for element in curves.elements() {
        let at = |point: kurbo::Point| (point.x as f32, point.y as f32);
        match *element {
            PathEl::MoveTo(to) => path.move_to(at(to).0, at(to).1),
            PathEl::LineTo(to) => path.line_to(at(to).0, at(to).1),
            PathEl::QuadTo(a, to) => path.quad_to(at(a).0, at(a).1, at(to).0, at(to).1),
            PathEl::CurveTo(a, b, to) => {
                path.cubic_to(at(a).0, at(a).1, at(b).0, at(b).1, at(to).0, at(to).1);
            }
            PathEl::ClosePath => path.close(),
        }
    }
    path.finish().expect("a path of the table is not empty")
}

impl Drawings {
    /// Paints `thing` on `sheet`, which stands for the whole picture.
    pub fn paint(&self, thing: &Thing, sheet: &mut Pixmap) {
        let side = sheet.width() as f32;
        let scale = thing.size * side / BOX;
        let place = Transform::from_translate(-BOX / 2.0, -BOX / 2.0)
            .post_scale(if thing.mirrored { -scale } else { scale }, scale)
            .post_concat(Transform::from_rotate(thing.degrees))
            .post_translate(thing.centre[0] * side, thing.centre[1] * side);
        let mut fill = |path: &Path, [r, g, b]: [u8; 3]| {
            let mut paint = Paint { anti_alias: true, ..Paint::default() };
            paint.set_color(Color::from_rgba8(r, g, b, 255));
            sheet.fill_path(path, &paint, FillRule::Winding, place, None);
        };
        let outline = self.table.colours[thing.colour].outline(thing.rgb);
        let drawing = &self.kinds[thing.kind];
        drawing.outline.iter().for_each(|path| fill(path, outline));
        for (tone, path) in &drawing.layers {
            fill(
                path,
                match tone {
                    Tone::Body => thing.rgb,
                    Tone::Shade => mixed(thing.rgb, [0; 3], 0.2),
                    Tone::Dark => self.table.tones.dark,
                    Tone::Light => self.table.tones.light,
                },
            );
        }
    }
}
