//! A forward pass that stands ready to be explained, and what it shows.

use burn::tensor::Tensor;

use super::Target;
use crate::network::{Layer, Network, Tap};
use crate::{Error, Problem, Result};

/// What a [`Method`](super::Method) is given of one layer: one row for each picture and class.
#[derive(Clone)]
pub struct Evidence<'a> {
    /// The network that was run.
    pub network: &'a dyn Network,
    /// The layer that is explained.
    pub layer: &'a str,
    /// What the gradients are of.
    pub target: Target,
    /// How class scores become probabilities.
    pub problem: Problem,
    /// A variant of the method, one of its [`presets`](super::Method::presets).
    pub preset: Option<&'a str>,
    /// The class that each row explains.
    pub classes: Vec<usize>,
    /// Class scores `[rows, classes]`.
    pub logits: Tensor<2>,
    /// `A`, the layer's activations `[rows, k, h, w]`.
    pub activations: Tensor<4>,
    gradients: Option<Tensor<4>>,
}

impl Evidence<'_> {
    /// `g = ∂y/∂A` `[rows, k, h, w]`.
    ///
    /// # Panics
    /// If the method did not say that it [`needs`](super::Method::needs) them.
    pub fn gradients(&self) -> Tensor<4> {
        self.gradients.clone().expect("a method that asks for gradients says that it needs them")
    }

    /// One number `[1]`, finite exactly if all activations and gradients are: a ReLU may hide one that is not.
    pub fn health(&self) -> Tensor<1> {
        let sum = self.activations.clone().sum();
        self.gradients.iter().fold(sum, |sum, gradients| sum + gradients.clone().sum())
    }
}

/// A forward pass that stands ready to be explained.
///
/// The gradients are only computed by [`explain`](Self::explain), so that the class may be chosen by the scores.
pub struct Pass<'a> {
    network: &'a dyn Network,
    layers: Vec<&'a str>,
    logits: Tensor<2>,
    tap: Tap,
}

impl<'a> Pass<'a> {
    /// Runs `network` on pictures `x` `[n, 3, h, w]`, each repeated from the first of `layers` on to `rows` rows:
    /// one for each class that will be explained. Only what lies behind that layer goes on the autodiff tape, and
    /// only with `differentiate`.
    pub fn run(
        network: &'a dyn Network,
        x: Tensor<4>,
        layers: &[&'a str],
        rows: usize,
        differentiate: bool,
    ) -> Self {
        let mut tap = Tap::at_layers(layers).with_rows(rows);
        if differentiate {
            tap = tap.differentiating();
        }
        let logits = network.forward(x, &mut tap);
        Self { network, layers: layers.to_vec(), logits, tap }
    }

    /// Class scores `[n * rows, classes]`, each picture's rows beside each other and equal.
    pub fn logits(&self) -> Tensor<2> {
        self.logits.clone().inner()
    }

    /// Whether anything was put on the autodiff tape.
    pub fn is_tracked(&self) -> bool {
        self.logits.is_tracked()
    }

    /// The layers that the pass went through.
    pub fn layers(&self) -> &[Layer] {
        self.tap.layers()
    }

    /// What each layer shows of the class that `classes` names in each row.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request): the network has no such layer, or the layer does not reach the scores.
    pub fn explain(
        mut self,
        classes: &[usize],
        target: Target,
        problem: Problem,
        preset: Option<&'a str>,
    ) -> Result<Vec<Evidence<'a>>> {
        let logits = self.logits();
        let gradients = self.is_tracked().then(|| target.score(problem, self.logits, classes).backward());
        let of_layer = |layer: &'a str| {
            let missing = || Error::request(format!("the network has no layer `{layer}`"));
            let tapped = self.tap.take(layer).ok_or_else(missing)?;
            let unreached = || Error::request(format!("layer `{layer}` does not reach the class scores"));
            let gradient = match (&gradients, tapped.leaf) {
                (Some(gradients), Some(leaf)) => Some(leaf.grad(gradients).ok_or_else(unreached)?),
                (None, Some(_)) => return Err(unreached()),
                (_, None) => None,
            };
            Ok(Evidence {
                network: self.network,
                layer,
                target,
                problem,
                preset,
                classes: classes.to_vec(),
                logits: logits.clone(),
                activations: tapped.activation,
                gradients: gradient,
            })
        };
        self.layers.into_iter().map(of_layer).collect()
    }
}
