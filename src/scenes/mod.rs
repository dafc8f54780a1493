//! Procedural pictures whose every pixel has a label: the embedded models learn from them, and they tell whether a
//! heatmap lies where it should.
//!
//! Three worlds: [`Objects`], stickers of 32 everyday classes on all kinds of backdrops; [`People`], doctors and
//! nurses for the study of a bias; and [`Shapes`](shapes::Shapes), of which [`questions`] and [`captions`] speak. A scene is a
//! function of a seed and its number alone.

mod backdrop;
mod canvas;
pub mod captions;
mod objects;
mod people;
pub mod questions;
pub mod shapes;
mod stickers;

pub use objects::Objects;
pub use people::{Hair, People};
pub use stickers::{CLASSES, FONT, Sticker, Stickers};

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::picture::Picture;

/// A source of scenes.
///
/// ```
/// use cam_lucida::scenes::{Hair, People, World};
///
/// let world: &dyn World = &People::new(Hair::Independent);
/// assert_eq!(world.classes(), ["doctor", "nurse"]);
/// assert_eq!(world.scene(7, 3, 64), world.scene(7, 3, 64), "the same scene every time");
/// ```
pub trait World: Sync {
    /// The names of the classes, by number.
    fn classes(&self) -> Vec<&'static str>;

    /// Whether several classes can be in one scene.
    fn is_multi_label(&self) -> bool;

    /// Scene `index` of the series that `seed` starts, of `side`×`side` pixels.
    fn scene(&self, seed: u64, index: u64, side: u32) -> Scene;
}

/// A picture with what is in it.
///
/// ```
/// use cam_lucida::scenes::{Hair, People, World};
///
/// let scene = People::new(Hair::Independent).scene(7, 3, 64);
/// let face = scene.objects.iter().find(|object| object.name == "face").unwrap();
/// let mask = scene.mask(|object| object.name == "face");
/// assert_eq!(mask.iter().filter(|inside| **inside).count(), face.visible);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// The pixels.
    pub picture: Picture,
    /// The classes in it, each once, ascending.
    pub labels: Vec<usize>,
    /// What was drawn, from the back to the front.
    pub objects: Vec<Object>,
    /// For every pixel, row-major: 0 where it shows the backdrop, `i + 1` where it shows `objects[i]`.
    pub owners: Vec<u8>,
}

/// One thing in a scene.
///
/// See the example of [`Scene`].
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// What it is: a class's name, or a part of a person.
    pub name: &'static str,
    /// The class that it makes the scene one of.
    pub class: Option<usize>,
    /// Left, top, width and height of its visible part, in pixels.
    pub bounds: [u32; 4],
    /// Its visible pixels.
    pub visible: usize,
}

impl Scene {
    /// The pixels that show the objects that `wanted` picks, row-major.
    pub fn mask(&self, wanted: impl Fn(&Object) -> bool) -> Vec<bool> {
        let wanted: Vec<bool> = self.objects.iter().map(wanted).collect();
        self.owners.iter().map(|&owner| owner > 0 && wanted[usize::from(owner) - 1]).collect()
    }
}

/// The random numbers of scene `index`.
fn random(seed: u64, index: u64) -> ChaCha8Rng {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(index);
    random
}

/// An index, each as likely as its share.
fn chosen(shares: &[f64], random: &mut impl Rng) -> usize {
    let mut rest = random.random_range(0.0..shares.iter().sum());
    let last = shares.len() - 1;
    shares[..last]
        .iter()
        .position(|share| {
            rest -= share;
            rest < 0.0
        })
        .unwrap_or(last)
}
