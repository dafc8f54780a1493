//! The tap: one forward pass, any of its layers recorded, listed, or made the place where gradients start.

use std::collections::HashMap;

use burn::tensor::Tensor;

use super::ops::{ReluRule, rectify};

/// What a network's `forward` shows of its inside.
///
/// Each named module runs inside [`at`](Self::at) under exactly torchvision's name. Where a module is called
/// several times (a block's one `relu`), its last call counts, as it is the block's output.
///
/// The tap records activations, lists the layers, and can turn one activation into the leaf where
/// differentiation starts. Weights are plain tensors, that is constants, so nothing before the leaf is ever
/// put on the tape. It also says how ReLUs pass gradients back, and can run a network from a layer on.
///
/// ```
/// use cam_lucida::Device;
/// use cam_lucida::burn::tensor::Tensor;
/// use cam_lucida::network::{Architecture, Tap};
/// use cam_lucida::weights::Hashed;
///
/// let device = Device::cpu();
/// let network = Architecture::named("resnet_small")?.load(&mut Hashed { classes: 5 }, device.tensors())?;
/// let mut tap = Tap::at_layers(&["layer4"]).differentiating();
/// let logits = network.forward(Tensor::ones([1, 3, 96, 96], device.tensors()), &mut tap);
///
/// let tapped = tap.take("layer4").unwrap();
/// assert_eq!(tapped.activation.dims(), [1, 96, 12, 12]);
/// let gradients = logits.slice([0..1, 2..3]).sum().backward();
/// assert_eq!(tapped.leaf.unwrap().grad(&gradients).unwrap().dims(), [1, 96, 12, 12]);
/// assert!(tap.layers().iter().any(|layer| layer.name == "layer3.0.conv1" && !layer.tracked));
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Default)]
pub struct Tap {
    scope: String,
    wanted: Vec<Wanted>,
    differentiate: bool,
    rows: Option<usize>,
    rule: ReluRule,
    modules_only: bool,
    layers: Vec<Layer>,
    memory: Option<Memory>,
    resumed: Option<Resumed>,
}

struct Wanted {
    name: String,
    tapped: Option<Tapped>,
}

/// What a tap took from one layer.
///
/// See the example of [`Tap`].
pub struct Tapped {
    /// The layer's output `[n, k, h, w]`, off the tape.
    pub activation: Tensor<4>,
    /// The tensor whose gradient is the activation's, where differentiation was asked for.
    pub leaf: Option<Tensor<4>>,
}

/// A layer as the tap saw it.
///
/// See the example of [`Tap`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// torchvision's module name, such as `layer4.2.conv3`.
    pub name: String,
    /// Shape of the output, `[k, h, w]`: channels, rows, columns.
    pub shape: [usize; 3],
    /// Whether the output is on the autodiff tape.
    pub tracked: bool,
}

/// What a pass from a layer on needs of an earlier pass: the outputs of the modules before that layer.
///
/// ```
/// use cam_lucida::burn::tensor::Tensor;
/// use cam_lucida::network::Tap;
/// # use cam_lucida::{Device, network::Architecture, weights::Hashed};
/// # let device = Device::cpu();
/// # let network = Architecture::named("resnet_small")?.load(&mut Hashed { classes: 3 }, device.tensors())?;
///
/// let x = Tensor::ones([1, 3, 96, 96], device.tensors());
/// let mut tap = Tap::at_layers(&["layer4"]).remembering("layer4");
/// let logits = network.forward(x.clone(), &mut tap);
///
/// let (memory, tapped) = (tap.memory().unwrap(), tap.take("layer4").unwrap());
/// let resumed = network.forward(x, &mut Tap::resuming(&memory, tapped.activation));
/// assert_eq!(resumed.into_data(), logits.into_data());
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Memory {
    layer: String,
    outputs: HashMap<String, Tensor<4>>,
}

struct Resumed {
    memory: Memory,
    /// The layer's new output, until the pass gets there.
    activation: Option<Tensor<4>>,
}

impl Tap {
    /// A tap that takes what the named layers put out. Without a name it only lists the layers.
    pub fn at_layers(layers: &[&str]) -> Self {
        let wanted = layers.iter().map(|name| Wanted { name: name.to_string(), tapped: None });
        Self { wanted: wanted.collect(), ..Self::default() }
    }

    /// A tap that starts at the layer of `memory` with `activation` `[n, k, h, w]`: nothing before it is computed.
    pub fn resuming(memory: &Memory, activation: Tensor<4>) -> Self {
        let resumed = Resumed { memory: memory.clone(), activation: Some(activation) };
        Self { resumed: Some(resumed), ..Self::default() }
    }

    /// From the first of the layers on, repeats each picture to `rows` rows beside each other, one for each
    /// class, so that one backward pass gives every class its gradient.
    pub fn with_rows(self, rows: usize) -> Self {
        Self { rows: Some(rows), ..self }
    }

    /// Starts differentiation at the layers. With several of them, a later one gets a leaf of zeros added to it,
    /// whose gradient is its own.
    pub fn differentiating(self) -> Self {
        Self { differentiate: true, ..self }
    }

    /// Lets ReLUs pass gradients back by `rule`; with `modules_only` just those that are modules in torchvision.
    pub fn with_relu(self, rule: ReluRule, modules_only: bool) -> Self {
        Self { rule, modules_only, ..self }
    }

    /// Remembers what [`resuming`](Self::resuming) at `layer` needs, see [`memory`](Self::memory).
    pub fn remembering(self, layer: &str) -> Self {
        let memory = Memory { layer: layer.into(), ..Memory::default() };
        Self { memory: Some(memory), ..self }
    }

    /// Runs `module` called `name` (within the current scope) on `x`, and passes its output `[n, k, h, w]`
    /// through the tap.
    pub fn at(
        &mut self,
        name: &str,
        x: Tensor<4>,
        module: impl FnOnce(Tensor<4>, &mut Self) -> Tensor<4>,
    ) -> Tensor<4> {
        let name = join(&self.scope, name);
        if let Some(Resumed { memory, activation }) = &mut self.resumed
            && activation.is_some()
        {
            if memory.layer == name {
                return activation.take().expect("it was just seen");
            }
            if !holds(&name, &memory.layer) {
                return memory.outputs[&name].clone();
            }
        }
        let outer = std::mem::replace(&mut self.scope, name);
        let output = module(x, self);
        let name = std::mem::replace(&mut self.scope, outer);
        self.pass(name, output)
    }

    /// Whether nobody asks what modules of these names (within the current scope) put out, so that they need not be computed one by one.
    pub(super) fn passes_over<'a>(&self, mut names: impl Iterator<Item = &'a str>) -> bool {
        let starts_later = self.resumed.as_ref().is_some_and(|resumed| resumed.activation.is_some());
        let mut is_wanted = |name| self.wanted.iter().any(|wanted| wanted.name == join(&self.scope, name));
        !starts_later && self.memory.is_none() && !names.any(&mut is_wanted)
    }

    /// Lists modules (within the current scope) that were [passed over](Self::passes_over), where each puts out as many numbers as `output`.
    pub(super) fn pass_over<'a>(&mut self, names: impl Iterator<Item = &'a str>, output: &Tensor<4>) {
        let [_, k, h, w] = output.dims();
        for name in names {
            self.layers.push(Layer { name: join(&self.scope, name), shape: [k, h, w], tracked: false });
        }
    }

    /// `max(x, 0)` of a ReLU that is a module in torchvision.
    pub fn relu<const D: usize>(&self, x: Tensor<D>) -> Tensor<D> {
        rectify(x, None, self.rule)
    }

    /// `min(max(x, 0), 6)` (Krizhevsky 2010) of a ReLU6 that is a module in torchvision.
    pub fn relu6(&self, x: Tensor<4>) -> Tensor<4> {
        self.rectify(x, Some(6.0), false)
    }

    /// `max(x, 0)`, at most the cap where there is one. Hooks do not see one that `is_function`, which torchvision's modules call.
    pub(super) fn rectify(&self, x: Tensor<4>, cap: Option<f32>, is_function: bool) -> Tensor<4> {
        let is_seen = !(self.modules_only && is_function);
        rectify(x, cap, if is_seen { self.rule } else { ReluRule::Derivative })
    }

    /// What was taken at layer `name`; nothing if the pass did not reach it.
    pub fn take(&mut self, name: &str) -> Option<Tapped> {
        let wanted = self.wanted.iter_mut().find(|wanted| wanted.name == name);
        wanted.and_then(|wanted| wanted.tapped.take())
    }

    /// What was remembered.
    pub fn memory(&mut self) -> Option<Memory> {
        self.memory.take()
    }

    /// The layers in the order in which the pass reached them.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    fn pass(&mut self, name: String, output: Tensor<4>) -> Tensor<4> {
        self.remember(&name, &output);
        let output = match self.wanted.iter().position(|wanted| wanted.name == name) {
            None => output,
            Some(index) => self.tapped(index, output),
        };
        let [_, k, h, w] = output.dims();
        self.layers.push(Layer { name, shape: [k, h, w], tracked: output.is_tracked() });
        output
    }

    fn tapped(&mut self, index: usize, output: Tensor<4>) -> Tensor<4> {
        let first = self.wanted.iter().all(|wanted| wanted.tapped.is_none());
        let output = match self.rows {
            Some(rows) if first => repeat_rows(output, rows),
            _ => output,
        };
        let activation = output.clone().inner();
        let (leaf, output) = match (self.differentiate, output.is_autodiff()) {
            (false, _) => (None, output),
            (true, false) => {
                let leaf = output.autodiff().require_grad();
                (Some(leaf.clone()), leaf)
            }
            (true, true) => {
                let leaf = activation.zeros_like().autodiff().require_grad();
                (Some(leaf.clone()), output + leaf)
            }
        };
        self.wanted[index].tapped = Some(Tapped { activation, leaf });
        output
    }

    /// Only modules before the layer that do not hold it, and of those only the outermost, are ever skipped.
    fn remember(&mut self, name: &str, output: &Tensor<4>) {
        let Some(Memory { layer, outputs }) = &mut self.memory else { return };
        let outermost = self.scope.is_empty() || holds(&self.scope, layer);
        if outermost && !holds(name, layer) && name != layer {
            outputs.insert(name.into(), output.clone().inner());
        }
    }
}

/// Whether module `name` holds module `inner`.
fn holds(name: &str, inner: &str) -> bool {
    inner.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
}

/// The full name of module `name` within `scope`.
pub(super) fn join(scope: &str, name: &str) -> String {
    if scope.is_empty() { name.into() } else { format!("{scope}.{name}") }
}

/// Branches that meet again. Where a layer on one of them was tapped with several rows a picture, the others still
/// have one: it is repeated to as many.
fn meet(branches: Vec<Tensor<4>>) -> Vec<Tensor<4>> {
    let rows = branches.iter().map(|branch| branch.dims()[0]).max().unwrap_or(1);
    let repeat = |branch: Tensor<4>| {
        let times = rows / branch.dims()[0];
        repeat_rows(branch, times)
    };
    branches.into_iter().map(repeat).collect()
}

/// The sum of two branches.
pub fn add(a: Tensor<4>, b: Tensor<4>) -> Tensor<4> {
    let sum = meet(vec![a, b]).into_iter().reduce(|a, b| a + b);
    sum.expect("two branches")
}

/// The product of two branches.
pub fn multiply(a: Tensor<4>, b: Tensor<4>) -> Tensor<4> {
    let product = meet(vec![a, b]).into_iter().reduce(|a, b| a * b);
    product.expect("two branches")
}

/// Branches with their channels beside each other.
pub fn concatenate(branches: Vec<Tensor<4>>) -> Tensor<4> {
    Tensor::cat(meet(branches), 1)
}

/// `[n, ..]` to `[n * rows, ..]`, each picture's rows beside each other.
pub fn repeat_rows<const D: usize>(x: Tensor<D>, rows: usize) -> Tensor<D> {
    if rows == 1 {
        return x;
    }
    let mut shape = x.dims();
    let rest = shape[1..].iter().product();
    let rows_of_each: Tensor<3> = x.reshape([shape[0], 1, rest]);
    shape[0] *= rows;
    rows_of_each.repeat_dim(1, rows).reshape(shape)
}
