//! The decomposition: an explanation, and what its map is made of.

use std::ops::ControlFlow;

use super::explanation::Pass;
use super::{Explanation, Heatmap, Input, Model, Request};
use crate::Result;
use crate::cam::Watch;
use crate::error::error;
use crate::read_back::read;

/// An explanation whose one map is a weighted sum of a layer's channels, with all numbers that it is made of.
///
/// ```
/// # use cam_lucida::{Device, Model, Request};
/// # use cam_lucida::picture::{Picture, Preprocess};
/// # use cam_lucida::weights::Card;
/// # pollster::block_on(async {
/// # let config = std::fs::read_to_string("models/resnet-scenes/config.json")?;
/// # let preprocessor = std::fs::read_to_string("models/resnet-scenes/preprocessor_config.json")?;
/// # let weights = std::fs::read("models/resnet-scenes/model.safetensors")?;
/// # let model = Model::load(&Device::cpu(), Card::read(&config, Some(&preprocessor))?, weights).await?;
/// # let sample = Picture::decode(&std::fs::read("src/bin/cam-lucida/sample.png")?)?;
/// # let input = model.input(&sample, Preprocess::Squash)?;
/// let found = model.decompose(&input, &Request::default()).await?;
/// let map = found.explanation.heatmaps[0].values().await?;
/// let channels = found.parts.weights.iter().zip(found.parts.activations.chunks(map.len()));
/// let first: f32 = channels.map(|(weight, activation)| weight * activation[0]).sum();
/// assert!((first.max(0.0) - map[0]).abs() < 1e-4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
pub struct Decomposition {
    /// The explanation; it has one heatmap.
    pub explanation: Explanation,
    /// What that is made of.
    pub parts: Parts,
}

/// What a map is made of: activations and weights, `ReLU(Σ_k w_k A_k)`.
///
/// See the example of [`Decomposition`].
pub struct Parts {
    /// `A` `[k, h, w]`, row-major.
    pub activations: Vec<f32>,
    /// `g = ∂y/∂A` `[k, h, w]`, row-major; `None` of a method that looks at no gradients.
    pub gradients: Option<Vec<f32>>,
    /// `w`: `[k]`, or `[k, h, w]`, row-major, of a method that weights each pixel.
    pub weights: Vec<f32>,
}

impl Model {
    /// Explains one picture by one method of one class at one layer, and says what the map is made of.
    ///
    /// # Errors
    /// As [`explain`](Self::explain); [`is_request`](crate::Error::is_request) also when the request has several methods,
    /// layers or classes, or smooths, or when the method is no
    /// [weighted sum](crate::cam::Method::is_weighted_sum).
    pub async fn decompose(&self, input: &Input, request: &Request) -> Result<Decomposition> {
        self.decompose_watched(input, request, &|_| ControlFlow::Continue(())).await
    }

    /// [`decompose`](Self::decompose), telling `watch` of every step of the methods that take many.
    ///
    /// # Errors
    /// As `decompose`, and [`is_cancelled`](crate::Error::is_cancelled) when `watch` breaks off.
    pub async fn decompose_watched(
        &self,
        input: &Input,
        request: &Request,
        watch: &dyn Watch,
    ) -> Result<Decomposition> {
        let Pass { explainer, x, forward, scores, classes, clock } = self.pass(input, request, watch).await?;
        let [class] = classes.as_slice() else {
            return Err(error!(
                Request,
                "decomposed-classes",
                "the map of one class is taken apart at a time; found {count} classes; choose one of them",
                count = classes.len()
            ));
        };
        let found = explainer.decompose(x, forward, class.clone()).await?;
        let heatmaps = Heatmap::read(vec![found.attribution], &classes).await?;
        let gradients = match found.layer.gradients_if_any() {
            Some(gradients) => Some(read(gradients.flatten(0, 3)).await?),
            None => None,
        };
        let activations = read(found.layer.activations.flatten(0, 3)).await?;
        let weights = read(found.weighting.flatten()).await?;
        Ok(Decomposition {
            explanation: Explanation::new(&explainer, request.target, classes, scores, heatmaps, clock),
            parts: Parts { activations, gradients, weights },
        })
    }
}
