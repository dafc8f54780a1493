//! Modules in a row, each inside the tap under its name: torchvision's `Sequential`.

use burn::tensor::Tensor;

use super::Tap;
use super::ops::{BatchNorm, Conv2d, Convolution, Loader, average_pool_2x2, max_pool_2x2, max_pool_3x3};
use crate::Result;

/// What one module of a [`Sequence`] does.
#[derive(Debug, Clone, Copy)]
pub enum Module {
    /// A convolution.
    Convolution(Convolution),
    /// Batch normalisation of so many channels.
    BatchNorm(usize),
    /// A ReLU.
    Relu,
    /// The largest value of each 2×2 pixels.
    MaxPool2x2,
    /// The largest value under a 3×3 window moved by 2, with a border of 1.
    MaxPool3x3,
    /// The mean of each 2×2 pixels.
    AveragePool2x2,
}

/// Modules with their weights, by name.
pub struct Sequence(Vec<(String, Loaded)>);

type Loaded = Box<dyn Fn(Tensor<4>, &Tap) -> Tensor<4>>;

impl Sequence {
    /// Modules named by their place, `{scope}.0` and on.
    ///
    /// # Errors
    /// As [`Parameters::take`](crate::network::Parameters::take).
    pub fn numbered(loader: &mut Loader, scope: &str, modules: &[Module]) -> Result<Self> {
        let modules = modules.iter().enumerate();
        Self::load(loader, scope, modules.map(|(place, module)| (place.to_string(), *module)))
    }

    /// Modules with names of their own, below `scope`.
    ///
    /// # Errors
    /// As [`Parameters::take`](crate::network::Parameters::take).
    pub fn named(loader: &mut Loader, scope: &str, modules: &[(&str, Module)]) -> Result<Self> {
        Self::load(loader, scope, modules.iter().map(|(name, module)| (name.to_string(), *module)))
    }

    fn load(
        loader: &mut Loader,
        scope: &str,
        modules: impl Iterator<Item = (String, Module)>,
    ) -> Result<Self> {
        let load = |(name, module): (String, Module)| {
            let loaded = module.load(loader, &format!("{scope}.{name}"))?;
            Ok((name, loaded))
        };
        Ok(Self(modules.map(load).collect::<Result<_>>()?))
    }

    /// `[n, k, h, w]` through all of them; `tap` is in the scope already.
    pub fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<4> {
        self.0.iter().fold(x, |x, (name, module)| tap.at(name, x, |x, tap| module(x, tap)))
    }
}

impl Module {
    fn load(self, loader: &mut Loader, name: &str) -> Result<Loaded> {
        Ok(match self {
            Self::Convolution(shape) => {
                let conv = Conv2d::load(loader, name, shape)?;
                Box::new(move |x, _| conv.forward(x))
            }
            Self::BatchNorm(channels) => {
                let bn = BatchNorm::load(loader, name, channels)?;
                Box::new(move |x, _| bn.forward(x))
            }
            Self::Relu => Box::new(|x, tap| tap.relu(x)),
            Self::MaxPool2x2 => Box::new(|x, _| max_pool_2x2(x)),
            Self::MaxPool3x3 => Box::new(|x, _| max_pool_3x3(x, 1, false)),
            Self::AveragePool2x2 => Box::new(|x, _| average_pool_2x2(x)),
        })
    }
}
