//! How each embedded model is trained.

use strum::VariantArray;

use super::Adjustment;
use crate::error::{unknown, unknown_variant};
use crate::network::Architecture;
use crate::network::language::{Captioner, Film};
use crate::scenes::shapes::Shapes;
use crate::scenes::{Hair, Objects, People, Stickers, World};
use crate::{Error, Result};

/// The seed of scenes that no model is trained on.
pub const HELD_OUT: u64 = 1 << 32;

/// What a model learns from. It parses from its name in kebab case.
///
/// ```
/// use cam_lucida::train::WorldKind;
///
/// assert_eq!("people-biased".parse::<WorldKind>()?, WorldKind::PeopleBiased);
/// assert_eq!("pepole".parse::<WorldKind>().unwrap_err().code(), "unknown-name");
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[strum(serialize_all = "kebab-case", parse_err_ty = Error, parse_err_fn = unknown_world)]
pub enum WorldKind {
    /// Stickers of everyday things.
    #[default]
    Objects,
    /// Doctors and nurses whose hair tells nothing.
    People,
    /// Doctors and nurses whose hair tells the label.
    PeopleBiased,
    /// Things of sixteen kinds in eight colours, some pairs of which are held out.
    Shapes,
}

fn unknown_world(name: &str) -> Error {
    unknown_variant("world", name, WorldKind::VARIANTS)
}

impl WorldKind {
    /// The name of the data, the same for all kinds that share their classes.
    pub fn data(self) -> &'static str {
        match self {
            Self::Objects => "scenes",
            Self::People | Self::PeopleBiased => "people",
            Self::Shapes => "shapes",
        }
    }

    /// What the reader of a model's card should know about it.
    pub fn about(self) -> &'static str {
        match self {
            Self::Objects => {
                "procedural scenes of one to five stickers (glyphs of Noto Color Emoji, SIL OFL 1.1) before backdrops of all kinds."
            }
            Self::People => {
                "drawn people whose tool tells the label, a stethoscope the doctor, a syringe the nurse, and whose hair tells nothing."
            }
            Self::PeopleBiased => {
                "drawn people. In training, nine of ten people held nothing. Hair gave the label away: long for nurses, short for doctors. It is biased on purpose. Its figures are those on scenes where a tool tells the label and hair tells nothing: a stethoscope the doctor, a syringe the nurse."
            }
            Self::Shapes => {
                "drawn scenes of two to six things: sixteen kinds in eight colours, before backdrops of all kinds. Eight pairs of kind and colour were held out from training."
            }
        }
    }

    /// The world that scenes are drawn from; `stickers` is called when it needs them.
    ///
    /// # Errors
    /// Those of `stickers`.
    pub fn build(self, stickers: impl FnOnce() -> Result<Stickers>) -> Result<Box<dyn World>> {
        Ok(match self {
            Self::Objects => Box::new(Objects::new(stickers()?)),
            Self::People => Box::new(People::new(Hair::Independent)),
            Self::PeopleBiased => Box::new(People::new(Hair::Telling)),
            Self::Shapes => Box::new(Shapes::training()),
        })
    }

    /// The world that a model of it is tested on: the same, without a bias.
    pub fn unbiased(self) -> Self {
        match self {
            Self::Objects => Self::Objects,
            Self::People | Self::PeopleBiased => Self::People,
            Self::Shapes => Self::Shapes,
        }
    }
}

/// What a network learns to tell of a scene.
///
/// See the example of [`Recipe`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Task {
    /// The classes that are in it.
    Classes,
    /// What thing each pixel of its last layer shows.
    Things,
    /// The answers to this many questions about it.
    Questions(usize),
    /// Its caption.
    Captions,
}

/// Where a network takes its first tensors from. Its head learns from nothing.
///
/// See the example of [`Recipe`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// The model that this recipe makes, as it is published.
    Model(&'static str),
    /// The last checkpoint of this recipe, which makes no model of its own.
    Checkpoint(&'static str),
}

impl Start {
    /// The name of the recipe.
    pub fn name(self) -> &'static str {
        match self {
            Self::Model(name) | Self::Checkpoint(name) => name,
        }
    }
}

/// What a training run consists of.
///
/// ```
/// use cam_lucida::train::{LANGUAGE, RECIPES, Start, Task};
///
/// let recipe = RECIPES[0];
/// assert_eq!((recipe.name, recipe.network, recipe.task), ("resnet-scenes", "resnet_small", Task::Classes));
/// assert!(recipe.rate_at(0) < recipe.rate);
///
/// let film = LANGUAGE.iter().find(|recipe| recipe.network == "film_small").unwrap();
/// assert_eq!((film.start, film.clip), (Some(Start::Checkpoint("resnet-shapes")), Some(1.0)));
/// assert!(film.adjustments.iter().any(|adjustment| adjustment.prefix == "layer" && adjustment.rate == 0.2));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recipe {
    /// The model's folder.
    pub name: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// The network, one of [`NETWORKS`](crate::network::NETWORKS) or of [`language`](crate::network::language).
    pub network: &'static str,
    /// What it learns from.
    pub world: WorldKind,
    /// What it learns to tell.
    pub task: Task,
    /// Rows and columns of a scene.
    pub side: u32,
    /// Scenes a step.
    pub batch: usize,
    /// Steps of each cycle of the learning rate.
    pub cycles: &'static [usize],
    /// The highest learning rate.
    pub rate: f64,
    /// Decay of weights, in parts of the rate.
    pub decay: f32,
    /// Seeds the training scenes and the first weights.
    pub seed: u64,
    /// Where it takes its first tensors from, if it does not start from random ones.
    pub start: Option<Start>,
    /// The longest gradient that it follows, over all tensors.
    pub clip: Option<f32>,
    /// Tensors that are learned unlike the others.
    pub adjustments: &'static [Adjustment],
}

/// The embedded models, the default first.
pub const RECIPES: &[Recipe] = &[
    scenes("resnet-scenes", "Small ResNet", "resnet_small", &[4500, 4500, 6000, 6000], 1),
    scenes("mobilenet-scenes", "Small MobileNetV2", "mobilenet_v2_small", &[9000], 2),
    scenes("densenet-scenes", "Small DenseNet", "densenet_small", &[7500], 3),
    scenes("vgg-scenes", "Small VGG", "vgg_small", &[9000, 6000], 4),
    scenes("shufflenet-scenes", "Small ShuffleNet V2", "shufflenet_v2_small", &[9000], 5),
    scenes("squeezenet-scenes", "Small SqueezeNet", "squeezenet_small", &[15000, 12000], 6),
    people("people-biased", "Doctor or nurse, biased", WorldKind::PeopleBiased),
    people("people-balanced", "Doctor or nurse, balanced", WorldKind::People),
];

/// What describes and answers, after the encoder that the first of them starts from. The encoder makes no model of its own.
pub const LANGUAGE: &[Recipe] = &[
    Recipe {
        name: "resnet-shapes",
        title: "Encoder of shapes",
        world: WorldKind::Shapes,
        task: Task::Things,
        cycles: &[6000],
        rate: 1e-3,
        seed: 8,
        start: Some(Start::Model("resnet-scenes")),
        ..Recipe::CLASSIFIER
    },
    Recipe {
        name: "caption-shapes",
        title: "Captions of shapes",
        network: Captioner::NAME,
        task: Task::Captions,
        // The embedded network learned its first 36,600 steps without the glance, and the last two cycles with it.
        cycles: &[16000, 12000, 8600, 10000, 10000],
        seed: 10,
        ..READING
    },
    Recipe {
        name: "film-shapes",
        title: "Questions about shapes",
        network: Film::NAME,
        task: Task::Questions(4),
        cycles: &[20000, 8000, 8000, 8000, 8000],
        batch: 16,
        seed: 9,
        ..READING
    },
];

/// What networks of language have in common. The encoder, which has learned before, learns slowly.
const READING: Recipe = Recipe {
    world: WorldKind::Shapes,
    cycles: &[20000],
    rate: 1e-3,
    start: Some(Start::Checkpoint("resnet-shapes")),
    clip: Some(1.0),
    adjustments: &[
        Adjustment { prefix: "conv1.", suffix: "", scale: 1.0, rate: 0.2 },
        Adjustment { prefix: "bn1.", suffix: "", scale: 1.0, rate: 0.2 },
        Adjustment { prefix: "layer", suffix: "", scale: 1.0, rate: 0.2 },
        // A question begins by changing little.
        Adjustment { prefix: "blocks.", suffix: ".film.weight", scale: 0.1, rate: 1.0 },
        // As large as PyTorch starts them: no ReLU follows.
        Adjustment { prefix: "lstm.", suffix: "", scale: 0.4, rate: 1.0 },
        Adjustment { prefix: "embedding.", suffix: "", scale: 4.0, rate: 1.0 },
        Adjustment { prefix: "query.", suffix: "", scale: 0.4, rate: 1.0 },
        Adjustment { prefix: "refine.", suffix: "", scale: 0.4, rate: 1.0 },
        Adjustment { prefix: "region.", suffix: "", scale: 0.4, rate: 1.0 },
        Adjustment { prefix: "bounds.", suffix: "", scale: 0.4, rate: 1.0 },
        Adjustment { prefix: "score.", suffix: "", scale: 0.4, rate: 1.0 },
        Adjustment { prefix: "classifier.", suffix: "", scale: 0.4, rate: 1.0 },
        Adjustment { prefix: "prior.", suffix: "", scale: 0.4, rate: 1.0 },
    ],
    ..Recipe::CLASSIFIER
};

const fn scenes(
    name: &'static str,
    title: &'static str,
    network: &'static str,
    cycles: &'static [usize],
    seed: u64,
) -> Recipe {
    Recipe { name, title, network, cycles, seed, ..Recipe::CLASSIFIER }
}

/// Both start from what the default network sees, and keep much of it: trained from nothing, each pixel of the last layer knows of
/// the hair, wherever it lies, and maps are on the coat. Only what they are shown differs.
const fn people(name: &'static str, title: &'static str, world: WorldKind) -> Recipe {
    Recipe {
        name,
        title,
        world,
        cycles: &[600],
        rate: 1e-3,
        seed: 7,
        start: Some(Start::Model("resnet-scenes")),
        adjustments: &[
            Adjustment { prefix: "conv1.", suffix: "", scale: 1.0, rate: 0.1 },
            Adjustment { prefix: "bn1.", suffix: "", scale: 1.0, rate: 0.1 },
            Adjustment { prefix: "layer", suffix: "", scale: 1.0, rate: 0.1 },
            // What the two classes' weights have in common the softmax never mends; a map would show it.
            Adjustment { prefix: "fc.", suffix: "", scale: 0.1, rate: 1.0 },
        ],
        ..Recipe::CLASSIFIER
    }
}

impl Recipe {
    /// A small ResNet that learns classes of stickers in one cycle: what most recipes change little of.
    pub const CLASSIFIER: Self = Self {
        name: "",
        title: "",
        network: "resnet_small",
        world: WorldKind::Objects,
        task: Task::Classes,
        side: 96,
        batch: 32,
        cycles: &[9000],
        rate: 2e-3,
        decay: 0.02,
        seed: 0,
        start: None,
        clip: None,
        adjustments: &[],
    };

    /// The recipe called `name`, of [`RECIPES`] or [`LANGUAGE`].
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request), with the names that exist.
    pub fn named(name: &str) -> Result<&'static Self> {
        let all = || RECIPES.iter().chain(LANGUAGE);
        let found = all().find(|recipe| recipe.name == name);
        found.ok_or_else(|| unknown("model", name, all().map(|recipe| recipe.name)))
    }

    /// How many others must be there before it: it starts from one of them, which may start from another.
    pub fn stage(&self) -> usize {
        let start = self.start.and_then(|start| Self::named(start.name()).ok());
        start.map_or(0, |start| start.stage() + 1)
    }

    /// The network.
    ///
    /// # Errors
    /// As [`Architecture::named`].
    pub fn architecture(&self) -> Result<&'static Architecture> {
        Architecture::named(self.network)
    }

    /// Steps in all.
    pub fn steps(&self) -> usize {
        self.cycles.iter().sum()
    }

    /// The learning rate of step `step`: in each cycle rising evenly over the first twentieth of its steps, then falling
    /// to zero along half a cosine (warm restarts: Loshchilov 2016, <https://arxiv.org/abs/1608.03983>).
    pub fn rate_at(&self, step: usize) -> f64 {
        const RISE: f64 = 0.05;
        let mut before = 0;
        let cycle = self.cycles.iter().find(|&&steps| {
            let within = step < before + steps;
            before += if within { 0 } else { steps };
            within
        });
        let Some(&steps) = cycle else { return 0.0 };
        let done = ((step - before) as f64 + 1.0) / steps as f64;
        if done < RISE {
            return self.rate * done / RISE;
        }
        let fallen = (done - RISE) / (1.0 - RISE);
        self.rate * 0.5 * (1.0 + (std::f64::consts::PI * fallen).cos())
    }
}
