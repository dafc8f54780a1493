//! Checks of single modules: their classes and settings, beside those of the network.

use super::super::format::SavedModule;
use super::classes::is_custom;
use crate::error::error;
use crate::network::Module;
use crate::network::ops::BatchNorm;
use crate::{Error, Note, Result};

pub const LINEAR: [&str; 3] = ["Linear", "NonDynamicallyQuantizableLinear", "Conv2d"];
pub const NORMS: [&str; 5] =
    ["BatchNorm2d", "BatchNorm1d", "BatchNormAct2d", "SyncBatchNorm", "FrozenBatchNorm2d"];
/// Pools whose settings are checked, or which have none.
pub const POOLS: [&str; 7] = [
    "AdaptiveAvgPool2d",
    "AdaptiveConcatPool2d",
    "AdaptiveMaxPool2d",
    "AvgPool2d",
    "FastAdaptiveAvgPool",
    "FastAdaptiveAvgPool2d",
    "MaxPool2d",
];

pub fn is_sequential(saved: &SavedModule) -> bool {
    saved.kind() == "Sequential" && !is_custom(saved)
}

/// Checks the epsilon of a normalisation.
pub fn norm(saved: &SavedModule, epsilon: f64) -> Result<()> {
    one_of(saved, &NORMS)?;
    match saved.numbers("eps").and_then(|found| found.first()) {
        Some(found) if (found - epsilon).abs() > 1e-3 * epsilon => {
            Err(contradicts(saved, &format!("eps {found}"), &format!("eps {epsilon}")))
        }
        _ => Ok(()),
    }
}

/// Checks the class and the settings of a layer of a head.
pub fn head_layer(saved: &SavedModule) -> Result<()> {
    one_of(saved, &[&LINEAR[..], &NORMS].concat())?;
    match saved.kind() {
        "Conv2d" => pair(saved, "stride", [1; 2]).and_then(|()| pair(saved, "padding", [0; 2])),
        kind if NORMS.contains(&kind) => norm(saved, BatchNorm::EPSILON),
        _ => Ok(()),
    }
}

/// Checks that a module of a library is of one of these classes.
pub fn one_of(saved: &SavedModule, classes: &[&str]) -> Result<()> {
    if is_custom(saved) || classes.contains(&saved.kind()) {
        return Ok(());
    }
    Err(contradicts(saved, saved.kind(), classes[0]))
}

/// The classes that a module of the network may be, where it has no tensors.
pub fn kinds(module: &Module) -> Option<&'static [&'static str]> {
    Some(match module {
        Module::Relu | Module::FunctionalRelu => &["ReLU"],
        Module::Relu6 => &["ReLU6"],
        Module::MaxPool2x2 | Module::MaxPool3x3 { .. } => &["MaxPool2d"],
        Module::AveragePool2x2 { .. } | Module::AveragePool3x3 => &["AvgPool2d"],
        _ => return None,
    })
}

/// Class, window, stride, padding and `ceil_mode` of a pool.
pub type Pool = (&'static str, usize, usize, usize, bool);

pub fn pool(module: &Module) -> Option<Pool> {
    Some(match *module {
        Module::MaxPool2x2 => ("MaxPool2d", 2, 2, 0, false),
        Module::MaxPool3x3 { padding, ceil } => ("MaxPool2d", 3, 2, padding, ceil),
        Module::AveragePool2x2 { ceil } => ("AvgPool2d", 2, 2, 0, ceil),
        Module::AveragePool3x3 => ("AvgPool2d", 3, 1, 1, false),
        _ => return None,
    })
}

/// Whether a module pools so. What the file does not tell passes.
pub fn pools_as(saved: &SavedModule, (kind, kernel, stride, padding, ceil): Pool) -> bool {
    saved.kind() == kind
        && pair(saved, "kernel_size", [kernel; 2]).is_ok()
        && pair(saved, "stride", [stride; 2]).is_ok()
        && pair(saved, "padding", [padding; 2]).is_ok()
        && pair(saved, "dilation", [1; 2]).is_ok()
        && saved.numbers("ceil_mode").is_none_or(|found| *found == [f64::from(u8::from(ceil))])
        && saved.numbers("divisor_override").is_none()
        && (padding == 0 || kind == "MaxPool2d" || saved.numbers("count_include_pad") != Some(&[0.0]))
}

pub fn is_pool(saved: &SavedModule) -> bool {
    POOLS.contains(&saved.kind())
}

pub fn averages_window(saved: &SavedModule) -> Note {
    error!(
        Weights,
        "module-window",
        "the file's module `{name}` averages windows of {kernel}: it is taken for the mean of all places, which it is where the last layer has as many rows and columns",
        name = saved.name,
        kernel = list(saved.numbers("kernel_size").unwrap_or(&[]))
    )
    .into()
}

/// Checks a setting that is a number, or one for rows and one for columns. What the file does not tell passes.
pub fn pair(saved: &SavedModule, setting: &'static str, wanted: [usize; 2]) -> Result<()> {
    let Some(found) = saved.numbers(setting) else { return Ok(()) };
    let wanted_numbers = wanted.map(|number| number as f64);
    let is_same = match found[..] {
        [both] => [both; 2] == wanted_numbers,
        _ => found[..] == wanted_numbers,
    };
    if is_same {
        return Ok(());
    }
    Err(contradicts(saved, &format!("{setting} {}", list(found)), &format!("{setting} {wanted:?}")))
}

pub fn list(numbers: &[f64]) -> String {
    format!("[{}]", numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(", "))
}

/// Class and settings of a module, for a sentence.
pub fn shown(saved: &SavedModule) -> String {
    let settings = SavedModule::SETTINGS.iter().filter_map(|key| Some((key, saved.numbers(key)?)));
    let settings: Vec<String> = settings.map(|(key, found)| format!("{key} {}", list(found))).collect();
    let kind = with_article(saved.kind());
    if settings.is_empty() { kind } else { format!("{kind} of {}", settings.join(", ")) }
}

pub fn with_article(kind: &str) -> String {
    let article = if kind.starts_with(['A', 'E', 'I', 'O']) { "an" } else { "a" };
    format!("{article} {kind}")
}

pub fn contradicts(saved: &SavedModule, found: &str, wanted: &str) -> Error {
    error!(
        Weights,
        "module-contradicts",
        "the file's module `{name}` has {found}, where this network has {wanted}: the scores would differ. If the change is not meant, load the tensors into the unchanged network and save its state dict",
        name = saved.name,
        found,
        wanted
    )
}
