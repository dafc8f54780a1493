//! CAM methods and their relatives: from what a network computed to a raw heatmap.
//!
//! This folder holds the machinery, `methods/` the catalogue. To add a method, write a file there and list it in
//! [`METHODS`]. Normalising, resizing and colouring follow later, once for all methods.

mod class_sum;
mod combine;
mod explainer;
mod forward;
mod inputs;
mod methods;
mod settings;
mod study;
mod target;
mod weighting;

pub use class_sum::ClassSum;
pub use explainer::{Attribution, Decomposition, Explainer, Merge};
pub use forward::{Forward, LayerActivations};
pub use methods::METHODS;
pub use settings::{Setting, Settings};
pub use study::{Answer, Budget, Progress, Watch};
pub(crate) use study::{Study, Work, forward_chunks};
pub use target::Target;
pub(crate) use target::check_class;
pub use weighting::Weighting;

use burn::tensor::Tensor;

use crate::Result;

/// A way to turn what a network computed into a map of what mattered: an entry of [`METHODS`].
///
/// ```
/// use cam_lucida::cam::{METHODS, Needs, Output};
///
/// let without_gradients = METHODS.iter().filter(|method| method.needs != Needs::Gradients);
/// assert!(without_gradients.clone().any(|method| method.name == "score-cam"));
///
/// let pictures = METHODS.iter().filter(|method| method.output == Output::Picture);
/// assert!(pictures.clone().any(|method| method.name == "guided-backprop"));
/// ```
pub struct Method {
    /// The name on the command line.
    pub name: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// What it does, in half a sentence.
    pub summary: &'static str,
    /// First author and year of the paper.
    pub source: &'static str,
    /// Other ways to compute it: as another implementation does, or by another formula of the paper.
    pub presets: &'static [Preset],
    /// The numbers that it takes.
    pub settings: &'static [Setting],
    /// What it looks at; nothing else is computed for it.
    pub needs: Needs,
    /// What it gives.
    pub output: Output,
    run: Run,
}

/// A way to compute a [`Method`] that is not its default.
///
/// ```
/// use cam_lucida::{Request, cam};
///
/// let method = cam::method("grad-cam++")?;
/// let preset = method.presets[0].name;
/// assert_eq!(preset, "pytorch-grad-cam");
/// let request = Request { preset: Some(preset.into()), ..Request::new([method]) };
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// The name on the command line.
    pub name: &'static str,
}

/// What a [`Method`] looks at.
///
/// See the example of [`Method`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// The picture and the scores alone: it is the same for every layer.
    Nothing,
    /// The layer's activations.
    Activations,
    /// The layer's activations and the gradients of the target with respect to them.
    Gradients,
}

/// What a [`Method`] gives.
///
/// See the example of [`Method`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// A map of one channel, at the layer's or the picture's size.
    Map,
    /// A signed picture of three channels at the picture's size.
    Picture,
}

/// How a [`Method`] computes its raw maps, one row for each class.
#[derive(Clone, Copy)]
enum Run {
    /// A weighted sum of the channels, with weights from what a single pass shows of the layer.
    Weights(fn(&LayerActivations) -> Result<Weighting>),
    /// A weighted sum of the channels, with weights by passes of its own.
    StudyWeights(for<'a> fn(&'a Study<'a>) -> Work<'a, Weighting>),
    /// From what a single pass shows of the layer: `[rows, h, w]`.
    Layer(fn(&LayerActivations) -> Result<Tensor<3>>),
    /// By passes of its own: `[rows, c, h, w]`.
    Study(for<'a> fn(&'a Study<'a>) -> Work<'a>),
}

impl Method {
    /// Whether a single pass is enough, see [`map_layer`](Self::map_layer).
    pub fn is_single_pass(&self) -> bool {
        matches!(self.run, Run::Weights(_) | Run::Layer(_))
    }

    /// Whether the map is a weighted sum of the layer's channels, see [`Weighting`].
    pub fn is_weighted_sum(&self) -> bool {
        matches!(self.run, Run::Weights(_) | Run::StudyWeights(_))
    }

    /// Whether its map is the same whatever class is explained, so that it needs no class scores.
    pub fn ignores_class(&self) -> bool {
        methods::CLASSLESS.iter().any(|method| method.name == self.name)
    }

    /// The raw maps `[rows, h, w]` of a single-pass method, for any number of pictures. `None` for a method that runs
    /// passes of its own, see [`Explainer`].
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request) when the method is not defined for the network, layer or target.
    pub fn map_layer(&self, layer: &LayerActivations) -> Option<Result<Tensor<3>>> {
        match self.run {
            Run::Weights(weigh) => {
                Some(weigh(layer).map(|weighting| weighting.map(layer.activations.clone())))
            }
            Run::Layer(map) => Some(map(layer)),
            Run::StudyWeights(_) | Run::Study(_) => None,
        }
    }
}

/// The method called `name`.
///
/// ```
/// let method = cam_lucida::cam::method("hires-cam")?;
/// assert_eq!((method.title, method.source), ("HiResCAM", "Draelos 2020"));
/// # Ok::<(), cam_lucida::Error>(())
/// ```
///
/// # Errors
/// [`is_request`](crate::Error::is_request) when there is none; the message lists all names.
pub fn method(name: &str) -> Result<&'static Method> {
    let found = METHODS.iter().find(|method| method.name == name);
    found.copied().ok_or_else(|| crate::error::unknown("method", name, METHODS.iter().map(|m| m.name)))
}
