//! Reference scores in a model's card: what the model must say of a picture, wherever it is computed.

use std::collections::BTreeMap;
use std::path::Path;

use cam_lucida::picture::{Picture, Preprocess};
use cam_lucida::{Input, Model, Scores};
use serde::{Deserialize, Serialize};

use super::checksum::sha256;
use super::test_picture::test_picture;
use crate::Failure;
use crate::files;

/// The key `reference` of a `config.json`: scores before softmax of a picture that is squashed to the network's input.
#[derive(Serialize, Deserialize)]
pub struct Reference {
    /// A file of the model's folder; absent: the picture that this program draws.
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<String>,
    /// Of its pixels, row-major red, green and blue.
    pixels_sha256: Option<String>,
    /// By class.
    scores: BTreeMap<usize, f32>,
}

impl Reference {
    pub const KEY: &str = "reference";
    /// How many classes are kept: the highest.
    const CLASSES: usize = 8;
    /// How much a score may differ, of the largest: more than other processors make of the same sums.
    const TOLERANCE: f32 = 1e-3;

    /// What the model says of the picture that this program draws.
    pub async fn new(model: &Model) -> Result<Self, Failure> {
        let picture = test_picture()?;
        let scores = model.classify(&input(model, &picture)?).await?;
        let kept = scores.top(Self::CLASSES).into_iter().map(|class| (class, scores.logits[class]));
        Ok(Self { picture: None, pixels_sha256: Some(sha256(picture.rgb())), scores: kept.collect() })
    }

    /// That of a `config.json`, if it has one.
    pub fn read(config: &str) -> Result<Option<Self>, Failure> {
        #[derive(Deserialize)]
        struct Config {
            reference: Option<Reference>,
        }
        let config: Config = serde_json::from_str(config).map_err(|error| {
            format!(
                "`{}` is not understood ({error}); it has `scores`, an object {{class: score}}",
                Self::KEY
            )
        })?;
        Ok(config.reference)
    }

    /// Checks that `model`, whose folder it is, says the same.
    pub async fn check(&self, model: &Model, folder: &Path) -> Result<String, Failure> {
        let picture = match &self.picture {
            None => test_picture()?,
            Some(name) if Path::new(name).file_name() == Some(name.as_ref()) => {
                files::read_picture(&folder.join(name))?
            }
            Some(name) => return Err(format!("its picture is {name}; name a file of this folder").into()),
        };
        if self.pixels_sha256.as_ref().is_some_and(|stated| *stated != sha256(picture.rgb())) {
            return Err(match &self.picture {
                None => "they are of a picture that another version of this program draws: convert the weights again".into(),
                Some(name) => format!("they are of other pixels than those of {name}").into(),
            });
        }
        if self.scores.is_empty() {
            return Err(format!("`{}` has no scores; convert the weights again", Self::KEY).into());
        }
        if let Some((class, score)) = self.scores.iter().find(|(_, score)| !score.is_finite()) {
            return Err(format!("the card says {score} of class {class}, which is no score").into());
        }
        let Scores { logits, .. } = model.classify(&input(model, &picture)?).await?;
        let largest = self.scores.values().fold(0.0, |largest: f32, score| largest.max(score.abs()));
        let allowed = Self::TOLERANCE * largest.max(1.0);
        let mut most = 0.0_f32;
        for (&class, &wanted) in &self.scores {
            let Some(&found) = logits.get(class) else {
                return Err(format!("they name class {class}, and there are {}", logits.len()).into());
            };
            // Not a number is no score.
            if (found - wanted).abs().partial_cmp(&allowed).is_none_or(std::cmp::Ordering::is_gt) {
                return Err(format!(
                    "class {class} has the score {found}, and the card says {wanted} (at most {allowed} apart is allowed): \
                     weights, preprocessing or variant are not those of the card"
                )
                .into());
            }
            most = most.max((found - wanted).abs());
        }
        Ok(format!("those of {} classes are the card's, at most {most:.1e} apart", self.scores.len()))
    }
}

/// A model's input for a picture. A network of other channels than a picture has gets its colours in turn.
pub fn input(model: &Model, picture: &Picture) -> cam_lucida::Result<Input> {
    let channels = model.input_channels();
    if channels == 1 || channels == 3 {
        return model.input(picture, Preprocess::Squash);
    }
    let preprocessor = model.preprocessor();
    let colours = preprocessor.normalise(&preprocessor.frame(picture, Preprocess::Squash)?);
    let values = colours.iter().copied().cycle().take(channels * preprocessor.size.area());
    Input::with_channels(channels, preprocessor.size, values.collect())
}
