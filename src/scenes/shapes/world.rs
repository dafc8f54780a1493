//! Scenes of shapes: two to six things, in two of five scenes several of one kind, mostly in various colours.

use std::sync::LazyLock;

use rand::{Rng, RngExt};
use tiny_skia::Pixmap;

use super::drawing::DRAWINGS;
use super::{Arrangement, COLOURS, HELD_OUT_PAIRS, KINDS, Thing};
use crate::scenes::backdrop::backdrop;
use crate::scenes::canvas::Canvas;
use crate::scenes::{Scene, World, chosen, random};

/// The share of a thing that must stay visible.
const MIN_VISIBLE: f64 = 0.64;
/// How many places are tried for a thing before it is left out.
const TRIES: usize = 24;
/// The same for the first two, which a scene should not lack.
const TRIES_FOR_TWO: usize = 1000;
/// Pixels of a side at which places are tried, so that things stand at the same places at every size. It is the networks'.
const TRIAL_SIDE: u32 = 96;
/// Scenes of two to six things, in shares of all.
const COUNTS: [f64; 5] = [0.15, 0.22, 0.25, 0.2, 0.18];
/// The share of scenes in which a kind repeats.
const REPEATED: f64 = 0.4;
/// Kinds that repeat twice to five times, in shares of those scenes.
const REPEATS: [f64; 4] = [0.22, 0.23, 0.25, 0.3];
/// The share of repetitions that have the colour of the first.
const SAME_COLOUR: f64 = 0.3;
/// The least side of a square of a thing's area, and the largest in scenes of two to six things.
const SMALLEST: f32 = 0.16;
const LARGEST: [f32; 5] = [0.44, 0.4, 0.37, 0.34, 0.32];
/// Each thing is larger than the next by at least this factor, so that "the largest" and the order of a caption are plain.
const STEPS: [f32; 5] = [1.2, 1.18, 1.16, 1.14, 1.12];

/// Which pairs of kind and colour scenes hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pairs {
    Training,
    All,
    HeldOut,
}

/// Scenes of shapes.
///
/// ```
/// use cam_lucida::scenes::World;
/// use cam_lucida::scenes::shapes::{HELD_OUT_PAIRS, Shapes};
///
/// let arrangement = Shapes::held_out().arrangement(1, 0, 96);
/// assert!(arrangement.things.iter().any(|thing| HELD_OUT_PAIRS.contains(&(thing.kind, thing.colour))));
/// assert_eq!(arrangement.scene, Shapes::held_out().scene(1, 0, 96));
/// ```
pub struct Shapes {
    pairs: Pairs,
}

impl Shapes {
    /// Scenes without [`HELD_OUT_PAIRS`], from which networks learn.
    pub fn training() -> Self {
        Self { pairs: Pairs::Training }
    }

    /// Scenes with every pair of kind and colour.
    pub fn all() -> Self {
        Self { pairs: Pairs::All }
    }

    /// Scenes with at least one of [`HELD_OUT_PAIRS`] each.
    pub fn held_out() -> Self {
        Self { pairs: Pairs::HeldOut }
    }

    /// Whether a scene, and a question about it, may speak of this kind in this colour.
    pub fn has(&self, kind: usize, colour: usize) -> bool {
        self.pairs != Pairs::Training || !HELD_OUT_PAIRS.contains(&(kind, colour))
    }

    /// Scene `index` of the series that `seed` starts, with what it was drawn from. The things do not depend on `side`.
    pub fn arrangement(&self, seed: u64, index: u64, side: u32) -> Arrangement {
        // Of its own series, since a backdrop takes more numbers the more pixels it has.
        let (things, sheets) = self.things(&mut random(seed ^ 0x5348_4150_4553, index)).into_iter().unzip();
        let backdrop = backdrop(side, &mut random(seed, index));
        if side == TRIAL_SIDE {
            Arrangement::with_sheets(things, sheets, backdrop)
        } else {
            Arrangement::new(things, backdrop)
        }
    }

    /// Things, each with the sheet of [`TRIAL_SIDE`] pixels that shows it.
    fn things(&self, random: &mut impl Rng) -> Vec<(Thing, Pixmap)> {
        loop {
            let things = self.placed(random);
            // Two large things may have no room beside each other: then others are drawn.
            if things.len() >= 2 {
                return things;
            }
        }
    }

    /// Things that found a place: none beyond the first need have.
    fn placed(&self, random: &mut impl Rng) -> Vec<(Thing, Pixmap)> {
        let pairs = self.chosen_pairs(random);
        let sizes = sizes(pairs.len(), random);
        let mut canvas = Canvas::new(Pixmap::new(TRIAL_SIDE, TRIAL_SIDE).expect("it has pixels"));
        let mut things: Vec<(Thing, Pixmap)> = Vec::new();
        for ((kind, colour), size) in pairs.into_iter().zip(sizes) {
            let mut thing = turned(kind, colour, size, random);
            let drawn = thing.sheet(TRIAL_SIDE);
            let tries = if things.len() < 2 { TRIES_FOR_TWO } else { TRIES };
            for _ in 0..tries {
                thing.centre = place(thing.size, random);
                let sheet = shifted(&drawn, thing.centre);
                if canvas.min_visible_share_under(&sheet) >= MIN_VISIBLE {
                    let owner = canvas.name("", None);
                    canvas.draw(&sheet, owner);
                    things.push((thing, sheet));
                    break;
                }
            }
        }
        things
    }

    /// Kinds and colours of two to six things, in an order of chance.
    fn chosen_pairs(&self, random: &mut impl Rng) -> Vec<(usize, usize)> {
        let repeats = if random.random_bool(REPEATED) { 2 + chosen(&REPEATS, random) } else { 1 };
        let count = (2 + chosen(&COUNTS, random)).max(repeats);
        let mut pairs = vec![match self.pairs {
            Pairs::HeldOut => HELD_OUT_PAIRS[random.random_range(0..HELD_OUT_PAIRS.len())],
            _ => self.pair_of(random.random_range(0..KINDS.len()), random),
        }];
        let (kind, colour) = pairs[0];
        while pairs.len() < repeats {
            let again = random.random_bool(SAME_COLOUR);
            pairs.push(if again { (kind, colour) } else { self.pair_of(kind, random) });
        }
        while pairs.len() < count {
            let other = random.random_range(0..KINDS.len());
            if pairs.iter().all(|(kind, _)| *kind != other) {
                pairs.push(self.pair_of(other, random));
            }
        }
        // The held-out pair stays first: what comes first is never left out.
        for i in 2..pairs.len() {
            pairs.swap(i, random.random_range(1..=i));
        }
        pairs
    }

    fn pair_of(&self, kind: usize, random: &mut impl Rng) -> (usize, usize) {
        loop {
            let colour = random.random_range(0..COLOURS.len());
            if self.has(kind, colour) {
                return (kind, colour);
            }
        }
    }
}

/// Sides of squares of the things' areas, in an order of chance.
fn sizes(count: usize, random: &mut impl Rng) -> Vec<f32> {
    let step = STEPS[count - 2].ln();
    let slack = (LARGEST[count - 2] / SMALLEST).ln() - step * (count - 1) as f32;
    let mut extra: Vec<f32> = (0..count).map(|_| random.random_range(0.0..slack)).collect();
    extra.sort_by(f32::total_cmp);
    let mut sizes: Vec<f32> =
        extra.iter().enumerate().map(|(i, extra)| SMALLEST * (extra + step * i as f32).exp()).collect();
    for i in 1..count {
        sizes.swap(i, random.random_range(0..=i));
    }
    sizes
}

/// A thing whose area is that of a square of side `size`, in the middle of the picture.
fn turned(kind: usize, colour: usize, size: f32, random: &mut impl Rng) -> Thing {
    let size = size / DRAWINGS.table.kinds[kind].fill.sqrt();
    let degrees = random.random_range(-12.0..12.0);
    let mirrored = random.random();
    let rgb = DRAWINGS.table.colours[colour].jittered(random);
    Thing { degrees, mirrored, rgb, ..Thing::new(kind, colour, [0.5; 2], size) }
}

/// A place for the middle of a box of side `size`, to the pixel: a twentieth of the box may be beyond the border.
fn place(size: f32, random: &mut impl Rng) -> [f32; 2] {
    let margin = 0.45 * size;
    let side = TRIAL_SIDE as f32;
    [0.0; 2].map(|_: f32| (random.random_range(margin..1.0 - margin) * side).round() / side)
}

/// A sheet that shows a thing in the middle, moved so that it shows it at `centre`.
fn shifted(sheet: &Pixmap, centre: [f32; 2]) -> Pixmap {
    let side = sheet.width() as usize;
    let [dx, dy] = centre.map(|at| ((at - 0.5) * side as f32).round() as isize);
    let (from, to) = ((-dx).max(0) as usize, dx.max(0) as usize);
    let count = side - dx.unsigned_abs();
    let mut moved = Pixmap::new(sheet.width(), sheet.height()).expect("it has pixels");
    for (y, row) in sheet.pixels().chunks(side).enumerate() {
        let Some(y) = y.checked_add_signed(dy).filter(|y| *y < side) else { continue };
        moved.pixels_mut()[y * side + to..][..count].copy_from_slice(&row[from..from + count]);
    }
    moved
}

/// The name of a class.
pub fn name_of(class: usize) -> &'static str {
    static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let of_kind = |kind: &&str| COLOURS.map(|colour| format!("{colour} {kind}"));
        KINDS.iter().flat_map(of_kind).collect()
    });
    &NAMES[class]
}

impl World for Shapes {
    fn classes(&self) -> Vec<&'static str> {
        (0..KINDS.len() * COLOURS.len()).map(name_of).collect()
    }

    fn is_multi_label(&self) -> bool {
        true
    }

    fn scene(&self, seed: u64, index: u64, side: u32) -> Scene {
        self.arrangement(seed, index, side).scene
    }
}
