//! VGG: very deep networks of 3×3 convolutions (Simonyan 2014, <https://arxiv.org/abs/1409.1556>), without and with
//! batch normalisation.

use burn::tensor::Tensor;
use burn::tensor::module::adaptive_avg_pool2d;

use crate::Result;
use crate::network::ops::{Convolution, Linear, Loader};
use crate::network::sequence::{Module, Sequence};
use crate::network::{Architecture, Network, Tap};

/// VGG-11.
pub const VGG11: Architecture =
    architecture("vgg11", "VGG-11", "features.19", |loader| load(loader, &A, false, PAPER));
/// VGG-13.
pub const VGG13: Architecture =
    architecture("vgg13", "VGG-13", "features.23", |loader| load(loader, &B, false, PAPER));
/// VGG-16.
pub const VGG16: Architecture =
    architecture("vgg16", "VGG-16", "features.29", |loader| load(loader, &D, false, PAPER));
/// VGG-19.
pub const VGG19: Architecture =
    architecture("vgg19", "VGG-19", "features.35", |loader| load(loader, &E, false, PAPER));
/// VGG-11 with batch normalisation.
pub const VGG11_BN: Architecture =
    architecture("vgg11_bn", "VGG-11 BN", "features.27", |loader| load(loader, &A, true, PAPER));
/// VGG-13 with batch normalisation.
pub const VGG13_BN: Architecture =
    architecture("vgg13_bn", "VGG-13 BN", "features.33", |loader| load(loader, &B, true, PAPER));
/// VGG-16 with batch normalisation.
pub const VGG16_BN: Architecture =
    architecture("vgg16_bn", "VGG-16 BN", "features.42", |loader| load(loader, &D, true, PAPER));
/// VGG-19 with batch normalisation.
pub const VGG19_BN: Architecture =
    architecture("vgg19_bn", "VGG-19 BN", "features.51", |loader| load(loader, &E, true, PAPER));

/// A narrow one with batch normalisation for pictures of 96 pixels, of four stages.
pub const VGG_SMALL: Architecture = Architecture {
    size: 96,
    ..architecture("vgg_small", "VGG, small", "features.20", |loader| {
        load(loader, &[(8, 1), (24, 1), (48, 2), (112, 2)], true, Head { pooled: 2, hidden: 96 })
    })
};

/// Any other widths and depths, told by a weight file's names and shapes.
pub const VGG_OTHER: Architecture = architecture("vgg_other", "VGG of another size", "features", of_shapes);

/// The layer that is explained is the last rectified convolution.
const fn architecture(
    name: &'static str,
    title: &'static str,
    default_layer: &'static str,
    load: fn(&mut Loader) -> Result<Box<dyn Network>>,
) -> Architecture {
    Architecture { name, title, paper: "Simonyan 2014", default_layer, size: 224, load }
}

/// Width and number of convolutions of each stage; a max pool ends it.
type Stages = [(usize, usize)];

/// The columns of the paper's table 1.
const A: [(usize, usize); 5] = [(64, 1), (128, 1), (256, 2), (512, 2), (512, 2)];
const B: [(usize, usize); 5] = [(64, 2), (128, 2), (256, 2), (512, 2), (512, 2)];
const D: [(usize, usize); 5] = [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)];
const E: [(usize, usize); 5] = [(64, 2), (128, 2), (256, 4), (512, 4), (512, 4)];

/// The classifier's measures.
#[derive(Clone, Copy)]
struct Head {
    /// Rows and columns that it takes.
    pooled: usize,
    /// Width of its hidden layers.
    hidden: usize,
}

const PAPER: Head = Head { pooled: 7, hidden: 4096 };

struct Vgg {
    features: Sequence,
    pooled: usize,
    classifier: [Linear; 3],
}

/// Of the sizes that the tensors' shapes tell. Convolutions follow each other by equal steps; a pool makes one longer.
fn of_shapes(loader: &mut Loader) -> Result<Box<dyn Network>> {
    let normalised = loader.has("features.1.running_mean");
    let step = if normalised { 3 } else { 2 };
    let weight = |place: usize| format!("features.{place}.weight");
    let (mut stages, mut place) = (Vec::new(), 0);
    while place == 0 || loader.has(&weight(place)) {
        let [width, ..] = loader.shape::<4>(&weight(place))?;
        let depth = (0..).take_while(|i| loader.has(&weight(place + i * step))).count();
        stages.push((width, depth));
        place += depth * step + 1;
    }
    let [hidden, flat] = loader.shape("classifier.0.weight")?;
    let pooled = (flat / stages[stages.len() - 1].0).isqrt();
    load(loader, &stages, normalised, Head { pooled, hidden })
}

fn load(loader: &mut Loader, stages: &Stages, normalised: bool, head: Head) -> Result<Box<dyn Network>> {
    let classes = loader.classes("classifier.6")?;
    let mut modules = Vec::new();
    let mut channels = 3;
    for &(width, depth) in stages {
        for _ in 0..depth {
            modules.push(Module::Convolution(Convolution::new(channels, width, 3).bias()));
            modules.extend(normalised.then_some(Module::BatchNorm(width)));
            modules.push(Module::Relu);
            channels = width;
        }
        modules.push(Module::MaxPool2x2);
    }
    let features = Sequence::numbered(loader, "features", &modules)?;
    let Head { pooled, hidden } = head;
    let flat = channels * pooled * pooled;
    let classifier = [
        Linear::load(loader, "classifier.0", flat, hidden)?,
        Linear::load(loader, "classifier.3", hidden, hidden)?,
        Linear::load(loader, "classifier.6", hidden, classes)?,
    ];
    Ok(Box::new(Vgg { features, pooled, classifier }))
}

impl Network for Vgg {
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        let x = tap.at("features", x, |x, tap| self.features.forward(x, tap));
        let x = tap.at("avgpool", x, |x, _| adaptive_avg_pool2d(x, [self.pooled; 2]));
        let [first, second, last] = &self.classifier;
        let x = tap.relu(first.forward(x.flatten(1, 3)));
        let x = tap.relu(second.forward(x));
        last.forward(x)
    }
}
