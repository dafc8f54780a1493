//! A network's layers, each by itself: what it takes to compute one, by its shapes.

use burn::tensor::Tensor;

use super::module::{Leaf, Module};
use super::outline::Extent;
use super::tap::Tap;

/// A layer that holds no others, and what it takes for one picture.
///
/// ```
/// # use cam_lucida::{Device, network::Architecture, weights::Hashed};
/// # let device = Device::cpu();
/// # let network = Architecture::named("resnet50")?.load(&mut Hashed { classes: 1000 }, device.tensors())?;
/// let stem = network.parts([224, 224]).remove(0);
/// assert_eq!((stem.name.as_str(), stem.output), ("conv1", [64, 112, 112]));
/// // Each of the outputs is a sum over three channels of a window of 7 × 7.
/// assert_eq!(stem.flops(), 2 * (3 * 7 * 7) * (64 * 112 * 112));
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub struct Part<'a> {
    /// torchvision's name of the layer. What it calls as a function goes by the place, such as `features.5 (function)`.
    pub name: String,
    /// Shape of what goes in, `[k, h, w]`.
    pub input: [usize; 3],
    /// Shape of what comes out, `[k, h, w]`; of a linear layer, `[k, 1, 1]`.
    pub output: [usize; 3],
    /// How many numbers its weights have.
    pub weights: usize,
    /// How often it multiplies a number by a weight to add it to others: only convolutions and linear layers do.
    pub products: usize,
    forward: Box<dyn Fn(Tensor<4>) -> Tensor<4> + 'a>,
}

impl<'a> Part<'a> {
    /// A module that holds no others.
    pub(super) fn of_module(name: String, module: &Module, [x, y]: [Extent; 2], leaf: &'a Leaf) -> Self {
        let (weights, products) = match module {
            Module::Convolution(convolution) => {
                let [weight, bias] = convolution.numbers(x.channels);
                (weight + bias, weight * y.sides[0] * y.sides[1])
            }
            Module::BatchNorm { .. } | Module::ScaleAndShift { .. } => (2 * x.channels, 0),
            _ => (0, 0),
        };
        Self::new(name, [x, y], [weights, products], move |x| leaf.forward(x, &Tap::default()))
    }

    pub(super) fn new(
        name: String,
        [x, y]: [Extent; 2],
        [weights, products]: [usize; 2],
        forward: impl Fn(Tensor<4>) -> Tensor<4> + 'a,
    ) -> Self {
        let shape = |x: Extent| [x.channels, x.sides[0], x.sides[1]];
        Self { name, input: shape(x), output: shape(y), weights, products, forward: Box::new(forward) }
    }

    /// `[n, k, h, w]` through this layer alone.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        (self.forward)(x)
    }

    /// Floating-point operations of its products: a multiplication and an addition each. The gradient of what goes in takes as many.
    pub fn flops(&self) -> usize {
        2 * self.products
    }

    /// The bytes that it reads and writes at least: what goes in, what comes out, and weights, once each.
    pub fn bytes(&self) -> usize {
        let numbers = |shape: [usize; 3]| shape.iter().product::<usize>();
        (numbers(self.input) + numbers(self.output) + self.weights) * size_of::<f32>()
    }
}
