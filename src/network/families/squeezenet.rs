//! SqueezeNet: AlexNet-level accuracy with 50 times fewer parameters (Iandola 2016,
//! <https://arxiv.org/abs/1602.07360>).

use burn::tensor::Tensor;

use crate::Result;
use crate::network::ops::{Conv2d, Convolution, Loader, global_average_pool, max_pool_3x3};
use crate::network::{Architecture, Network, Tap, concatenate};

/// SqueezeNet 1.0.
pub const SQUEEZENET1_0: Architecture = architecture("squeezenet1_0", "SqueezeNet 1.0", |loader| {
    let stem = Convolution::new(3, 96, 7);
    load(loader, stem, &[A, A, B, POOL, B, C, C, D, POOL, D], true)
});
/// SqueezeNet 1.1: a smaller stem and earlier pools.
pub const SQUEEZENET1_1: Architecture = architecture("squeezenet1_1", "SqueezeNet 1.1", |loader| {
    let stem = Convolution::new(3, 64, 3);
    load(loader, stem, &[A, A, POOL, B, B, POOL, C, C, D, D], true)
});
/// A narrow one for pictures of 96 pixels, with a fine last layer. Its scores are not rectified, so that they can also speak against a class.
pub const SQUEEZENET_SMALL: Architecture = Architecture {
    size: 96,
    default_layer: "features.11",
    ..architecture("squeezenet_small", "SqueezeNet, small", |loader| {
        let stem = Convolution::new(3, 32, 3);
        let [a, b, c, d] = [(16, 32), (24, 64), (32, 96), (48, 128)].map(Some);
        load(loader, stem, &[a, a, POOL, b, b, c, c, d, d], false)
    })
};

/// Either with other widths and pools, told by a weight file's names and shapes.
pub const SQUEEZENET_OTHER: Architecture = Architecture {
    default_layer: "features",
    ..architecture("squeezenet_other", "SqueezeNet of another size", of_shapes)
};

const fn architecture(
    name: &'static str,
    title: &'static str,
    load: fn(&mut Loader) -> Result<Box<dyn Network>>,
) -> Architecture {
    Architecture { name, title, paper: "Iandola 2016", default_layer: "features.12", size: 224, load }
}

/// A fire module's squeezed and expanded (each of two halves) channels, or a pool.
type Feature = Option<(usize, usize)>;

const A: Feature = Some((16, 64));
const B: Feature = Some((32, 128));
const C: Feature = Some((48, 192));
const D: Feature = Some((64, 256));
const POOL: Feature = None;

/// Index of the first [`Feature`] among torchvision's `features`.
const FIRST: usize = 3;

struct SqueezeNet {
    stem: Conv2d,
    /// Pools where there is no fire module.
    features: Vec<Option<Fire>>,
    classifier: Conv2d,
    rectified: bool,
}

struct Fire {
    squeeze: Conv2d,
    expand1x1: Conv2d,
    expand3x3: Conv2d,
}

/// Of the sizes that the tensors' shapes tell. Where a number among the fire modules is left out, there is a pool.
fn of_shapes(loader: &mut Loader) -> Result<Box<dyn Network>> {
    let [width, _, kernel, _] = loader.shape("features.0.weight")?;
    let name = |place: usize| format!("features.{place}");
    let is_fire = |place: usize| loader.has(&format!("{}.squeeze.weight", name(place)));
    let mut features = Vec::new();
    for place in (FIRST..).take_while(|&place| is_fire(place) || is_fire(place + 1)) {
        features.push(match is_fire(place) {
            false => POOL,
            true => {
                let [squeezed, ..] = loader.shape::<4>(&format!("{}.squeeze.weight", name(place)))?;
                let [expanded, ..] = loader.shape::<4>(&format!("{}.expand1x1.weight", name(place)))?;
                Some((squeezed, expanded))
            }
        });
    }
    load(loader, Convolution::new(3, width, kernel), &features, true)
}

fn load(
    loader: &mut Loader,
    stem: Convolution,
    features: &[Feature],
    rectified: bool,
) -> Result<Box<dyn Network>> {
    let classes = loader.classes("classifier.1")?;
    let mut channels = stem.outputs();
    let stem = Conv2d::load(loader, "features.0", stem.stride(2).padding(0).bias())?;
    let shapes = features;
    let mut features = Vec::new();
    for (i, shape) in shapes.iter().enumerate() {
        features.push(match shape {
            None => None,
            &Some((squeezed, expanded)) => {
                let name = format!("features.{}", FIRST + i);
                let fire = Fire::load(loader, &name, channels, squeezed, expanded)?;
                channels = 2 * expanded;
                Some(fire)
            }
        });
    }
    let classifier = Convolution::new(channels, classes, 1).bias();
    let classifier = Conv2d::load(loader, "classifier.1", classifier)?;
    Ok(Box::new(SqueezeNet { stem, features, classifier, rectified }))
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
            let x = tap.at(name, x, |x, _| conv.forward(x));
            tap.at(&format!("{name}_activation"), x, |x, tap| tap.relu(x))
        };
        let x = rectified("squeeze", &self.squeeze, x);
        let left = rectified("expand1x1", &self.expand1x1, x.clone());
        let right = rectified("expand3x3", &self.expand3x3, x);
        concatenate(vec![left, right])
    }
}

impl Network for SqueezeNet {
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        let pool = |x| max_pool_3x3(x, 0, true);
        let x = tap.at("features", x, |x, tap| {
            let x = tap.at("0", x, |x, _| self.stem.forward(x));
            let x = tap.at("1", x, |x, tap| tap.relu(x));
            let mut x = tap.at("2", x, |x, _| pool(x));
            for (i, fire) in self.features.iter().enumerate() {
                let name = (FIRST + i).to_string();
                x = match fire {
                    None => tap.at(&name, x, |x, _| pool(x)),
                    Some(fire) => tap.at(&name, x, |x, tap| fire.forward(x, tap)),
                };
            }
            x
        });
        let x = tap.at("classifier", x, |x, tap| {
            let x = tap.at("0", x, |x, _| x);
            let x = tap.at("1", x, |x, _| self.classifier.forward(x));
            let x = if self.rectified { tap.at("2", x, |x, tap| tap.relu(x)) } else { x };
            tap.at("3", x, |x, _| global_average_pool(x))
        });
        x.flatten(1, 3)
    }
}
