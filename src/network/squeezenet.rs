//! SqueezeNet: AlexNet-level accuracy with 50 times fewer parameters (Iandola 2016,
//! <https://arxiv.org/abs/1602.07360>).

use burn::tensor::Tensor;

use super::blocks::{Conv2d, Convolution, Loader, global_average_pool, max_pool_3x3, relu};
use super::{Architecture, Network, Tap, meet};
use crate::Result;

/// SqueezeNet 1.1.
pub const SQUEEZENET1_1: Architecture = Architecture {
    name: "squeezenet1_1",
    title: "SqueezeNet 1.1",
    paper: "Iandola 2016",
    default_layer: "features.12",
    load,
};

/// `features.3` onwards: a pool, or a fire module's squeezed and expanded (each of two halves) channels.
const FEATURES: [Option<(usize, usize)>; 10] = [
    Some((16, 64)),
    Some((16, 64)),
    None,
    Some((32, 128)),
    Some((32, 128)),
    None,
    Some((48, 192)),
    Some((48, 192)),
    Some((64, 256)),
    Some((64, 256)),
];

/// Index of the first of [`FEATURES`] among torchvision's `features`.
const FIRST: usize = 3;

struct SqueezeNet {
    stem: Conv2d,
    /// Pools where there is no fire module.
    features: Vec<Option<Fire>>,
    classifier: Conv2d,
}

struct Fire {
    squeeze: Conv2d,
    expand1x1: Conv2d,
    expand3x3: Conv2d,
}

fn load(loader: &mut Loader) -> Result<Box<dyn Network>> {
    let classes = loader.classes("classifier.1")?;
    let stem = Convolution::new(3, 64, 3).stride(2).padding(0).bias();
    let stem = Conv2d::load(loader, "features.0", stem)?;
    let mut channels = 64;
    let mut features = Vec::new();
    for (i, shape) in FEATURES.into_iter().enumerate() {
        features.push(match shape {
            None => None,
            Some((squeezed, expanded)) => {
                let name = format!("features.{}", FIRST + i);
                let fire = Fire::load(loader, &name, channels, squeezed, expanded)?;
                channels = 2 * expanded;
                Some(fire)
            }
        });
    }
    let classifier = Convolution::new(channels, classes, 1).bias();
    let classifier = Conv2d::load(loader, "classifier.1", classifier)?;
    Ok(Box::new(SqueezeNet { stem, features, classifier }))
}

impl Fire {
    fn load(
        loader: &mut Loader,
        name: &str,
        inputs: usize,
        squeezed: usize,
        expanded: usize,
    ) -> Result<Self> {
        let mut conv =
            |part: &str, shape: Convolution| Conv2d::load(loader, &format!("{name}.{part}"), shape.bias());
        Ok(Self {
            squeeze: conv("squeeze", Convolution::new(inputs, squeezed, 1))?,
            expand1x1: conv("expand1x1", Convolution::new(squeezed, expanded, 1))?,
            expand3x3: conv("expand3x3", Convolution::new(squeezed, expanded, 3))?,
        })
    }

    /// `[n, inputs, h, w]` to `[n, 2 * expanded, h, w]`.
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<4> {
        let mut rectified = |name: &str, conv: &Conv2d, x: Tensor<4>| {
            let x = tap.at(name, conv.forward(x));
            tap.at(&format!("{name}_activation"), relu(x))
        };
        let x = rectified("squeeze", &self.squeeze, x);
        let left = rectified("expand1x1", &self.expand1x1, x.clone());
        let right = rectified("expand3x3", &self.expand3x3, x);
        let (left, right) = meet(left, right);
        Tensor::cat(vec![left, right], 1)
    }
}

impl Network for SqueezeNet {
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        let pool = |x| max_pool_3x3(x, 0, true);
        let x = tap.within("features", x, |x, tap| {
            let x = tap.at("0", self.stem.forward(x));
            let x = tap.at("1", relu(x));
            let mut x = tap.at("2", pool(x));
            for (i, fire) in self.features.iter().enumerate() {
                let name = (FIRST + i).to_string();
                x = match fire {
                    None => tap.at(&name, pool(x)),
                    Some(fire) => tap.within(&name, x, |x, tap| fire.forward(x, tap)),
                };
            }
            x
        });
        let x = tap.within("classifier", x, |x, tap| {
            let x = tap.at("0", x);
            let x = tap.at("1", self.classifier.forward(x));
            let x = tap.at("2", relu(x));
            tap.at("3", global_average_pool(x))
        });
        x.flatten(1, 3)
    }
}
