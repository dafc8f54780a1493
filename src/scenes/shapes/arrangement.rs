//! Things at their places, and the scene that shows them.

use tiny_skia::{Pixmap, PremultipliedColorU8};

use super::drawing::DRAWINGS;
use super::world::name_of;
use crate::scenes::Scene;
use crate::scenes::canvas::Canvas;

/// A thing in a scene of shapes. Lengths are shares of the picture's side, from its upper left corner.
///
/// See the example of [`Arrangement`].
#[derive(Debug, Clone, PartialEq)]
pub struct Thing {
    /// Its number in [`KINDS`](super::KINDS).
    pub kind: usize,
    /// Its number in [`COLOURS`](super::COLOURS).
    pub colour: usize,
    /// Its middle, x and y.
    pub centre: [f32; 2],
    /// The side of the box that it fills before it is turned.
    pub size: f32,
    /// How far it is turned clockwise.
    pub degrees: f32,
    /// Whether left and right are exchanged, before it is turned.
    pub mirrored: bool,
    /// Its colour as painted.
    pub rgb: [u8; 3],
}

impl Thing {
    /// An upright thing in the plain colour.
    ///
    /// # Panics
    /// When there is no such kind or colour.
    pub fn new(kind: usize, colour: usize, centre: [f32; 2], size: f32) -> Self {
        assert!(kind < super::KINDS.len(), "kind {kind} does not exist");
        let rgb = DRAWINGS.table.colours[colour].rgb();
        Self { kind, colour, centre, size, degrees: 0.0, mirrored: false, rgb }
    }

    /// The share of the picture that it covers, hidden parts included.
    pub fn area(&self) -> f32 {
        DRAWINGS.table.kinds[self.kind].fill * self.size * self.size
    }

    /// The class that it makes a scene one of: each pair of kind and colour is one.
    pub fn class(&self) -> usize {
        self.kind * super::COLOURS.len() + self.colour
    }

    /// A transparent picture of `side`×`side` pixels that shows it alone.
    pub(super) fn sheet(&self, side: u32) -> Pixmap {
        let mut sheet = Pixmap::new(side, side).expect("a scene has pixels");
        DRAWINGS.paint(self, &mut sheet);
        sheet
    }
}

/// A scene with what it was drawn from.
///
/// ```
/// use cam_lucida::scenes::shapes::{Arrangement, COLOURS, KINDS, Thing};
///
/// let [hydrant, red, blue] = [0, 0, 4];
/// assert_eq!((KINDS[hydrant], COLOURS[red], COLOURS[blue]), ("hydrant", "red", "blue"));
/// let things = vec![Thing::new(hydrant, red, [0.3, 0.5], 0.4), Thing::new(hydrant, blue, [0.7, 0.5], 0.4)];
/// let board = Arrangement::from_things(things, 96);
/// assert_eq!(board.scene.objects[1].name, "blue hydrant");
/// assert_eq!(board.scene.mask(|object| object.name == "blue hydrant")[48 * 96 + 67], true);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Arrangement {
    /// The picture with its masks.
    pub scene: Scene,
    /// What is drawn, from the back to the front: `things[i]` is `scene.objects[i]`.
    pub things: Vec<Thing>,
}

impl Arrangement {
    /// Draws `things` from the back to the front on a plain pale backdrop of `side`×`side` pixels.
    ///
    /// # Panics
    /// When `side` is 0, or there are more than 255 things.
    pub fn from_things(things: Vec<Thing>, side: u32) -> Self {
        let mut backdrop = Pixmap::new(side, side).expect("a scene has pixels");
        backdrop.pixels_mut().fill(PremultipliedColorU8::from_rgba(236, 232, 222, 255).expect("opaque"));
        Self::new(things, backdrop)
    }

    /// Draws `things` on `backdrop`.
    pub(super) fn new(things: Vec<Thing>, backdrop: Pixmap) -> Self {
        let sheets = things.iter().map(|thing| thing.sheet(backdrop.width())).collect();
        Self::with_sheets(things, sheets, backdrop)
    }

    /// Draws `things` on `backdrop` where the sheet of each is there already.
    pub(super) fn with_sheets(things: Vec<Thing>, sheets: Vec<Pixmap>, backdrop: Pixmap) -> Self {
        let mut canvas = Canvas::new(backdrop);
        for (thing, sheet) in things.iter().zip(sheets) {
            let owner = canvas.name(name_of(thing.class()), Some(thing.class()));
            canvas.draw(&sheet, owner);
        }
        Self { scene: canvas.finish(things.iter().map(Thing::class).collect()), things }
    }
}
