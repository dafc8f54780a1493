//! The tap: one forward pass, any of its layers recorded, listed, or made the place where gradients start.

use burn::tensor::Tensor;

/// What a network's `forward` shows of its inside.
///
/// Each named module passes its output through the tap under exactly torchvision's name. Where a module is
/// called several times (a block's one `relu`), its last call counts, as it is the block's output.
///
/// The tap records activations, lists the layers, and can turn one activation into the leaf where
/// differentiation starts. Weights are plain tensors, that is constants, so nothing before the leaf is ever
/// put on the tape.
pub struct Tap {
    scope: String,
    wanted: Vec<Wanted>,
    differentiate: bool,
    rows: usize,
    layers: Vec<Layer>,
}

struct Wanted {
    name: String,
    tapped: Option<Tapped>,
}

/// What a tap took from one layer.
pub struct Tapped {
    /// The layer's output `[n, k, h, w]`, off the tape.
    pub activation: Tensor<4>,
    /// The tensor whose gradient is the activation's, where differentiation was asked for.
    pub leaf: Option<Tensor<4>>,
}

/// A layer as the tap saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// torchvision's module name, such as `layer4.2.conv3`.
    pub name: String,
    /// Shape of the output, `[k, h, w]`: channels, rows, columns.
    pub shape: [usize; 3],
    /// Whether the output is on the autodiff tape.
    pub tracked: bool,
}

impl Tap {
    /// A tap that takes what the named layers put out. Without a name it only lists the layers.
    pub fn at_layers(layers: &[&str]) -> Self {
        let wanted = layers.iter().map(|name| Wanted { name: name.to_string(), tapped: None });
        Self {
            scope: String::new(),
            wanted: wanted.collect(),
            differentiate: false,
            rows: 1,
            layers: Vec::new(),
        }
    }

    /// From the first of the layers on, repeats each picture to `rows` rows beside each other, one for each
    /// class, so that one backward pass gives every class its gradient.
    pub fn with_rows(self, rows: usize) -> Self {
        Self { rows, ..self }
    }

    /// Starts differentiation at the layers. With several of them, a later one gets a leaf of zeros added to it,
    /// whose gradient is its own.
    pub fn differentiating(self) -> Self {
        Self { differentiate: true, ..self }
    }

    /// Passes `output` (`[n, k, h, w]`) of module `name` (within the current scope) through the tap.
    pub fn at(&mut self, name: &str, output: Tensor<4>) -> Tensor<4> {
        let name = join(&self.scope, name);
        let Some(index) = self.wanted.iter().position(|wanted| wanted.name == name) else {
            self.list(name, &output);
            return output;
        };
        let output = if self.wanted.iter().all(|wanted| wanted.tapped.is_none()) {
            repeat_rows(output, self.rows)
        } else {
            output
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
        self.list(name, &output);
        output
    }

    /// Runs module `name` in a scope of its own, and passes its output through the tap.
    pub fn within(
        &mut self,
        name: &str,
        x: Tensor<4>,
        module: impl FnOnce(Tensor<4>, &mut Self) -> Tensor<4>,
    ) -> Tensor<4> {
        let outer = std::mem::take(&mut self.scope);
        self.scope = join(&outer, name);
        let output = module(x, self);
        self.scope = outer;
        self.at(name, output)
    }

    /// What was taken at layer `name`; nothing if the pass did not reach it.
    pub fn take(&mut self, name: &str) -> Option<Tapped> {
        let wanted = self.wanted.iter_mut().find(|wanted| wanted.name == name);
        wanted.and_then(|wanted| wanted.tapped.take())
    }

    /// The layers in the order in which the pass reached them.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    fn list(&mut self, name: String, output: &Tensor<4>) {
        let [_, k, h, w] = output.dims();
        self.layers.push(Layer { name, shape: [k, h, w], tracked: output.is_tracked() });
    }
}

fn join(scope: &str, name: &str) -> String {
    if scope.is_empty() { name.into() } else { format!("{scope}.{name}") }
}

/// Two branches that meet again. Where a layer on one of them was tapped with several rows a picture, the other
/// still has one: it is repeated to as many.
pub fn meet(a: Tensor<4>, b: Tensor<4>) -> (Tensor<4>, Tensor<4>) {
    let (of_a, of_b) = (a.dims()[0], b.dims()[0]);
    if of_a >= of_b { (a, repeat_rows(b, of_a / of_b)) } else { (repeat_rows(a, of_b / of_a), b) }
}

/// `[n, k, h, w]` to `[n * rows, k, h, w]`, each picture's rows beside each other.
fn repeat_rows(x: Tensor<4>, rows: usize) -> Tensor<4> {
    let [n, k, h, w] = x.dims();
    if rows == 1 {
        return x;
    }
    let rows_of_each: Tensor<5> = x.unsqueeze_dim(1);
    rows_of_each.repeat_dim(1, rows).reshape([n * rows, k, h, w])
}
