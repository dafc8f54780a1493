//! CAM methods: from a layer's activations and gradients to a raw heatmap.
//!
//! Adding one: a file beside these, and its line in [`METHODS`]. Normalising, resizing and colouring come
//! later, once, for all of them.

mod class_activation;
mod combine;
mod grad_cam;
mod grad_cam_pp;
mod target;

pub use target::Target;
pub(crate) use target::check_class;

use burn::tensor::Tensor;

use crate::network::{Network, Tap};
use crate::{Error, Result};

/// Every method, in the order in which they are offered.
pub static METHODS: &[&dyn Method] =
    &[&grad_cam::GradCam, &grad_cam_pp::GradCamPlusPlus, &class_activation::Cam];

/// A way to turn what a layer computed into a map of what mattered.
pub trait Method: Sync {
    /// The name on the command line.
    fn name(&self) -> &'static str;

    /// The name for people.
    fn title(&self) -> &'static str;

    /// What it does, in half a sentence.
    fn summary(&self) -> &'static str;

    /// First author and year of the paper.
    fn source(&self) -> &'static str;

    /// Named variants that follow another implementation where it deviates from the paper.
    fn presets(&self) -> &'static [&'static str] {
        &[]
    }

    /// What the method asks for beside the activations; nothing else is computed.
    fn needs(&self) -> Needs;

    /// The raw maps `[rows, h, w]`: not normalised, at the layer's size.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request) where the method is not defined.
    fn map(&self, evidence: &Evidence) -> Result<Tensor<3>>;
}

/// What a [`Method`] asks for beside the activations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// The gradients of the target to the activations.
    pub gradients: bool,
}

/// What a [`Method`] is given: one row for each picture and class.
pub struct Evidence<'a> {
    /// The network that was run.
    pub network: &'a dyn Network,
    /// The layer that is explained.
    pub layer: &'a str,
    /// What the gradients are of.
    pub target: Target,
    /// A variant of the method, one of its [`presets`](Method::presets).
    pub preset: Option<&'a str>,
    /// The class that each row explains.
    pub rows: &'a [usize],
    /// Class scores `[rows, classes]`.
    pub logits: Tensor<2>,
    /// `A`, the layer's activations `[rows, k, h, w]`.
    pub activations: Tensor<4>,
    gradients: Option<Tensor<4>>,
}

impl Evidence<'_> {
    /// `g = ∂y/∂A` `[rows, k, h, w]`.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request) if the method did not say that it [`needs`](Method::needs) them.
    pub fn gradients(&self) -> Result<Tensor<4>> {
        let missing = || Error::request("a method asked for gradients without saying that it needs them");
        self.gradients.clone().ok_or_else(missing)
    }
}

/// The method called `name`.
///
/// # Errors
/// [`is_request`](Error::is_request), listing the names that there are.
pub fn method(name: &str) -> Result<&'static dyn Method> {
    let found = METHODS.iter().find(|method| method.name() == name);
    let unknown = || crate::error::unknown("method", name, METHODS.iter().map(|m| m.name()));
    found.copied().ok_or_else(unknown)
}

/// Checks that at least one of `methods` has the preset.
///
/// # Errors
/// [`is_request`](Error::is_request), listing the presets that there are.
pub fn check_preset(methods: &[&dyn Method], preset: &str) -> Result<()> {
    let presets: Vec<&str> = methods.iter().flat_map(|m| m.presets()).copied().collect();
    if presets.contains(&preset) {
        Ok(())
    } else if presets.is_empty() {
        Err(Error::request(format!("the chosen methods have no presets, so `{preset}` means nothing here")))
    } else {
        Err(crate::error::unknown("preset", preset, presets))
    }
}

/// What a [`Pass`] gives.
pub struct Maps {
    /// The raw maps of each method, `[rows, h, w]`.
    pub raw: Vec<Tensor<3>>,
    /// One number `[1]`, finite exactly if all activations and gradients are: a ReLU may hide one that is not.
    pub health: Tensor<1>,
}

/// A forward pass that stands ready to be explained.
///
/// The gradients are only computed by [`explain`](Self::explain), so that the class may be chosen by the scores.
pub struct Pass<'a> {
    network: &'a dyn Network,
    layer: &'a str,
    methods: &'a [&'a dyn Method],
    logits: Tensor<2>,
    tap: Tap,
}

impl<'a> Pass<'a> {
    /// Runs `network` on pictures `x` `[n, 3, h, w]`, each repeated from `layer` on to `rows` rows: one for each
    /// class that will be explained. Only what lies behind the layer goes on the autodiff tape, and only if one
    /// of the methods needs gradients.
    pub fn run(
        network: &'a dyn Network,
        x: Tensor<4>,
        layer: &'a str,
        rows: usize,
        methods: &'a [&'a dyn Method],
    ) -> Self {
        let mut tap = Tap::at_layers(&[layer]).with_rows(rows);
        if methods.iter().any(|method| method.needs().gradients) {
            tap = tap.differentiating();
        }
        let logits = network.forward(x, &mut tap);
        Self { network, layer, methods, logits, tap }
    }

    /// Class scores `[n * rows, classes]`, each picture's rows beside each other and equal.
    pub fn logits(&self) -> Tensor<2> {
        self.logits.clone().inner()
    }

    /// Whether anything was put on the autodiff tape.
    pub fn is_tracked(&self) -> bool {
        self.logits.is_tracked()
    }

    /// The raw maps `[n * rows, h, w]` of each method, for the class that `rows` names in each row.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request): the network has no such layer, the layer does not reach the scores,
    /// or a method is not defined there.
    pub fn explain(mut self, rows: &[usize], target: Target, preset: Option<&str>) -> Result<Maps> {
        let layer = self.layer;
        let missing = || Error::request(format!("the network has no layer `{layer}`"));
        let tapped = self.tap.take(layer).ok_or_else(missing)?;
        let logits = self.logits();
        let gradients = match tapped.leaf {
            Some(leaf) => {
                let gradients = target.score(self.logits, rows).backward();
                let unreached = || Error::request(format!("layer `{layer}` does not reach the class scores"));
                Some(leaf.grad(&gradients).ok_or_else(unreached)?)
            }
            None => None,
        };
        let health = gradients.iter().fold(tapped.activation.clone().sum(), |sum, g| sum + g.clone().sum());
        let evidence = Evidence {
            network: self.network,
            layer,
            target,
            preset,
            rows,
            logits,
            activations: tapped.activation,
            gradients,
        };
        let maps = self.methods.iter().map(|method| method.map(&evidence));
        Ok(Maps { health, raw: maps.collect::<Result<_>>()? })
    }
}
