//! Whether a class stays as likely when only what the map names is shown.

use super::{Map, Trial};
use crate::Result;

/// How likely the class is for the whole picture, and for what the map lets through.
///
/// ```
/// use cam_lucida::measure::{Confidence, average_drop};
///
/// let falls = Confidence { whole: 0.8, explained: 0.6 };
/// let rises = Confidence { whole: 0.5, explained: 0.7 };
/// assert!((falls.drop() - 25.0).abs() < 1e-9 && rises.increased());
/// assert!((average_drop(&[falls, rises]).unwrap() - 12.5).abs() < 1e-9);
/// ```
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

    /// `O > Y`: the map leaves out what lowered the probability.
    pub fn increased(self) -> bool {
        self.explained > self.whole
    }
}

/// Confidence in the class with and without what the map leaves out (Chattopadhay 2018, Grad-CAM++, section 4.1,
/// <https://arxiv.org/abs/1710.11063>).
///
/// The explanation is `x · m`: the normalised picture times the map, upsampled and normalised to 0..1. What the map
/// leaves out becomes the mean colour.
///
/// # Errors
/// [`is_request`](crate::Error::is_request): a class that the model does not have;
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

/// Increase of confidence: the percentage of pictures in which it [`increased`](Confidence::increased). Higher is better.
/// `None` without a picture.
pub fn increase_of_confidence(pictures: &[Confidence]) -> Option<f64> {
    mean(pictures, |confidence| if confidence.increased() { 100.0 } else { 0.0 })
}

fn mean(pictures: &[Confidence], value: impl Fn(Confidence) -> f64) -> Option<f64> {
    let sum: f64 = pictures.iter().map(|&confidence| value(confidence)).sum();
    (!pictures.is_empty()).then(|| sum / pictures.len() as f64)
}
