//! A forward pass that is ready to be explained, and what it shows of each layer.

use burn::tensor::Tensor;

use super::{ClassSum, Preset, Target};
use crate::error::error;
use crate::network::{Layer, Network, Tap};
use crate::{Problem, Result};

/// What a [`Method`](super::Method) gets of one layer: one row for each picture and class.
///
/// ```
/// use cam_lucida::burn::tensor::Tensor;
/// use cam_lucida::cam::{Forward, Target};
/// # use cam_lucida::{Device, Problem, network::Architecture, weights::Hashed};
/// # let device = Device::cpu();
/// # let network = Architecture::named("resnet_small")?.load(&mut Hashed { classes: 3 }, device.tensors())?;
/// # let x = Tensor::ones([1, 3, 96, 96], device.tensors());
///
/// let forward = Forward::run(network.as_ref(), x, &["layer4"], 1, true);
/// let layer = forward.explain(&[2], Target::Logit, Problem::SingleLabel, None)?.remove(0);
/// let product = layer.activations.clone() * layer.gradients();
/// assert_eq!(product.sum_dim(1).dims(), [1, 1, 12, 12]);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Clone)]
pub struct LayerActivations<'a> {
    /// The network that ran.
    pub network: &'a dyn Network,
    /// torchvision's name of the layer.
    pub name: &'a str,
    /// The number `y` that is explained.
    pub target: Target,
    /// How class scores become probabilities.
    pub problem: Problem,
    /// The chosen preset, whether or not it is one of the method's [`presets`](super::Method::presets).
    pub preset: Option<Preset>,
    /// The class, or the sum of classes, that each row explains.
    pub classes: Vec<ClassSum>,
    /// Class scores `[rows, classes]`.
    pub logits: Tensor<2>,
    /// `A`, the layer's activations `[rows, k, h, w]`.
    pub activations: Tensor<4>,
    gradients: Option<Tensor<4>>,
}

impl LayerActivations<'_> {
    /// `g = ∂y/∂A` `[rows, k, h, w]`.
    ///
    /// # Panics
    /// If the pass did not differentiate, see [`Forward::run`]. The [`Explainer`](super::Explainer) differentiates for
    /// every method that [`needs`](super::Method::needs) gradients.
    pub fn gradients(&self) -> Tensor<4> {
        self.gradients.clone().expect("a method that reads gradients says that it needs them")
    }

    /// The gradients, where the pass differentiated.
    pub(crate) fn gradients_if_any(&self) -> Option<Tensor<4>> {
        self.gradients.clone()
    }

    /// One number `[1]`, finite exactly if all activations and gradients are. A ReLU may hide one that is not.
    pub fn health(&self) -> Tensor<1> {
        let sum = self.activations.clone().sum();
        self.gradients.iter().fold(sum, |sum, gradients| sum + gradients.clone().sum())
    }
}

/// A forward pass that is ready to be explained.
///
/// [`explain`](Self::explain) computes the gradients, so the caller may look at the scores before it chooses a class.
///
/// ```
/// use burn::tensor::Tensor;
/// use cam_lucida::cam::{self, Forward, Target};
/// # use cam_lucida::{Device, Problem, network::Architecture, weights::Hashed};
/// # let device = Device::cpu();
/// # let network = Architecture::named("resnet_small")?.load(&mut Hashed { classes: 3 }, device.tensors())?;
///
/// let x = Tensor::ones([1, 3, 96, 96], device.tensors());
/// let forward = Forward::run(network.as_ref(), x, &["layer4"], 1, true);
/// assert_eq!(forward.logits().dims(), [1, 3]);
///
/// let layers = forward.explain(&[2], Target::Logit, Problem::SingleLabel, None)?;
/// let map = cam::method("grad-cam")?.map_layer(&layers[0]).unwrap()?;
/// assert_eq!(map.dims(), [1, 12, 12]);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub struct Forward<'a> {
    network: &'a dyn Network,
    layers: Vec<&'a str>,
    logits: Tensor<2>,
    tap: Tap,
}

impl<'a> Forward<'a> {
    /// Runs `network` on pictures `x` `[n, 3, h, w]`. From the first of `layers` on, each picture is repeated to
    /// `rows` rows, one for each class to explain. With `differentiate`, what lies behind that layer goes on the
    /// autodiff tape, and nothing before it.
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

    /// Class scores `[n * rows, classes]`: a picture's rows are adjacent and equal.
    pub fn logits(&self) -> Tensor<2> {
        self.logits.clone().inner()
    }

    /// Whether anything is on the autodiff tape.
    pub fn is_tracked(&self) -> bool {
        self.logits.is_tracked()
    }

    /// The layers that the pass went through.
    pub fn layers(&self) -> &[Layer] {
        self.tap.layers()
    }

    /// What each layer shows; each row explains the class, or the sum of classes, that `classes` gives for it.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request): the network has no such layer, or the class scores do not depend on it.
    pub fn explain(
        mut self,
        classes: &[impl Into<ClassSum> + Clone],
        target: Target,
        problem: Problem,
        preset: Option<Preset>,
    ) -> Result<Vec<LayerActivations<'a>>> {
        let logits = self.logits();
        let classes: Vec<ClassSum> = classes.iter().cloned().map(Into::into).collect();
        let gradients = self.is_tracked().then(|| target.score(problem, self.logits, &classes).backward());
        let activations = |name: &'a str| {
            let missing =
                || error!(Request, "unknown-layer", "the network has no layer `{layer}`", layer = name);
            let tapped = self.tap.take(name).ok_or_else(missing)?;
            let unreached = || {
                error!(
                    Request,
                    "layer-without-effect",
                    "the class scores do not depend on layer `{layer}`; choose another layer",
                    layer = name
                )
            };
            let gradients = match (&gradients, tapped.leaf) {
                (Some(gradients), Some(leaf)) => Some(leaf.grad(gradients).ok_or_else(unreached)?),
                (None, Some(_)) => return Err(unreached()),
                (_, None) => None,
            };
            Ok(LayerActivations {
                network: self.network,
                name,
                target,
                problem,
                preset,
                classes: classes.clone(),
                logits: logits.clone(),
                activations: tapped.activation,
                gradients,
            })
        };
        self.layers.into_iter().map(activations).collect()
    }
}
