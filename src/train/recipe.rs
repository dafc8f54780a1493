//! How each embedded model is trained.

use strum::VariantArray;

use crate::error::unknown_variant;
use crate::network::Architecture;
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
#[strum(serialize_all = "kebab-case", parse_err_ty = Error, parse_err_fn = unknown)]
pub enum WorldKind {
    /// Stickers of everyday things.
    #[default]
    Objects,
    /// Doctors and nurses whose hair tells nothing.
    People,
    /// Doctors and nurses whose hair tells the label.
    PeopleBiased,
}

fn unknown(name: &str) -> Error {
    unknown_variant("world", name, WorldKind::VARIANTS)
}

impl WorldKind {
    /// The name of the data, the same for all kinds that share their classes.
    pub fn data(self) -> &'static str {
        match self {
            Self::Objects => "scenes",
            Self::People | Self::PeopleBiased => "people",
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
                "drawn people. In training, four of five people held nothing. Hair gave the label away: long for nurses, short for doctors. It is biased on purpose; its figures are those on scenes where a tool tells the label, a stethoscope the doctor, a syringe the nurse, and hair tells nothing."
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
        })
    }

    /// The world that a model of it is tested on: the same, without a bias.
    pub fn unbiased(self) -> Self {
        match self {
            Self::Objects => Self::Objects,
            Self::People | Self::PeopleBiased => Self::People,
        }
    }
}

/// What a training run consists of.
///
/// ```
/// use cam_lucida::train::RECIPES;
///
/// let recipe = RECIPES[0];
/// assert_eq!((recipe.name, recipe.network), ("resnet-scenes", "resnet_small"));
/// assert!(recipe.rate_at(0) < recipe.rate);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recipe {
    /// The model's folder.
    pub name: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// The network, one of [`NETWORKS`](crate::network::NETWORKS).
    pub network: &'static str,
    /// What it learns from.
    pub world: WorldKind,
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

const fn scenes(
    name: &'static str,
    title: &'static str,
    network: &'static str,
    cycles: &'static [usize],
    seed: u64,
) -> Recipe {
    Recipe {
        name,
        title,
        network,
        world: WorldKind::Objects,
        side: 96,
        batch: 32,
        cycles,
        rate: 2e-3,
        decay: 0.02,
        seed,
    }
}

/// Both start from the same weights, so that only what they are shown differs.
const fn people(name: &'static str, title: &'static str, world: WorldKind) -> Recipe {
    Recipe {
        name,
        title,
        network: "resnet_small",
        world,
        side: 96,
        batch: 32,
        cycles: &[600],
        rate: 1e-3,
        decay: 0.02,
        seed: 7,
    }
}

impl Recipe {
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
