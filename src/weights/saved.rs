//! What a module that was saved whole tells beside its tensors: it must not contradict the network that these make.

use std::collections::HashSet;

use super::candidate::{Candidate, module};
use super::format::{Entry, SavedModule};
use crate::error::error;
use crate::network::ops::{BatchNorm, Convolution};
use crate::network::{Blueprint, HeadLayer, HeadPlan, Module};
use crate::{Error, Note, Result};

/// What the modules tell of a network that they do not contradict.
#[derive(Default)]
pub struct Told {
    /// The head, where they tell its activations.
    pub head: Option<HeadPlan>,
    /// Whether a Sigmoid stands behind the last layer.
    pub sigmoid: bool,
    /// Whether they tell strides, padding, activations and pooling.
    pub complete: bool,
    pub notes: Vec<Note>,
}

/// Modules that do nothing here.
const IDLE: [&str; 10] = [
    "AlphaDropout",
    "DropPath",
    "Dropout",
    "Dropout1d",
    "Dropout2d",
    "FeatureAlphaDropout",
    "Flatten",
    "FlattenLayer",
    "Identity",
    "StochasticDepth",
];
const LINEAR: [&str; 3] = ["Linear", "NonDynamicallyQuantizableLinear", "Conv2d"];
const NORMS: [&str; 4] = ["BatchNorm1d", "BatchNorm2d", "SyncBatchNorm", "FrozenBatchNorm2d"];

/// The modules of a candidate, beside the network that its tensors make.
struct Comparison<'a> {
    candidate: &'a Candidate,
    blueprint: &'a Blueprint,
    /// The network's modules that hold no others.
    features: &'a [(Option<String>, Module)],
    /// The file's names of modules that have tensors of their own.
    weighted: HashSet<&'a str>,
    /// Classes that are not known.
    unknown: Vec<&'a SavedModule>,
    complete: bool,
}

/// Compares the modules of `candidate` with the network of `blueprint`, which has these `features`, and whose head is `head` or the
/// architecture's own.
///
/// # Errors
/// [`is_weights`](Error::is_weights), naming a module that computes otherwise.
pub fn compare(
    candidate: &Candidate,
    blueprint: &Blueprint,
    features: &[(Option<String>, Module)],
    head: Option<&HeadPlan>,
) -> Result<Told> {
    if features.is_empty() {
        return Ok(Told::default());
    }
    let stored = candidate.tensors.iter().filter(|(_, entry)| matches!(entry, Entry::Stored(_)));
    let weighted = stored.map(|(name, _)| module(candidate.original(name))).collect();
    let mut comparison =
        Comparison { candidate, blueprint, features, weighted, unknown: Vec::new(), complete: true };
    comparison.features()?;
    let ends = comparison.ends();
    comparison.pools(ends)?;
    let head = comparison.head(ends, head)?;
    let sigmoid = comparison.activations(head.as_ref().map_or(&[][..], |(_, names)| &names[..]))?;
    let root = candidate.class.as_deref().unwrap_or_default();
    let Comparison { unknown, complete, .. } = comparison;
    let notes = unknown.first().map(|first| {
        error!(
            Weights,
            "module-unknown",
            "the file's module `{name}` is of class {class}, whose computation no file tells: it is left out, or taken for PyTorch's own",
            name = first.name,
            class = first.class
        )
        .into()
    });
    Ok(Told {
        head: head.and_then(|(plan, _)| plan),
        sigmoid,
        // Classes of one's own may call their modules in any way.
        complete: complete
            && unknown.is_empty()
            && (root.contains("torchvision.models.") || root.ends_with(".Sequential")),
        notes: notes.into_iter().collect(),
    })
}

impl<'a> Comparison<'a> {
    /// The file's module that has the tensors of the network's module `name`.
    fn saved(&self, name: &str) -> Option<(usize, &'a SavedModule)> {
        let original = module(self.candidate.original(&format!("{name}.weight"))).to_string();
        self.candidate.modules.iter().enumerate().find(|(_, saved)| saved.name == original)
    }

    /// Convolutions and normalisations, and what stands under a name of the network between them.
    fn features(&mut self) -> Result<()> {
        let mut base = None;
        for (name, module) in self.features {
            let Some(name) = name else { continue };
            match module {
                Module::Convolution(_) | Module::BatchNorm { .. } => {
                    let Some((_, saved)) = self.saved(name) else {
                        self.complete = false;
                        continue;
                    };
                    base = base.or_else(|| saved.name.strip_suffix(name.as_str()));
                    match module {
                        Module::Convolution(convolution) => self.convolution(saved, *convolution)?,
                        Module::BatchNorm { epsilon } => self.norm(saved, *epsilon)?,
                        _ => {}
                    }
                }
                _ => {
                    let Some(wanted) = kinds(module) else { continue };
                    let Some(full) = base.map(|base| format!("{base}{name}")) else { continue };
                    let found =
                        self.candidate.modules.iter().find(|saved| saved.name == full && saved.is_leaf);
                    if let Some(found) = found.filter(|found| !wanted.contains(&found.kind())) {
                        return Err(contradicts(found, found.kind(), wanted[0]));
                    }
                }
            }
        }
        Ok(())
    }

    fn convolution(&mut self, saved: &'a SavedModule, convolution: Convolution) -> Result<()> {
        if saved.kind() != "Conv2d" {
            self.unknown.push(saved);
            return Ok(());
        }
        let (stride, padding) = convolution.window();
        if saved.numbers.is_empty() {
            self.complete = false;
        }
        pair(saved, "stride", [stride; 2])?;
        pair(saved, "dilation", [1; 2])?;
        match saved.text("padding") {
            None => pair(saved, "padding", padding)?,
            // Without a stride it keeps the size, as half a window does.
            Some("same") if stride == 1 && padding != [0; 2] => {}
            Some("valid") if padding == [0; 2] => {}
            Some(found) => {
                return Err(contradicts(saved, &format!("padding {found}"), &format!("padding {padding:?}")));
            }
        }
        match saved.text("padding_mode") {
            Some(found) if found != "zeros" && padding != [0; 2] => {
                Err(contradicts(saved, &format!("padding_mode {found}"), "padding_mode zeros"))
            }
            _ => Ok(()),
        }
    }

    fn norm(&mut self, saved: &'a SavedModule, epsilon: f64) -> Result<()> {
        if !NORMS.contains(&saved.kind()) {
            self.unknown.push(saved);
            return Ok(());
        }
        match saved.numbers("eps").and_then(|found| found.first()) {
            Some(found) if (found - epsilon).abs() > 1e-3 * epsilon => {
                Err(contradicts(saved, &format!("eps {found}"), &format!("eps {epsilon}")))
            }
            _ => Ok(()),
        }
    }

    /// The place of the features' last module that has tensors.
    fn ends(&self) -> usize {
        let names = self.features.iter().filter_map(|(name, _)| name.as_deref());
        names.filter_map(|name| self.saved(name)).map(|(place, _)| place).max().unwrap_or(0)
    }

    /// The file's modules that have no tensors and hold no others, with their places; those for training alone are left out.
    fn plain(&self) -> Vec<(usize, &'a SavedModule)> {
        let (candidate, blueprint) = (self.candidate, self.blueprint);
        let is_plain = |(_, saved): &(usize, &SavedModule)| {
            let training = blueprint.training_only.iter().any(|start| saved.name.contains(start));
            saved.is_leaf
                && !self.weighted.contains(saved.name.as_str())
                && !training
                && !candidate.is_of_training(&saved.name)
                && !["nn.modules.loss.", "nn.modules.container.", "torchmetrics."]
                    .iter()
                    .any(|other| saved.class.contains(other))
        };
        candidate.modules.iter().enumerate().filter(is_plain).collect()
    }

    /// Pools in the features, in order; `ends` is the place of the last module there that has tensors.
    fn pools(&mut self, ends: usize) -> Result<()> {
        let blueprint = self.blueprint;
        let mut wanted = self.features.iter().filter_map(|(name, module)| name.as_ref().and(pool(module)));
        let side = blueprint.head.as_ref().map_or(1, |head| head.side);
        let layers = blueprint.head.iter().flat_map(|head| &head.layers);
        let head =
            layers.filter_map(|name| self.saved(name)).map(|(place, _)| place).min().unwrap_or(usize::MAX);
        for (place, saved) in self.plain() {
            let kind = saved.kind();
            match kind {
                "MaxPool2d" | "AvgPool2d" => {
                    let found = |(wanted, kernel, stride, padding, ceil): Pool| {
                        kind == wanted
                            && pair(saved, "kernel_size", [kernel; 2]).is_ok()
                            && pair(saved, "stride", [stride; 2]).is_ok()
                            && pair(saved, "padding", [padding; 2]).is_ok()
                            && saved
                                .numbers("ceil_mode")
                                .is_none_or(|found| *found == [f64::from(u8::from(ceil))])
                    };
                    // Once networks averaged a window as large as their last layer.
                    let is_last = kind == "AvgPool2d" && place > ends;
                    if !wanted.by_ref().any(found) {
                        if is_last {
                            self.unknown.push(saved);
                            continue;
                        }
                        return Err(contradicts(saved, &shown(saved), "no such pool"));
                    }
                }
                // timm's VGG pools what its first layers have brought to one place.
                "AdaptiveAvgPool2d" if place > head && pair(saved, "output_size", [1; 2]).is_ok() => {}
                "AdaptiveAvgPool2d" => pair(saved, "output_size", [side; 2])?,
                "AdaptiveMaxPool2d" if !self.doubled() => {
                    return Err(contradicts(saved, "the largest values (AdaptiveMaxPool2d)", "their mean"));
                }
                _ => {}
            }
        }
        if let Some((kind, ..)) = wanted.next() {
            self.complete = false;
            if self.candidate.class.as_deref().is_some_and(|class| class.ends_with(".Sequential")) {
                let root = &self.candidate.modules[0];
                return Err(contradicts(root, &format!("no {kind} in its Sequential"), kind));
            }
        }
        Ok(())
    }

    /// Whether the head takes largest values and means.
    fn doubled(&self) -> bool {
        let has = |kind: &str| self.candidate.modules.iter().any(|saved| saved.kind() == kind);
        has("AdaptiveAvgPool2d")
            && has("AdaptiveMaxPool2d")
            && self.blueprint.head.as_ref().is_some_and(|head| {
                let first =
                    head.layers.first().and_then(|name| self.candidate.shape(&format!("{name}.weight")));
                first.and_then(|shape| shape.last()) == Some(&(2 * head.channels))
            })
    }

    /// The head as the file's `Sequential`s have it, and the file's names of what stands in them; `None` where it is in none.
    fn head(
        &mut self,
        ends: usize,
        plan: Option<&HeadPlan>,
    ) -> Result<Option<(Option<HeadPlan>, Vec<&'a str>)>> {
        let (candidate, blueprint) = (self.candidate, self.blueprint);
        let Some(own) = &blueprint.head else { return Ok(None) };
        let saved: Vec<_> = own.layers.iter().filter_map(|name| Some((name, self.saved(name)?))).collect();
        if saved.is_empty() || saved.len() < own.layers.len() {
            return Ok(None);
        }
        let parent = |name: &str| {
            let outer = candidate.modules.iter().find(|saved| saved.name == module(name));
            outer.is_some_and(|outer| outer.kind() == "Sequential").then(|| module(name).to_string())
        };
        let parents: Option<Vec<String>> = saved.iter().map(|(_, (_, saved))| parent(&saved.name)).collect();
        let Some(parents) = parents else { return Ok(None) };
        let plain: HashSet<usize> = self.plain().into_iter().map(|(place, _)| place).collect();
        let first = saved.iter().map(|(_, (place, _))| *place).min().unwrap_or(0);
        let start = if ends < first { ends + 1 } else { first };
        let (mut layers, mut names) = (Vec::new(), Vec::new());
        for (place, module) in candidate.modules.iter().enumerate().skip(start) {
            let within =
                |parent: &String| parent.is_empty() || module.name.starts_with(&format!("{parent}."));
            if !parents.iter().any(within) {
                continue;
            }
            if let Some((name, _)) = saved.iter().find(|(_, (of_layer, _))| *of_layer == place) {
                let kind = module.kind();
                if NORMS.contains(&kind) {
                    self.norm(module, BatchNorm::EPSILON)?;
                } else if !LINEAR.contains(&kind) {
                    self.unknown.push(module);
                }
                layers.push((Some(name.as_str()), module));
            } else if plain.contains(&place) && module.kind() == "ReLU" {
                names.push(module.name.as_str());
                // Behind the features' own ReLU one more does nothing.
                if !layers.is_empty() {
                    layers.push((None, module));
                }
            }
        }
        if let Some((None, last)) = layers.last() {
            return Err(contradicts(last, "a ReLU behind the last layer", "nothing"));
        }
        let found: Vec<Option<&str>> = layers.iter().map(|(name, _)| *name).collect();
        let Some(plan) = plan else {
            let between: Vec<Option<&str>> =
                own.layers.iter().flat_map(|name| [None, Some(name.as_str())]).skip(1).collect();
            if found == between {
                return Ok(Some((None, names)));
            }
            let (at, _) = (0..)
                .zip(&between)
                .find(|(at, wanted)| found.get(*at) != Some(*wanted))
                .unwrap_or((0, &None));
            let at = &layers[at.min(layers.len() - 1)].1;
            return Err(contradicts(
                at,
                "another order of layers and ReLUs",
                "a ReLU between each two layers",
            ));
        };
        let known = |name: &str| plan.layers.iter().find(|layer| layer.name() == Some(name)).cloned();
        let order = found.iter().flatten().copied();
        if !order.eq(plan.layers.iter().filter_map(HeadLayer::name)) {
            return Ok(None);
        }
        let layers =
            found.iter().map(|name| name.map_or(Some(HeadLayer::Relu), known)).collect::<Option<Vec<_>>>();
        Ok(layers.map(|layers| (Some(HeadPlan { layers, ..plan.clone() }), names)))
    }

    /// Whether a Sigmoid is the last of the activations, none of which may be another than the network's. `known` are those of the
    /// head.
    fn activations(&mut self, known: &[&str]) -> Result<bool> {
        let (blueprint, features) = (self.blueprint, self.features);
        let has = |wanted: &str| {
            features.iter().any(|(_, module)| kinds(module).is_some_and(|kinds| kinds.contains(&wanted)))
        };
        let of_features = self.features.iter().filter_map(|(name, _)| name.as_deref());
        let blocks: HashSet<&str> =
            of_features.filter_map(|name| self.saved(name)).map(|(_, saved)| module(&saved.name)).collect();
        let layers = blueprint.head.iter().flat_map(|head| &head.layers);
        let last =
            layers.filter_map(|name| self.saved(name)).map(|(place, _)| place).max().unwrap_or(usize::MAX);
        let mut sigmoid = false;
        for (place, saved) in self.plain() {
            match saved.kind() {
                "ReLU"
                    if has("ReLU")
                        || !blocks.contains(module(&saved.name))
                        || known.contains(&saved.name.as_str()) => {}
                "ReLU6" if has("ReLU6") => {}
                "Sigmoid" if place > last => sigmoid = true,
                "Softmax" | "LogSoftmax" if place > last => {}
                kind if IDLE.contains(&kind)
                    || kind.contains("Pool") && !saved.class.contains("nn.modules.") =>
                {
                    if !IDLE.contains(&kind)
                        && !kind.starts_with("AdaptiveConcatPool")
                        && !kind.starts_with("FastAdaptiveAvgPool")
                    {
                        self.unknown.push(saved);
                    }
                }
                "MaxPool2d" | "AvgPool2d" | "AdaptiveAvgPool2d" | "AdaptiveMaxPool2d" => {}
                kind if saved.class.contains("nn.modules.") => {
                    return Err(contradicts(saved, &format!("a {kind}"), "none"));
                }
                _ => self.unknown.push(saved),
            }
        }
        Ok(sigmoid)
    }
}

/// The classes that a module of the network may be, where it has no tensors.
fn kinds(module: &Module) -> Option<&'static [&'static str]> {
    Some(match module {
        Module::Relu | Module::FunctionalRelu => &["ReLU"],
        Module::Relu6 => &["ReLU6"],
        Module::MaxPool2x2 | Module::MaxPool3x3 { .. } => &["MaxPool2d"],
        Module::AveragePool2x2 | Module::AveragePool3x3 => &["AvgPool2d"],
        _ => return None,
    })
}

/// Class, window, stride, padding and `ceil_mode` of a pool.
type Pool = (&'static str, usize, usize, usize, bool);

fn pool(module: &Module) -> Option<Pool> {
    Some(match *module {
        Module::MaxPool2x2 => ("MaxPool2d", 2, 2, 0, false),
        Module::MaxPool3x3 { padding, ceil } => ("MaxPool2d", 3, 2, padding, ceil),
        Module::AveragePool2x2 => ("AvgPool2d", 2, 2, 0, false),
        Module::AveragePool3x3 => ("AvgPool2d", 3, 1, 1, false),
        _ => return None,
    })
}

/// Checks a setting that is a number, or one for rows and one for columns. What the file does not tell passes.
fn pair(saved: &SavedModule, setting: &'static str, wanted: [usize; 2]) -> Result<()> {
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

fn list(numbers: &[f64]) -> String {
    format!("[{}]", numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(", "))
}

/// Class and settings of a module, for a sentence.
fn shown(saved: &SavedModule) -> String {
    let settings = SavedModule::SETTINGS.iter().filter_map(|key| Some((key, saved.numbers(key)?)));
    let settings: Vec<String> = settings.map(|(key, found)| format!("{key} {}", list(found))).collect();
    format!("a {} of {}", saved.kind(), settings.join(", "))
}

fn contradicts(saved: &SavedModule, found: &str, wanted: &str) -> Error {
    error!(
        Weights,
        "module-contradicts",
        "the file's module `{name}` has {found}, where this network has {wanted}: it would compute otherwise than the file's network",
        name = saved.name,
        found,
        wanted
    )
}
