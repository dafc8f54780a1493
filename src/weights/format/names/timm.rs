//! timm's names of the layers that it calls otherwise than torchvision.

use super::Named;
use crate::weights::format::state::Entry;
use crate::weights::format::stored::count;

/// timm computes VGG's first linear layers as convolutions (`timm/models/vgg.py`): the same numbers, other names and shapes.
pub fn from_vgg(tensors: &mut [Named]) {
    const LAYERS: [(&str, &str); 3] = [
        ("pre_logits.fc1.", "classifier.0."),
        ("pre_logits.fc2.", "classifier.3."),
        ("head.fc.", "classifier.6."),
    ];
    for Named { name, entry, .. } in tensors {
        let renaming =
            LAYERS.iter().find_map(|(timm, torchvision)| Some((torchvision, name.strip_prefix(timm)?)));
        let Some((torchvision, part)) = renaming else { continue };
        *name = format!("{torchvision}{part}");
        if let Entry::Stored(stored) = entry
            && let [rows, columns @ ..] = stored.shape.as_slice()
            && let (3, Some(columns)) = (columns.len(), count(columns))
        {
            stored.shape = vec![*rows, columns];
        }
    }
}

/// The blocks of timm's MobileNetV2 in order, as stage and number.
pub fn blocks(tensors: &[Named]) -> Vec<(usize, usize)> {
    let block = |Named { name, .. }: &Named| {
        let (stage, rest) = name.strip_prefix("blocks.")?.split_once('.')?;
        let (block, _) = rest.split_once('.')?;
        Some((stage.parse().ok()?, block.parse().ok()?))
    };
    let mut blocks: Vec<_> = tensors.iter().filter_map(block).collect();
    blocks.sort_unstable();
    blocks.dedup();
    blocks
}

/// timm names the stages of MobileNetV2 and the layers of a block (`timm/models/efficientnet.py`); torchvision numbers them.
pub fn from_mobilenet(name: &str, blocks: &[(usize, usize)]) -> Option<String> {
    let (module, part) = name.rsplit_once('.')?;
    let last = blocks.len() + 1;
    let module = match module {
        "conv_stem" => "features.0.0".into(),
        "bn1" => "features.0.1".into(),
        "conv_head" => format!("features.{last}.0"),
        "bn2" => format!("features.{last}.1"),
        "classifier" => "classifier.1".into(),
        _ => {
            let (stage, rest) = module.strip_prefix("blocks.")?.split_once('.')?;
            let (block, layer) = rest.split_once('.')?;
            let at = blocks.binary_search(&(stage.parse().ok()?, block.parse().ok()?)).ok()?;
            // The first block does not expand: its depthwise convolution is the first.
            let layer = match (at, layer) {
                (0, "conv_dw") | (1.., "conv_pw") => "0.0",
                (_, "bn1") => "0.1",
                (0, "conv_pw") => "1",
                (0, "bn2") => "2",
                (_, "conv_dw") => "1.0",
                (_, "bn2") => "1.1",
                (_, "conv_pwl") => "2",
                (_, "bn3") => "3",
                _ => return None,
            };
            format!("features.{}.conv.{layer}", at + 1)
        }
    };
    Some(format!("{module}.{part}"))
}

/// `s1.b2.conv3.bn.weight` (`timm/models/regnet.py`) is `trunk_output.block1.block1-1.f.c.1.weight`.
pub fn from_regnet(name: &str) -> Option<String> {
    let (module, part) = name.rsplit_once('.')?;
    let (layer, kind) = module.rsplit_once('.')?;
    if (layer, kind) == ("head", "fc") {
        return Some(format!("fc.{part}"));
    }
    // Of squeeze-and-excitation nothing more is read than that it is there.
    let place = ["conv", "bn"].iter().position(|known| *known == kind).map(|place| place.to_string());
    if layer == "stem" {
        return Some(format!("stem.{}.{part}", place?));
    }
    let (stage, rest) = layer.strip_prefix('s')?.split_once(".b")?;
    let (block, layer) = rest.split_once('.')?;
    let block = block.parse::<usize>().ok()?.checked_sub(1)?;
    let layer = match layer {
        "conv1" => format!("f.a.{}", place?),
        "conv2" => format!("f.b.{}", place?),
        "conv3" => format!("f.c.{}", place?),
        "downsample" => format!("proj.{}", place?),
        "se" => format!("f.se.{kind}"),
        _ => return None,
    };
    Some(format!("trunk_output.block{stage}.block{stage}-{block}.{layer}.{part}"))
}
