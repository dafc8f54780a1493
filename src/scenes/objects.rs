//! Stickers on a backdrop: one to five objects, several of one class in some scenes, partly behind each other.

use rand::{Rng, RngExt};
use tiny_skia::{Pixmap, PremultipliedColorU8};

use super::backdrop::backdrop;
use super::canvas::Canvas;
use super::{CLASSES, Scene, Stickers, World, chosen, random};

/// The share of an object that must stay visible.
const MIN_VISIBLE: f64 = 0.6;
/// How many places are tried for an object before it is left out.
const TRIES: usize = 12;
/// Scenes of one to five objects, in shares of all.
const COUNTS: [f64; 5] = [0.25, 0.3, 0.25, 0.12, 0.08];
/// The share of scenes in which the first object's class repeats.
const REPEATED: f64 = 0.3;

/// Scenes of stickers.
///
/// ```
/// use cam_lucida::scenes::{FONT, Objects, Stickers, World};
///
/// let world = Objects::new(Stickers::from_file(FONT.as_ref())?);
/// let scene = world.scene(1, 0, 96);
/// let name = world.classes()[scene.labels[0]];
/// assert!(scene.objects.iter().any(|object| object.name == name));
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub struct Objects {
    stickers: Stickers,
}

impl Objects {
    /// Scenes with `stickers`.
    pub fn new(stickers: Stickers) -> Self {
        Self { stickers }
    }

    /// Draws an object of `class` where the others stay visible; false when no such place is found.
    fn place(&self, canvas: &mut Canvas, class: usize, largest: f32, random: &mut impl Rng) -> bool {
        let side = canvas.side() as f32;
        let stickers = self.stickers.variants(class);
        let sticker = &stickers[random.random_range(0..stickers.len())];
        let size = side * random.random_range(0.22..largest);
        let degrees = random.random_range(-30.0..30.0);
        let mirrored = random.random();
        let brightness = random.random_range(0.8..1.15);
        let gains = [0; 3].map(|_| brightness * random.random_range(0.9..1.1));
        for _ in 0..TRIES {
            // A tenth of it may be beyond the border.
            let margin = 0.4 * size;
            let mut centre = || random.random_range(margin..side - margin);
            let centre = (centre(), centre());
            let mut sheet = canvas.sheet();
            sticker.draw(&mut sheet, centre, size, degrees, mirrored);
            tint(&mut sheet, gains);
            if canvas.min_visible_share_under(&sheet) >= MIN_VISIBLE {
                let owner = canvas.name(CLASSES[class].0, Some(class));
                canvas.draw(&sheet, owner);
                return true;
            }
        }
        false
    }
}

impl World for Objects {
    fn classes(&self) -> Vec<&'static str> {
        CLASSES.iter().map(|(name, _)| *name).collect()
    }

    fn is_multi_label(&self) -> bool {
        true
    }

    fn scene(&self, seed: u64, index: u64, side: u32) -> Scene {
        let mut random = random(seed, index);
        let mut canvas = Canvas::new(backdrop(side, &mut random));
        let count = 1 + chosen(&COUNTS, &mut random);
        let largest = [0.7, 0.6, 0.5, 0.45, 0.4][count - 1];
        let first = random.random_range(0..CLASSES.len());
        let repeated = random.random_bool(REPEATED);
        let mut labels = Vec::new();
        for i in 0..count {
            let again = i == 0 || (repeated && random.random_bool(0.7));
            let class = if again { first } else { random.random_range(0..CLASSES.len()) };
            if self.place(&mut canvas, class, largest, &mut random) {
                labels.push(class);
            }
        }
        canvas.finish(labels)
    }
}

/// Multiplies the colours of `sheet` by `gains`.
fn tint(sheet: &mut Pixmap, gains: [f32; 3]) {
    for pixel in sheet.pixels_mut().iter_mut().filter(|pixel| pixel.alpha() > 0) {
        let alpha = pixel.alpha();
        let gained = |value: u8, gain: f32| ((f32::from(value) * gain) as u8).min(alpha);
        let (r, g, b) =
            (gained(pixel.red(), gains[0]), gained(pixel.green(), gains[1]), gained(pixel.blue(), gains[2]));
        *pixel = PremultipliedColorU8::from_rgba(r, g, b, alpha).expect("no colour above its alpha");
    }
}
