//! What a model predicts for a picture, and where it looks: two weight files of one model must agree on both.

use cam_lucida::cam::METHODS;
use cam_lucida::measure::Map;
use cam_lucida::picture::Picture;
use cam_lucida::{Model, Request, Result};

use super::reference;

/// A model's prediction for a picture, with its heatmap.
pub struct Prediction {
    /// The predicted class.
    pub class: usize,
    /// The method of the map, for people: Grad-CAM, or one that explains no class where there is no classifier.
    pub method: &'static str,
    /// Before softmax or sigmoid.
    scores: Vec<f32>,
    /// Its map of the class at the default layer, 0 to 1.
    map: Map,
}

impl Prediction {
    /// How much heatmaps of 0 to 1 may differ: too little for a colour map to show. Scores may differ by as much of the largest.
    pub const TOLERANCE: f32 = 0.02;

    pub async fn new(model: &Model, picture: &Picture) -> Result<Self> {
        let input = reference::input(model, picture)?;
        let mut request = Request::default();
        if !model.has_classifier() {
            request.methods =
                METHODS.iter().copied().filter(|method| method.ignores_class()).take(1).collect();
        }
        let explanation = model.explain(&input, &request).await?;
        let map = Map::from_heatmap(&explanation.heatmaps[0]).await?.normalised();
        let class = explanation.scores.top(1)[0];
        Ok(Self { class, method: request.methods[0].title, scores: explanation.scores.logits, map })
    }

    /// Whether nothing in the picture speaks for the class.
    pub fn is_flat(&self) -> bool {
        self.map.is_flat()
    }

    /// Whether two weight files may be of one model.
    pub fn is_like(&self, other: &Self) -> bool {
        self.class == other.class
            && self.difference(other) < Self::TOLERANCE
            && self.score_difference(other) < Self::TOLERANCE
    }

    /// The largest difference of a score, of the largest score.
    pub fn score_difference(&self, other: &Self) -> f32 {
        let pairs = self.scores.iter().zip(&other.scores);
        let largest = self.scores.iter().fold(f32::MIN_POSITIVE, |largest, score| largest.max(score.abs()));
        pairs.map(|(a, b)| (a - b).abs() / largest).fold(0.0, f32::max)
    }

    /// The largest difference of the two maps at any position.
    pub fn difference(&self, other: &Self) -> f32 {
        let pairs = self.map.values().iter().zip(other.map.values());
        pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    }
}
