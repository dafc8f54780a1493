//! Questions and captions: how often the networks of language are right, and where their maps lie.

mod answers;
mod captions;
mod case;
mod maps;
mod marks;
mod report;

use std::path::Path;
use std::sync::Arc;

use cam_lucida::Device;
use cam_lucida::network::language::{Captioner, Film};
use cam_lucida::train::{HELD_OUT, LANGUAGE, Recipe};
use cam_lucida::weights::Weights;

use crate::Failure;
use answers::Answers;
use captions::Captions;
use maps::Maps;
pub use report::{HEADING, json, section};

/// Rows and columns of the scenes.
const SIDE: u32 = 96;
/// Scenes that go through a network together.
const BATCH: u64 = 16;
/// The scenes: others than those of the trainer's reports.
const SEED: u64 = HELD_OUT + 1;

/// How much is measured.
pub struct Extent {
    /// Questions, each about a scene of its own.
    pub questions: u64,
    /// Colour questions whose answer is a pair that no training scene held, and captions of scenes that hold one.
    pub held_out: u64,
    /// Captions, each of a scene of its own.
    pub captions: u64,
}

/// What was found of the networks that are there.
#[derive(Default)]
pub struct Found {
    /// Of that which answers.
    questions: Option<Asked>,
    /// Of that which describes.
    captions: Option<(&'static Recipe, usize, Captions)>,
}

struct Asked {
    recipe: &'static Recipe,
    bytes: usize,
    answers: Answers,
    maps: Maps,
}

/// Measures the networks of language that have a folder in `models`.
pub fn study(models: &Path, extent: &Extent) -> Result<Found, Failure> {
    let mut found = Found::default();
    let device = Device::cpu();
    if let Some((recipe, file)) = read(models, Film::NAME)? {
        eprintln!("{}: {} questions", recipe.name, extent.questions);
        let bytes = file.len();
        let film = Arc::new(Film::load(&mut Weights::read(file)?, device.tensors())?);
        let (mut answers, mut maps) = (Answers::default(), Maps::default());
        answers.ask(&film, extent.questions, &mut |case, answer| maps.note(&film, case, answer))?;
        answers.ask_held_out(&film, extent.held_out)?;
        found.questions = Some(Asked { recipe, bytes, answers, maps });
    }
    if let Some((recipe, file)) = read(models, Captioner::NAME)? {
        eprintln!("{}: {} captions", recipe.name, extent.captions);
        let bytes = file.len();
        let captioner = Arc::new(Captioner::load(&mut Weights::read(file)?, device.tensors())?);
        found.captions =
            Some((recipe, bytes, Captions::study(&captioner, extent.captions, extent.held_out)?));
    }
    Ok(found)
}

/// The recipe of `network` and its weight file, if it has a folder.
fn read(models: &Path, network: &str) -> Result<Option<(&'static Recipe, Vec<u8>)>, Failure> {
    let recipe = LANGUAGE.iter().find(|recipe| recipe.network == network).expect("there is a recipe of each");
    let path = models.join(recipe.name).join("model.safetensors");
    if !path.is_file() {
        return Ok(None);
    }
    let file =
        std::fs::read(&path).map_err(|error| format!("{} cannot be read ({error})", path.display()))?;
    Ok(Some((recipe, file)))
}
