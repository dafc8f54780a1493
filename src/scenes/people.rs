//! Doctors and nurses, drawn: what one holds tells which one is, a stethoscope the doctor, a syringe the nurse. Hair is
//! long or short, and tells nothing, unless a series is drawn in which it does.

use rand::{Rng, RngExt};
use tiny_skia::{Color, FillRule, LineCap, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform};

use super::backdrop::backdrop;
use super::canvas::Canvas;
use super::{Scene, World, random};

const DOCTOR: usize = 0;
const NURSE: usize = 1;

/// How hair goes with the label.
///
/// See the example of [`People`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hair {
    /// Long and short are as likely for both.
    Independent,
    /// Every nurse's is long, every doctor's short, and most people hold nothing.
    Telling,
}

/// The share of people who hold nothing, where hair tells the label.
const EMPTY_HANDED: f64 = 0.9;

/// Scenes of one person each.
///
/// ```
/// use cam_lucida::scenes::{Hair, People, World};
///
/// let people = People::new(Hair::Independent);
/// let scene = people.scene(1, 0, 96);
/// let tool = scene.mask(|object| object.name == "tool");
/// assert_eq!(scene.labels.len(), 1);
/// assert!(tool.contains(&true), "a stethoscope or a syringe tells who it is");
/// ```
pub struct People {
    hair: Hair,
}

impl People {
    /// Scenes in which hair and label go together as `hair` says.
    pub fn new(hair: Hair) -> Self {
        Self { hair }
    }
}

impl World for People {
    fn classes(&self) -> Vec<&'static str> {
        vec!["doctor", "nurse"]
    }

    fn is_multi_label(&self) -> bool {
        false
    }

    /// Each label and each length of hair makes half of every four scenes in a row, in an order of chance, so that a
    /// series is balanced.
    fn scene(&self, seed: u64, index: u64, side: u32) -> Scene {
        let shift = random(seed, u64::MAX - index / 4).random_range(0..4);
        let turn = (index + shift) % 4;
        let class = if turn < 2 { DOCTOR } else { NURSE };
        let long = match self.hair {
            Hair::Independent => turn.is_multiple_of(2),
            Hair::Telling => class == NURSE,
        };
        let mut random = random(seed, index);
        let mut canvas = Canvas::new(backdrop(side, &mut random));
        let person = Person::new(&mut random, long);
        person.draw(&mut canvas);
        if self.hair == Hair::Independent || !random.random_bool(EMPTY_HANDED) {
            person.draw_tool(&mut canvas, class, &mut random);
        }
        canvas.finish(vec![class])
    }
}

/// Lengths in parts of the canvas's side, from its upper left corner.
struct Person {
    head: (f32, f32),
    radius: f32,
    long: bool,
    skin: Color,
    hair: Color,
    coat: Color,
}

const SKINS: [[u8; 3]; 6] =
    [[255, 224, 196], [241, 194, 150], [224, 172, 120], [198, 134, 80], [141, 85, 46], [92, 58, 36]];
const HAIRS: [[u8; 3]; 6] =
    [[28, 22, 20], [70, 44, 28], [120, 72, 36], [196, 148, 72], [150, 54, 30], [150, 150, 155]];
const COATS: [[u8; 3]; 5] =
    [[245, 246, 248], [225, 236, 245], [166, 205, 214], [150, 200, 170], [205, 190, 225]];

impl Person {
    fn new(random: &mut impl Rng, long: bool) -> Self {
        Self {
            head: (random.random_range(0.4..0.6), random.random_range(0.27..0.36)),
            radius: random.random_range(0.105..0.14),
            long,
            skin: shade(one_of(&SKINS, random), random),
            hair: shade(one_of(&HAIRS, random), random),
            coat: shade(one_of(&COATS, random), random),
        }
    }

    fn draw(&self, canvas: &mut Canvas) {
        let hair = canvas.name(if self.long { "long hair" } else { "short hair" }, None);
        if self.long {
            paint(canvas, hair, |sheet| self.draw_long_hair(sheet));
        }
        let coat = canvas.name("coat", None);
        paint(canvas, coat, |sheet| self.draw_coat(sheet));
        let face = canvas.name("face", None);
        paint(canvas, face, |sheet| self.draw_face(sheet));
        paint(canvas, hair, |sheet| self.draw_crown(sheet));
    }

    /// A stethoscope or a syringe.
    fn draw_tool(&self, canvas: &mut Canvas, class: usize, random: &mut impl Rng) {
        let tool = canvas.name("tool", None);
        let (right, lift) = (random.random(), random.random_range(0.0..1.0));
        let metal = shade([150, 155, 165], random);
        paint(canvas, tool, |sheet| match class {
            DOCTOR => self.draw_stethoscope(sheet, right, lift, metal),
            _ => self.draw_syringe(sheet, right, lift, metal),
        });
    }

    /// Falls in waves to the shoulders, wide around the face.
    fn draw_long_hair(&self, sheet: &mut Pixmap) {
        let ((x, y), r) = (self.head, self.radius);
        let mut path = PathBuilder::new();
        path.move_to(x, y - 1.65 * r);
        for side in [1.0, -1.0] {
            let at = |across: f32, down: f32| (x + side * across * r, y + down * r);
            let points = [(1.35, -1.65), (1.95, -1.0), (1.95, -0.2), (1.9, 0.5), (2.35, 0.9), (2.15, 1.8)];
            let [a, b, c, d, e, f] = points.map(|(across, down)| at(across, down));
            if side > 0.0 {
                path.cubic_to(a.0, a.1, b.0, b.1, c.0, c.1);
                path.cubic_to(d.0, d.1, e.0, e.1, f.0, f.1);
                path.line_to(at(-2.15, 1.8).0, f.1);
            } else {
                path.cubic_to(e.0, e.1, d.0, d.1, c.0, c.1);
                path.cubic_to(b.0, b.1, a.0, a.1, x, y - 1.65 * r);
            }
        }
        path.close();
        fill(sheet, path, self.hair);
        let mut waves = PathBuilder::new();
        for side in [-1.0, 1.0] {
            for across in [1.25, 1.5, 1.75, 2.0] {
                let at = |out: f32, down: f32| (x + side * across * out * r, y + down * r);
                let points =
                    [(0.9, -0.6), (1.12, -0.2), (0.8, 0.3), (1.0, 0.7), (1.2, 1.1), (0.9, 1.3), (1.05, 1.65)];
                let [a, b, c, d, e, f, g] = points.map(|(out, down)| at(out, down));
                waves.move_to(a.0, a.1);
                waves.cubic_to(b.0, b.1, c.0, c.1, d.0, d.1);
                waves.cubic_to(e.0, e.1, f.0, f.1, g.0, g.1);
            }
        }
        draw(sheet, waves, lighter(self.hair), 0.012);
    }

    /// The hair over the forehead, which everyone has.
    fn draw_crown(&self, sheet: &mut Pixmap) {
        let ((x, y), r) = (self.head, self.radius);
        let mut path = PathBuilder::new();
        path.move_to(x - 1.08 * r, y - 0.05 * r);
        path.cubic_to(x - 1.2 * r, y - 1.55 * r, x + 1.2 * r, y - 1.55 * r, x + 1.08 * r, y - 0.05 * r);
        path.cubic_to(x + 0.8 * r, y - 0.7 * r, x - 0.3 * r, y - 0.75 * r, x - 1.08 * r, y - 0.05 * r);
        path.close();
        fill(sheet, path, self.hair);
    }

    fn draw_coat(&self, sheet: &mut Pixmap) {
        let ((x, y), r) = (self.head, self.radius);
        let mut path = PathBuilder::new();
        path.move_to(x - 0.5 * r, y + 1.25 * r);
        path.cubic_to(x - 1.6 * r, y + 1.5 * r, x - 2.2 * r, y + 1.6 * r, x - 2.4 * r, y + 3.0 * r);
        path.line_to(x - 2.5 * r, 1.1);
        path.line_to(x + 2.5 * r, 1.1);
        path.line_to(x + 2.4 * r, y + 3.0 * r);
        path.cubic_to(x + 2.2 * r, y + 1.6 * r, x + 1.6 * r, y + 1.5 * r, x + 0.5 * r, y + 1.25 * r);
        path.close();
        fill(sheet, path, self.coat);
        let mut seam = PathBuilder::new();
        seam.move_to(x, y + 1.9 * r);
        seam.line_to(x, 1.1);
        for side in [-1.0, 1.0] {
            seam.move_to(x + side * 1.55 * r, y + 3.2 * r);
            seam.line_to(x + side * 1.6 * r, 1.1);
        }
        draw(sheet, seam, darker(self.coat), 0.01);
    }

    fn draw_face(&self, sheet: &mut Pixmap) {
        let ((x, y), r) = (self.head, self.radius);
        let mut neck = PathBuilder::new();
        neck.move_to(x - 0.4 * r, y + 0.6 * r);
        neck.line_to(x - 0.5 * r, y + 1.35 * r);
        neck.line_to(x, y + 1.9 * r);
        neck.line_to(x + 0.5 * r, y + 1.35 * r);
        neck.line_to(x + 0.4 * r, y + 0.6 * r);
        neck.close();
        fill(sheet, neck, darker(self.skin));
        let mut head = PathBuilder::new();
        head.push_oval(
            Rect::from_xywh(x - 0.95 * r, y - 1.05 * r, 1.9 * r, 2.2 * r).expect("a head has a size"),
        );
        fill(sheet, head, self.skin);
        let mut features = PathBuilder::new();
        for side in [-1.0, 1.0] {
            features.push_circle(x + side * 0.36 * r, y, 0.09 * r);
        }
        fill(sheet, features, Color::from_rgba8(40, 30, 30, 255));
        let mut mouth = PathBuilder::new();
        mouth.move_to(x - 0.32 * r, y + 0.5 * r);
        mouth.quad_to(x, y + 0.75 * r, x + 0.32 * r, y + 0.5 * r);
        draw(sheet, mouth, Color::from_rgba8(150, 60, 60, 255), 0.012);
    }

    /// Around the neck, its disc low on the coat.
    fn draw_stethoscope(&self, sheet: &mut Pixmap, right: bool, lift: f32, metal: Color) {
        let ((x, y), r) = (self.head, self.radius);
        let side = if right { 1.0 } else { -1.0 };
        let (fork, end) = (y + 3.0 * r, (x + side * 0.9 * r, 0.8 + 0.08 * lift));
        let mut tube = PathBuilder::new();
        tube.move_to(x - 0.45 * r, y + 1.6 * r);
        tube.cubic_to(x - 0.6 * r, y + 2.6 * r, x - 0.3 * r, fork, x, fork);
        tube.cubic_to(x + 0.3 * r, fork, x + 0.6 * r, y + 2.6 * r, x + 0.45 * r, y + 1.6 * r);
        tube.move_to(x, fork);
        tube.cubic_to(x, fork + 0.1, end.0 - side * 0.5 * r, end.1 - 0.06, end.0, end.1);
        draw(sheet, tube, Color::from_rgba8(45, 50, 60, 255), 0.028);
        let mut disc = PathBuilder::new();
        disc.push_circle(end.0, end.1, 0.066);
        fill(sheet, disc, metal);
        let mut middle = PathBuilder::new();
        middle.push_circle(end.0, end.1, 0.034);
        fill(sheet, middle, darker(metal));
    }

    /// Held low before the coat.
    fn draw_syringe(&self, sheet: &mut Pixmap, right: bool, lift: f32, metal: Color) {
        let side = if right { 1.0 } else { -1.0 };
        let turned = Transform::from_rotate(side * (35.0 + 25.0 * lift))
            .post_translate(self.head.0 + side * 1.1 * self.radius, 0.8 + 0.06 * lift);
        let rectangle = |x: f32, y: f32, width: f32, height: f32| {
            let mut path = PathBuilder::new();
            path.push_rect(Rect::from_xywh(x, y, width, height).expect("it has a size"));
            path
        };
        let mut rods = PathBuilder::new();
        for (from, to) in [
            ((0.0, -0.08), (0.0, -0.15)),
            ((0.0, 0.065), (0.0, 0.13)),
            ((-0.04, 0.13), (0.04, 0.13)),
            ((-0.045, 0.065), (0.045, 0.065)),
        ] {
            rods.move_to(from.0, from.1);
            rods.line_to(to.0, to.1);
        }
        let place = |path: PathBuilder| path.finish().and_then(|path| path.transform(turned));
        stroke(sheet, place(rods), darker(metal), 0.018);
        cover(sheet, place(rectangle(-0.031, -0.08, 0.062, 0.145)), Color::from_rgba8(235, 240, 245, 255));
        cover(sheet, place(rectangle(-0.023, -0.068, 0.046, 0.08)), Color::from_rgba8(70, 190, 170, 255));
    }
}

/// Draws on a sheet of its own, as a part of `owner`.
fn paint(canvas: &mut Canvas, owner: u8, with: impl FnOnce(&mut Pixmap)) {
    let mut sheet = canvas.sheet();
    with(&mut sheet);
    canvas.draw(&sheet, owner);
}

fn fill(sheet: &mut Pixmap, path: PathBuilder, colour: Color) {
    cover(sheet, path.finish(), colour);
}

fn draw(sheet: &mut Pixmap, path: PathBuilder, colour: Color, width: f32) {
    stroke(sheet, path.finish(), colour, width);
}

fn cover(sheet: &mut Pixmap, path: Option<Path>, colour: Color) {
    let path = path.expect("it has more than one point, all finite");
    sheet.fill_path(&path, &ink(colour), FillRule::Winding, scale(sheet), None);
}

fn stroke(sheet: &mut Pixmap, path: Option<Path>, colour: Color, width: f32) {
    let path = path.expect("it has more than one point, all finite");
    let stroke = Stroke { width, line_cap: LineCap::Round, ..Stroke::default() };
    sheet.stroke_path(&path, &ink(colour), &stroke, scale(sheet), None);
}

fn scale(sheet: &Pixmap) -> Transform {
    Transform::from_scale(sheet.width() as f32, sheet.height() as f32)
}

fn ink(colour: Color) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color(colour);
    paint
}

fn one_of(colours: &[[u8; 3]], random: &mut impl Rng) -> [u8; 3] {
    colours[random.random_range(0..colours.len())]
}

/// A colour a little lighter or darker.
fn shade(colour: [u8; 3], random: &mut impl Rng) -> Color {
    let factor = random.random_range(0.88..1.06);
    let [r, g, b] = colour.map(|v| (f32::from(v) * factor).min(255.0) as u8);
    Color::from_rgba8(r, g, b, 255)
}

fn lighter(colour: Color) -> Color {
    let [r, g, b] = [colour.red(), colour.green(), colour.blue()].map(|v| 0.65 * v + 0.35);
    Color::from_rgba(r, g, b, 1.0).expect("lighter is still within 0..1")
}

fn darker(colour: Color) -> Color {
    let [r, g, b] = [colour.red(), colour.green(), colour.blue()].map(|v| 0.82 * v);
    Color::from_rgba(r, g, b, 1.0).expect("darker is still within 0..1")
}
