//! DenseNet: every layer sees all layers before it (Huang 2016, <https://arxiv.org/abs/1608.06993>), with bottlenecks
//! and compression (DenseNet-BC).

use burn::tensor::Tensor;

use crate::Result;
use crate::network::ops::{BatchNorm, Convolution, Linear, Loader, global_average_pool};
use crate::network::sequence::{Module, Sequence};
use crate::network::{Architecture, LinearHead, Network, Tap, concatenate};

/// DenseNet-121.
pub const DENSENET121: Architecture =
    architecture("densenet121", "DenseNet-121", |loader| load(loader, 32, (64, 7), &[6, 12, 24, 16]));
/// DenseNet-161: wider.
pub const DENSENET161: Architecture =
    architecture("densenet161", "DenseNet-161", |loader| load(loader, 48, (96, 7), &[6, 12, 36, 24]));
/// DenseNet-169.
pub const DENSENET169: Architecture =
    architecture("densenet169", "DenseNet-169", |loader| load(loader, 32, (64, 7), &[6, 12, 32, 32]));
/// DenseNet-201.
pub const DENSENET201: Architecture =
    architecture("densenet201", "DenseNet-201", |loader| load(loader, 32, (64, 7), &[6, 12, 48, 32]));

/// A narrow one of two blocks for pictures of 96 pixels, with a small stem and a fine last layer.
pub const DENSENET_SMALL: Architecture = Architecture {
    size: 96,
    ..architecture("densenet_small", "DenseNet, small", |loader| load(loader, 16, (24, 3), &[3, 8]))
};

/// Any other growth and depths, told by a weight file's shapes.
pub const DENSENET_OTHER: Architecture =
    architecture("densenet_other", "DenseNet of another size", of_shapes);

const fn architecture(
    name: &'static str,
    title: &'static str,
    load: fn(&mut Loader) -> Result<Box<dyn Network>>,
) -> Architecture {
    Architecture { name, title, paper: "Huang 2016", default_layer: "features", size: 224, load }
}

/// How many times wider than the growth a bottleneck is.
const BOTTLENECK: usize = 4;

struct DenseNet {
    stem: Sequence,
    stages: Vec<Stage>,
    norm5: BatchNorm,
    classifier: Linear,
}

struct Stage {
    layers: Vec<Sequence>,
    /// Halves channels, rows and columns; the last stage has none.
    transition: Option<Sequence>,
}

/// Of the sizes that the tensors' shapes tell.
fn of_shapes(loader: &mut Loader) -> Result<Box<dyn Network>> {
    let [stem, ..] = loader.shape::<4>("features.conv0.weight")?;
    let layer =
        |block: usize, layer: usize| format!("features.denseblock{block}.denselayer{layer}.conv2.weight");
    let [growth, ..] = loader.shape::<4>(&layer(1, 1))?;
    let depth = |block: usize| (1..).take_while(|&i| loader.has(&layer(block, i))).count();
    let depths: Vec<usize> = (1..).map(depth).take_while(|&depth| depth > 0).collect();
    load(loader, growth, (stem, 7), &depths)
}

/// Each dense layer adds `growth` channels to those of the `stem`, which has a width and a window; `depths` counts them.
fn load(
    loader: &mut Loader,
    growth: usize,
    stem: (usize, usize),
    depths: &[usize],
) -> Result<Box<dyn Network>> {
    let classes = loader.classes("classifier")?;
    let (mut channels, kernel) = stem;
    let stem = [
        ("conv0", Module::Convolution(Convolution::new(3, channels, kernel).stride(2))),
        ("norm0", Module::BatchNorm(channels)),
        ("relu0", Module::Relu),
        ("pool0", Module::MaxPool3x3),
    ];
    let stem = Sequence::named(loader, "features", &stem)?;
    let mut stages = Vec::new();
    for (i, &depth) in depths.iter().enumerate() {
        let mut layers = Vec::new();
        for layer in 1..=depth {
            let name = format!("features.denseblock{}.denselayer{layer}", i + 1);
            layers.push(dense_layer(loader, &name, channels, growth)?);
            channels += growth;
        }
        let mut transition = None;
        if i + 1 < depths.len() {
            let name = format!("features.transition{}", i + 1);
            transition = Some(halving(loader, &name, channels)?);
            channels /= 2;
        }
        stages.push(Stage { layers, transition });
    }
    let norm5 = BatchNorm::load(loader, "features.norm5", channels)?;
    let classifier = Linear::load(loader, "classifier", channels, classes)?;
    Ok(Box::new(DenseNet { stem, stages, norm5, classifier }))
}

/// `[n, inputs, h, w]` to `[n, growth, h, w]`.
fn dense_layer(loader: &mut Loader, name: &str, inputs: usize, growth: usize) -> Result<Sequence> {
    let width = BOTTLENECK * growth;
    let modules = [
        ("norm1", Module::BatchNorm(inputs)),
        ("relu1", Module::Relu),
        ("conv1", Module::Convolution(Convolution::new(inputs, width, 1))),
        ("norm2", Module::BatchNorm(width)),
        ("relu2", Module::Relu),
        ("conv2", Module::Convolution(Convolution::new(width, growth, 3))),
    ];
    Sequence::named(loader, name, &modules)
}

/// `[n, inputs, h, w]` to `[n, inputs / 2, h / 2, w / 2]`.
fn halving(loader: &mut Loader, name: &str, inputs: usize) -> Result<Sequence> {
    let modules = [
        ("norm", Module::BatchNorm(inputs)),
        ("relu", Module::Relu),
        ("conv", Module::Convolution(Convolution::new(inputs, inputs / 2, 1))),
        ("pool", Module::AveragePool2x2),
    ];
    Sequence::named(loader, name, &modules)
}

impl Stage {
    /// `[n, k, h, w]` to `[n, k + growth · layers, h, w]`.
    fn dense_block(&self, mut x: Tensor<4>, tap: &mut Tap) -> Tensor<4> {
        for (i, layer) in self.layers.iter().enumerate() {
            let name = format!("denselayer{}", i + 1);
            let grown = tap.at(&name, x.clone(), |x, tap| layer.forward(x, tap));
            x = concatenate(vec![x, grown]);
        }
        x
    }
}

impl Network for DenseNet {
    /// torchvision calls the last ReLU as a function, so that its module `features` ends before it; here it is
    /// the layer `relu`.
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        let x = tap.at("features", x, |x, tap| {
            let mut x = self.stem.forward(x, tap);
            for (i, stage) in self.stages.iter().enumerate() {
                x = tap.at(&format!("denseblock{}", i + 1), x, |x, tap| stage.dense_block(x, tap));
                if let Some(transition) = &stage.transition {
                    x = tap.at(&format!("transition{}", i + 1), x, |x, tap| transition.forward(x, tap));
                }
            }
            tap.at("norm5", x, |x, _| self.norm5.forward(x))
        });
        let x = tap.at("relu", x, |x, tap| tap.functional_relu(x));
        self.classifier.forward(global_average_pool(x).flatten(1, 3))
    }

    fn linear_head(&self) -> Option<LinearHead> {
        Some(LinearHead { layers: vec!["relu".into()], weight: self.classifier.weight() })
    }
}
