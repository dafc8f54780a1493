//! CAM methods and their relatives: from what a network computed to a raw heatmap.
//!
//! Adding one: a file beside these, and its line in [`METHODS`]. Normalising, resizing and colouring come
//! later, once, for all of them.

mod combine;
mod inputs;
mod inquiry;
mod methods;
mod pass;
mod settings;
mod study;
mod target;

pub use inquiry::{Answer, Inquiry, Merge};
pub use methods::METHODS;
pub use pass::{Evidence, Pass};
pub use settings::{Setting, Settings};
pub(crate) use study::forward_chunks;
pub use study::{Budget, Progress, Study, Watch, Work};
pub use target::Target;
pub(crate) use target::check_class;

use burn::tensor::Tensor;

use crate::{Error, Result};

/// A way to turn what a network computed into a map of what mattered: a line of [`METHODS`].
pub struct Method {
    /// The name on the command line.
    pub name: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// What it does, in half a sentence.
    pub summary: &'static str,
    /// First author and year of the paper.
    pub source: &'static str,
    /// Named variants: of another implementation where it deviates from the paper, or of the paper itself.
    pub presets: &'static [&'static str],
    /// The numbers that it can be told.
    pub settings: &'static [Setting],
    /// What it looks at; nothing else is computed for it.
    pub needs: Needs,
    /// What it gives.
    pub output: Output,
    run: Run,
}

/// What a [`Method`] looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// The picture and the scores alone: it is the same for every layer.
    Nothing,
    /// The layer's activations.
    Activations,
    /// The layer's activations and the gradients of the target to them.
    Gradients,
}

/// What a [`Method`] gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// A map of one channel, at the layer's or the picture's size.
    Map,
    /// A signed picture of three channels at the picture's size.
    Picture,
}

/// How a [`Method`] computes its raw maps, a row for each class.
#[derive(Clone, Copy)]
enum Run {
    /// From what one pass shows of the layer: `[rows, h, w]`.
    Layer(fn(&Evidence) -> Result<Tensor<3>>),
    /// By passes of its own: `[rows, c, h, w]`.
    Study(for<'a> fn(&'a Study<'a>) -> Work<'a>),
}

impl Method {
    /// What most methods are.
    const PLAIN: Self = Self {
        name: "",
        title: "",
        summary: "",
        source: "",
        presets: &[],
        settings: &[],
        needs: Needs::Nothing,
        output: Output::Map,
        run: Run::Layer(|_| unreachable!("every method says how it runs")),
    };

    /// Whether one pass is enough, see [`of_layer`](Self::of_layer).
    pub fn is_of_layer(&self) -> bool {
        matches!(self.run, Run::Layer(_))
    }

    /// The raw maps `[rows, h, w]` of a method that one pass is enough for, of any number of pictures; `None` where
    /// it takes passes of its own, see [`Inquiry`].
    ///
    /// # Errors
    /// [`is_request`](Error::is_request) where the method is not defined.
    pub fn of_layer(&self, evidence: &Evidence) -> Option<Result<Tensor<3>>> {
        match self.run {
            Run::Layer(map) => Some(map(evidence)),
            Run::Study(_) => None,
        }
    }
}

/// The method called `name`.
///
/// # Errors
/// [`is_request`](Error::is_request), listing the names that there are.
pub fn method(name: &str) -> Result<&'static Method> {
    let found = METHODS.iter().find(|method| method.name == name);
    found.copied().ok_or_else(|| crate::error::unknown("method", name, METHODS.iter().map(|m| m.name)))
}

/// Checks that at least one of `methods` has the preset.
///
/// # Errors
/// [`is_request`](Error::is_request), listing the presets that there are.
pub fn check_preset(methods: &[&Method], preset: &str) -> Result<()> {
    let presets: Vec<&str> = methods.iter().flat_map(|m| m.presets).copied().collect();
    if presets.contains(&preset) {
        Ok(())
    } else if presets.is_empty() {
        Err(Error::request(format!("the chosen methods have no presets, so `{preset}` means nothing here")))
    } else {
        Err(crate::error::unknown("preset", preset, presets))
    }
}
