//! Networks that were taken apart: `nn.Sequential(*network.children())`, and `network.features` alone.

use super::{Named, apply};

/// torchvision's names of a ResNet's children that have tensors, by their places.
const RESNET: [(&str, &str); 6] =
    [("0", "conv1"), ("1", "bn1"), ("4", "layer1"), ("5", "layer2"), ("6", "layer3"), ("7", "layer4")];
/// The same of ShuffleNet V2.
const SHUFFLENET: [(&str, &str); 5] =
    [("0", "conv1"), ("2", "stage2"), ("3", "stage3"), ("4", "stage4"), ("5", "conv5")];

/// Gives torchvision's names.
pub fn rename(tensors: &mut [Named]) {
    let has = |name: &str| tensors.iter().any(|tensor| tensor.name == name);
    let places = |children: &'static [(&str, &str)]| {
        move |name: &str| {
            let (place, rest) = name.split_once('.')?;
            let (_, child) = children.iter().find(|(found, _)| *found == place)?;
            Some(format!("{child}.{rest}"))
        }
    };
    if has("0.weight") && has("4.0.conv1.weight") {
        apply(tensors, places(&RESNET));
    } else if has("0.0.weight") && has("2.0.branch1.0.weight") {
        apply(tensors, places(&SHUFFLENET));
    } else if has("conv0.weight") && has("norm0.weight") {
        const PARTS: [&str; 5] = ["conv0.", "norm0.", "denseblock", "transition", "norm5."];
        let is_feature = |name: &str| PARTS.iter().any(|part| name.starts_with(part));
        apply(tensors, |name| is_feature(name).then(|| format!("features.{name}")));
    } else if has("0.0.weight") && has("1.conv.0.0.weight") {
        let is_feature = |name: &str| name.starts_with(|c: char| c.is_ascii_digit());
        apply(tensors, |name| is_feature(name).then(|| format!("features.{name}")));
    }
}
