//! Names of tensors: those of other libraries and wrappers become torchvision's.

mod huggingface;
mod sequential;
mod timm;

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::state::{Entry, State};
use super::stored::Stored;
use crate::Result;
use crate::error::error;

/// One tensor under the name that torchvision would give it.
#[derive(Clone)]
pub struct Named {
    /// Its name in the file.
    pub original: String,
    pub name: String,
    pub entry: Entry,
}

/// The tensors of a state that may be one network.
#[derive(Clone)]
pub struct View {
    /// What stands before the names of its features, such as `backbone.`.
    pub prefix: String,
    /// In the file's order; those beside the features come last.
    pub tensors: Vec<Named>,
    /// How many of them are behind the prefix.
    pub inside: usize,
    /// The place before the network's, where nothing that stands before it in its `Sequential` has tensors.
    pub behind: Option<String>,
}

/// What wrappers put anywhere into names: `DataParallel`, `torch.compile`, FSDP and others.
const WRAPPERS: [&str; 6] = [
    "module",
    "_module",
    "_orig_mod",
    "_forward_module",
    "_fsdp_wrapped_module",
    "_checkpoint_wrapped_module",
];
/// What profilers and averages leave beside tensors.
const COUNTERS: [&str; 3] = ["total_ops", "total_params", "n_averaged"];
/// What holds a network and nothing beside it.
const HOLDERS: [&str; 3] = ["model.", "net.", "network."];

/// The first layer of each layout, and how a name beside it starts.
const ANCHORS: [(&str, &str); 15] = [
    ("conv1.weight", "layer1.0.conv1.weight"),
    ("conv1.0.weight", "stage2.0.branch1."),
    ("features.conv0.weight", "features.denseblock1."),
    ("conv0.weight", "denseblock1."),
    ("features.0.0.weight", "features.1.conv."),
    ("0.0.weight", "1.conv."),
    ("features.0.weight", "features.0.bias"),
    ("Conv2d_1a_3x3.conv.weight", "Conv2d_2a_3x3.conv.weight"),
    ("conv_stem.weight", "blocks.0.0.conv_dw.weight"),
    ("conv_stem.first_conv.convolution.weight", "layer.0.expand_1x1."),
    (huggingface::STEM, "encoder.stages.0."),
    ("stem.0.weight", "trunk_output.block1.block1-0."),
    ("stem.conv.weight", "s1.b1.conv1."),
    ("0.weight", "4.0.conv1.weight"),
    ("0.0.weight", "2.0.branch1."),
];

/// The networks that a state may be: one for each prefix of a first layer, or the whole state.
///
/// # Errors
/// [`is_weights`](crate::Error::is_weights) when two tensors would have one name.
pub fn views(state: &State) -> Result<Vec<View>> {
    let tensors = unwrapped(state)?;
    let mut prefixes = prefixes(&tensors);
    if prefixes.is_empty() {
        prefixes.push(String::new());
    }
    prefixes.iter().map(|prefix| view(&tensors, prefix, &prefixes)).collect()
}

/// The tensors without what wrappers added.
fn unwrapped(state: &State) -> Result<Vec<Named>> {
    let mut tensors = Vec::new();
    for (original, entry) in &state.tensors {
        if COUNTERS.contains(&original.rsplit('.').next().unwrap_or_default()) {
            continue;
        }
        let parts = original.split('.').filter(|part| !WRAPPERS.contains(part));
        let parts = parts.map(|part| if part == "_features" { "features" } else { part });
        let name = parts.collect::<Vec<_>>().join(".");
        tensors.push(Named { original: original.clone(), name, entry: entry.clone() });
    }
    while let Some(holder) = HOLDERS
        .iter()
        .find(|holder| !tensors.is_empty() && tensors.iter().all(|tensor| tensor.name.starts_with(**holder)))
    {
        tensors.iter_mut().for_each(|tensor| drop(tensor.name.drain(..holder.len())));
    }
    check_unique(&tensors)?;
    Ok(scaled(tensors))
}

/// The tensors with their scales, as compressed-tensors writes them: `fc.weight_scale` beside `fc.weight`. Where integers have a
/// zero point, too, they stay what they are.
fn scaled(mut tensors: Vec<Named>) -> Vec<Named> {
    let places: HashMap<String, usize> =
        tensors.iter().enumerate().map(|(place, tensor)| (tensor.name.clone(), place)).collect();
    let mut scales = HashSet::new();
    for place in 0..tensors.len() {
        let Named { name, entry: Entry::Stored(stored), .. } = &tensors[place] else { continue };
        let beside = |end: &str| places.get(&format!("{name}_{end}")).copied();
        let (Some(scale), None) = (beside("scale"), beside("zero_point")) else { continue };
        let Entry::Stored(found) = &tensors[scale].entry else { continue };
        if stored.is_scaled_by(found) {
            let scaled = Stored { scale: Some(Box::new(found.clone())), ..stored.clone() };
            scales.insert(scale);
            tensors[place].entry = Entry::Stored(scaled);
        }
    }
    let mut place = 0..;
    tensors.retain(|_| place.next().is_none_or(|place| !scales.contains(&place)));
    tensors
}

/// What stands before each first layer.
fn prefixes(tensors: &[Named]) -> Vec<String> {
    let mut names: Vec<&str> = tensors.iter().map(|tensor| tensor.name.as_str()).collect();
    names.sort_unstable();
    let starts = |start: &str| {
        let at = names.partition_point(|name| *name < start);
        names.get(at).is_some_and(|name| name.starts_with(start))
    };
    let mut found: Vec<String> = Vec::new();
    for (anchor, beside) in ANCHORS {
        for name in tensors.iter().map(|tensor| &tensor.name) {
            let Some(prefix) = name.strip_suffix(anchor) else { continue };
            let whole = prefix.is_empty() || prefix.ends_with('.');
            // `features.` is a part of the network where it has one: those anchors come first.
            let outer = prefix.strip_suffix("features.");
            let inner = outer.is_some_and(|outer| found.iter().any(|found| found == outer));
            if whole
                && !inner
                && starts(&format!("{prefix}{beside}"))
                && !found.iter().any(|found| found == prefix)
            {
                found.push(prefix.into());
            }
        }
    }
    found
}

fn view(tensors: &[Named], prefix: &str, prefixes: &[String]) -> Result<View> {
    let others: Vec<&String> = prefixes
        .iter()
        .filter(|other| other.len() > prefix.len() || !prefix.starts_with(other.as_str()))
        .collect();
    let behind = behind(tensors, prefix);
    let mut inside = Vec::new();
    let mut outside = Vec::new();
    for tensor in tensors {
        let mut tensor = tensor.clone();
        match tensor.name.strip_prefix(prefix) {
            _ if others.iter().any(|other| *other != prefix && tensor.name.starts_with(other.as_str())) => {}
            Some(name) => {
                tensor.name = name.into();
                inside.push(tensor);
            }
            // Of a head, or only for training.
            None => outside.push(tensor),
        }
    }
    rename(&mut inside);
    let count = inside.len();
    let tensors = [inside, outside].concat();
    check_unique(&tensors)?;
    Ok(View { prefix: prefix.into(), tensors, inside: count, behind })
}

/// The place before that of a network with this prefix, where it stands in a `Sequential` behind nothing that has tensors:
/// `0` for `1.`.
fn behind(tensors: &[Named], prefix: &str) -> Option<String> {
    let ends = prefix.match_indices('.').map(|(end, _)| &prefix[..end]);
    ends.filter_map(|module| {
        let around = module.rfind('.').map_or(0, |at| at + 1);
        let (around, place) = module.split_at(around);
        let before = place.parse::<usize>().ok()?.checked_sub(1)?;
        let stands_before = |tensor: &Named| {
            let place = tensor.name.strip_prefix(around).and_then(|rest| rest.split('.').next());
            place.and_then(|place| place.parse::<usize>().ok()).is_some_and(|place| place <= before)
        };
        (!tensors.iter().any(stands_before)).then(|| format!("{around}{before}"))
    })
    .next()
}

/// Gives torchvision's names.
fn rename(tensors: &mut [Named]) {
    let has = |tensors: &[Named], name: &str| tensors.iter().any(|tensor| tensor.name == name);
    if has(tensors, "pre_logits.fc1.weight") {
        timm::from_vgg(tensors);
    }
    if has(tensors, "conv_stem.weight") && has(tensors, "blocks.0.0.conv_dw.weight") {
        let blocks = timm::blocks(tensors);
        apply(tensors, |name| timm::from_mobilenet(name, &blocks));
    }
    if has(tensors, "stem.conv.weight") && has(tensors, "s1.b1.conv1.conv.weight") {
        apply(tensors, timm::from_regnet);
    }
    if has(tensors, huggingface::STEM) {
        let rename =
            if huggingface::is_regnet(tensors) { huggingface::from_regnet } else { huggingface::from_resnet };
        apply(tensors, rename);
    }
    if has(tensors, "features.3.squeeze.weight") {
        apply(tensors, from_last_conv);
    }
    sequential::rename(tensors);
    apply(tensors, from_old_densenet);
    apply(tensors, from_shortcut);
}

fn apply(tensors: &mut [Named], rename: impl Fn(&str) -> Option<String>) {
    for tensor in tensors {
        if let Some(name) = rename(&tensor.name) {
            tensor.name = name;
        }
    }
}

fn check_unique(tensors: &[Named]) -> Result<()> {
    let mut seen = HashSet::new();
    match tensors.iter().find(|tensor| !seen.insert(&tensor.name)) {
        None => Ok(()),
        Some(Named { name, .. }) => Err(error!(
            Weights,
            "tensor-name-twice",
            "two tensors of the file have torchvision's name `{name}`; save the state dict of one network",
            name
        )),
    }
}

/// `denselayer1.norm.1.weight`, as in the first published files, is `denselayer1.norm1.weight`.
fn from_old_densenet(name: &str) -> Option<String> {
    let (layer, rest) = name.split_once(".denselayer")?;
    let (number, part) = rest.split_once('.')?;
    let (kind, rest) = part.split_once('.')?;
    let old = ["norm", "relu", "conv"].contains(&kind) && rest.starts_with(['1', '2']);
    old.then(|| format!("{layer}.denselayer{number}.{kind}{rest}"))
}

/// `last_conv.weight`, as the package `pretrainedmodels` calls SqueezeNet's classifier, is `classifier.1.weight`.
fn from_last_conv(name: &str) -> Option<String> {
    name.strip_prefix("last_conv.").map(|part| format!("classifier.1.{part}"))
}

/// `layer2.0.shortcut.0.weight`, as networks for CIFAR have it, is `layer2.0.downsample.0.weight`.
fn from_shortcut(name: &str) -> Option<String> {
    let (block, rest) = name.split_once(".shortcut.")?;
    name.starts_with("layer").then(|| format!("{block}.downsample.{rest}"))
}

/// Names in order, the numbers in them by their value.
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let mut pairs = a.split('.').zip(b.split('.'));
    let unequal = pairs.find_map(|(a, b)| {
        let order = match (a.parse::<u64>(), b.parse::<u64>()) {
            (Ok(a), Ok(b)) => a.cmp(&b),
            _ => split_number(a).cmp(&split_number(b)),
        };
        order.is_ne().then_some(order)
    });
    unequal.unwrap_or_else(|| a.cmp(b))
}

/// `layer10` as `layer` and 10.
fn split_number(part: &str) -> (&str, u64) {
    let name = part.trim_end_matches(|c: char| c.is_ascii_digit());
    (name, part[name.len()..].parse().unwrap_or(0))
}
