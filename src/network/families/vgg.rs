//! VGG: very deep networks of 3×3 convolutions (Simonyan 2014, <https://arxiv.org/abs/1409.1556>), without and with
//! batch normalisation.

use crate::Result;
use crate::network::description::Description;
use crate::network::head::Head;
use crate::network::module::{Module, Sequence};
use crate::network::ops::Convolution;
use crate::network::{Architecture, Design, Shapes, Variant};

/// VGG-11.
pub const VGG11: Architecture =
    architecture("vgg11", "VGG-11", "features.19", |shapes| describe(shapes, &A, false, PAPER));
/// VGG-13.
pub const VGG13: Architecture =
    architecture("vgg13", "VGG-13", "features.23", |shapes| describe(shapes, &B, false, PAPER));
/// VGG-16.
pub const VGG16: Architecture =
    architecture("vgg16", "VGG-16", "features.29", |shapes| describe(shapes, &D, false, PAPER));
/// VGG-19.
pub const VGG19: Architecture =
    architecture("vgg19", "VGG-19", "features.35", |shapes| describe(shapes, &E, false, PAPER));
/// VGG-11 with batch normalisation.
pub const VGG11_BN: Architecture =
    architecture("vgg11_bn", "VGG-11 BN", "features.27", |shapes| describe(shapes, &A, true, PAPER));
/// VGG-13 with batch normalisation.
pub const VGG13_BN: Architecture =
    architecture("vgg13_bn", "VGG-13 BN", "features.33", |shapes| describe(shapes, &B, true, PAPER));
/// VGG-16 with batch normalisation.
pub const VGG16_BN: Architecture =
    architecture("vgg16_bn", "VGG-16 BN", "features.42", |shapes| describe(shapes, &D, true, PAPER));
/// VGG-19 with batch normalisation.
pub const VGG19_BN: Architecture =
    architecture("vgg19_bn", "VGG-19 BN", "features.51", |shapes| describe(shapes, &E, true, PAPER));

/// A narrow one with batch normalisation for pictures of 96 pixels, of four stages.
pub const VGG_SMALL: Architecture = Architecture {
    size: 96,
    variants: Variant::ONE,
    ..architecture("vgg_small", "VGG, small", "features.20", |shapes| {
        describe(shapes, &[(8, 1), (24, 1), (48, 2), (112, 2)], true, Hidden { side: 2, width: 96 })
    })
};

/// Any other widths and depths, told by a weight file's names and shapes.
pub const VGG_OTHER: Architecture = architecture("vgg_other", "VGG of another size", "features", from_shapes);

/// The layer that is explained is the last rectified convolution.
const fn architecture(
    name: &'static str,
    title: &'static str,
    default_layer: &'static str,
    describe: fn(&Shapes) -> Result<Description>,
) -> Architecture {
    Architecture {
        name,
        title,
        paper: "Simonyan 2014",
        default_layer,
        size: 224,
        transform_input: false,
        variants: &[Variant::Torchvision, Variant::TimmPool],
        design: Design::Classifier(describe),
    }
}

/// Width and number of the convolutions before each max pool: the columns of the paper's table 1.
type Blocks = [(usize, usize)];

const A: [(usize, usize); 5] = [(64, 1), (128, 1), (256, 2), (512, 2), (512, 2)];
const B: [(usize, usize); 5] = [(64, 2), (128, 2), (256, 2), (512, 2), (512, 2)];
const D: [(usize, usize); 5] = [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)];
const E: [(usize, usize); 5] = [(64, 2), (128, 2), (256, 4), (512, 4), (512, 4)];

/// What lies between the features and the scores.
#[derive(Clone, Copy)]
struct Hidden {
    /// Rows and columns of the pooled features.
    side: usize,
    /// Width of the two hidden layers.
    width: usize,
}

const PAPER: Hidden = Hidden { side: 7, width: 4096 };

/// The sizes that the tensors' shapes tell. Convolutions follow each other by equal steps; a pool makes one longer.
fn from_shapes(shapes: &Shapes) -> Result<Description> {
    let normalised = shapes.has("features.1.running_mean");
    let step = if normalised { 3 } else { 2 };
    let weight = |place: usize| format!("features.{place}.weight");
    let (mut blocks, mut place) = (Vec::new(), 0);
    while place == 0 || shapes.has(&weight(place)) {
        let [width, ..] = shapes.get::<4>(&weight(place))?;
        let depth = shapes.count(0, |i| weight(place + i * step));
        blocks.push((width, depth));
        place += depth * step + 1;
    }
    let Ok([width, inputs]) = shapes.get("classifier.0.weight") else {
        // Another head takes its place.
        return describe(shapes, &blocks, normalised, PAPER);
    };
    let side = (inputs / blocks[blocks.len() - 1].0).isqrt();
    describe(shapes, &blocks, normalised, Hidden { side, width })
}

fn describe(shapes: &Shapes, blocks: &Blocks, normalised: bool, hidden: Hidden) -> Result<Description> {
    let mut modules = Vec::new();
    for &(width, depth) in blocks {
        for _ in 0..depth {
            modules.push(Convolution::new(width, 3).bias().into());
            modules.extend(normalised.then_some(Module::BATCH_NORM));
            modules.push(Module::Relu);
        }
        modules.push(Module::MaxPool2x2);
    }
    let features = Sequence::new().then("features", Sequence::numbered(modules));
    let Hidden { side, width } = hidden;
    let hidden = [("classifier.0", width), ("classifier.3", width)];
    let head = Head::hidden(shapes, side, &hidden, "classifier.6")?.named_pool();
    let head = match shapes.variant() {
        Some(Variant::TimmPool) => head.pooled_after(hidden.len()),
        _ => head,
    };
    Ok(Description::new(features, head))
}
