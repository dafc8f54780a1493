//! Whether a class stays as likely when only what the map names is shown.

use super::{Map, Trial};
use crate::Result;

/// How likely the class is for the whole picture, and for what the map lets through.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence {
    /// `Y`: the class's probability for the picture.
    pub whole: f64,
    /// `O`: its probability for the picture times the map.
    pub explained: f64,
}

impl Confidence {
    /// `100 · max(0, Y - O) / Y`, in percent.
    pub fn drop(self) -> f64 {
        if self.whole > 0.0 { 100.0 * (self.whole - self.explained).max(0.0) / self.whole } else { 0.0 }
    }

    /// `O > Y`: the map leaves out what only disturbed.
    pub fn increased(self) -> bool {
        self.explained > self.whole
    }
}

/// Confidence in the class with and without what the map leaves out (Chattopadhay 2018, Grad-CAM++, section 4.1,
/// <https://arxiv.org/abs/1710.11063>).
///
/// The explanation is `x · m`: the normalised picture, so that what is left out becomes the mean colour, times the map,
/// upsampled and brought to 0..1.
///
/// # Errors
/// [`is_request`](crate::Error::is_request): no model, or a class that it does not have;
/// [`is_cancelled`](crate::Error::is_cancelled): the watch broke off; [`is_device`](crate::Error::is_device): the
/// device failed.
pub async fn confidence(trial: &Trial<'_>, map: &Map) -> Result<Confidence> {
    let map = trial.cover(map).normalised();
    let x = trial.input.values();
    let explanation = |i: usize| match i {
        0 => x.to_vec(),
        _ => x.iter().zip(map.values().iter().cycle()).map(|(x, m)| x * m).collect(),
    };
    let found = trial.probabilities("drop", 2, explanation).await?;
    Ok(Confidence { whole: found[0], explained: found[1] })
}

/// Average drop, in percent: the mean of each picture's [`drop`](Confidence::drop). Lower is better. `None` without
/// a picture.
pub fn average_drop(pictures: &[Confidence]) -> Option<f64> {
    mean(pictures, |confidence| confidence.drop())
}

/// Increase of confidence, in percent: in how many pictures it [`increased`](Confidence::increased). Higher is better.
/// `None` without a picture.
pub fn increase_of_confidence(pictures: &[Confidence]) -> Option<f64> {
    mean(pictures, |confidence| if confidence.increased() { 100.0 } else { 0.0 })
}

fn mean(pictures: &[Confidence], of: impl Fn(Confidence) -> f64) -> Option<f64> {
    let sum: f64 = pictures.iter().map(|&confidence| of(confidence)).sum();
    (!pictures.is_empty()).then(|| sum / pictures.len() as f64)
}
