//! The networks and the pictures that the binary embeds, for a first try without files. The page opens with the same.

use cam_lucida::Result;
use cam_lucida::picture::Picture;
use cam_lucida::scenes::shapes::{Arrangement, COLOURS, KINDS, Thing};
use cam_lucida::weights::Card;

/// A network with its weights, and a picture for it.
pub struct Embedded {
    /// Its title in `models/index.json`.
    pub title: &'static str,
    /// What it has learned, for people.
    pub knows: &'static str,
    config: &'static str,
    preprocessor: &'static str,
    weights: &'static [u8],
    sample: fn() -> Result<Picture>,
}

/// The files of a folder in `models/`.
macro_rules! embedded {
    ($folder:literal, $title:literal, $knows:literal, $sample:expr) => {
        Embedded {
            title: $title,
            knows: $knows,
            config: include_str!(concat!("../../../models/", $folder, "/config.json")),
            preprocessor: include_str!(concat!("../../../models/", $folder, "/preprocessor_config.json")),
            weights: include_bytes!(concat!("../../../models/", $folder, "/model.safetensors")),
            sample: $sample,
        }
    };
}

/// What scores classes.
pub static CLASSIFIER: Embedded =
    embedded!("resnet-scenes", "Small ResNet", "it knows 32 kinds of stickers", meadow);

/// What answers questions.
pub static QUESTIONS: Embedded = embedded!(
    "film-shapes",
    "Questions about shapes",
    "it knows drawn shapes of 16 kinds in 8 colours",
    hydrants
);

/// What writes captions.
pub static CAPTIONS: Embedded = embedded!(
    "caption-shapes",
    "Captions of shapes",
    "it knows drawn shapes of 16 kinds in 8 colours",
    street
);

/// The paper's question, and its answers in the sample of [`QUESTIONS`].
pub const QUESTION: &str = "what color is the hydrant?";
pub const ANSWERS: [&str; 4] = ["red", "yellow", "green", "blue"];

impl Embedded {
    /// What is known about the network beside its weights.
    pub fn card(&self) -> Result<Card> {
        Card::read(self.config, Some(self.preprocessor))
    }

    /// The network's weight file.
    pub fn weight_file(&self) -> Vec<u8> {
        self.weights.to_vec()
    }

    /// A picture that shows what the network knows.
    pub fn sample(&self) -> Result<Picture> {
        (self.sample)()
    }
}

/// A cat, a dog and a bicycle on a meadow, painted by `scripts/sample.mjs`.
fn meadow() -> Result<Picture> {
    Picture::decode(include_bytes!("sample.png"))
}

/// Four hydrants, each of another colour.
fn hydrants() -> Result<Picture> {
    Ok(drawn(&[
        ("red", "hydrant", [0.26, 0.27], 0.44),
        ("yellow", "hydrant", [0.72, 0.25], 0.38),
        ("green", "hydrant", [0.25, 0.74], 0.35),
        ("blue", "hydrant", [0.72, 0.73], 0.41),
    ]))
}

/// A red car left of two blue balls and a green hat.
fn street() -> Result<Picture> {
    Ok(drawn(&[
        ("red", "car", [0.25, 0.45], 0.46),
        ("blue", "ball", [0.64, 0.24], 0.27),
        ("blue", "ball", [0.8, 0.55], 0.24),
        ("green", "hat", [0.62, 0.8], 0.28),
    ]))
}

/// A scene of shapes, large enough to look at.
fn drawn(things: &[(&str, &str, [f32; 2], f32)]) -> Picture {
    const SIDE: u32 = 384;
    let number = |names: &[&str], name: &str| {
        names.iter().position(|known| *known == name).expect("the samples name what there is")
    };
    let thing = |&(colour, kind, centre, size): &(&str, &str, [f32; 2], f32)| {
        Thing::new(number(&KINDS, kind), number(&COLOURS, colour), centre, size)
    };
    Arrangement::from_things(things.iter().map(thing).collect(), SIDE).scene.picture
}
