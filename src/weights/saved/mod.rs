//! What a module that was saved whole tells beside its tensors: it must not contradict the network that these make.

mod checks;
mod classes;
mod follow;
mod walk;

use std::collections::HashSet;

use self::checks::{
    averages_window, contradicts, head_layer, is_pool, is_sequential, kinds, norm, one_of, pair, pool,
    pools_as, shown, with_article,
};
use self::classes::is_custom;
use self::follow::HeadRun;
use self::walk::{Walk, is_no_op};
use super::candidate::{Candidate, module};
use super::format::{Entry, SavedModule};
use crate::error::error;
use crate::network::ops::Convolution;
use crate::network::{Blueprint, HeadLayer, HeadPlan, Module};
use crate::{Note, Result};

/// What a file tells of a network beside its tensors, by modules that do not contradict it.
#[derive(Clone, Default)]
pub struct Told {
    /// The head, where it is not the architecture's own.
    pub head: Option<HeadPlan>,
    /// What makes probabilities of the scores after the last layer, if anything does.
    pub end: Option<End>,
    /// Whether the file tells the strides of all convolutions.
    pub strides: bool,
    /// Whether the file tells strides, padding, activations and pooling.
    pub complete: bool,
    /// Inception's `transform_input`, where the file tells it.
    pub transform_input: Option<bool>,
    pub notes: Vec<Note>,
}

/// A module that makes probabilities of scores.
#[derive(Clone, Copy, PartialEq, strum::EnumString, strum::IntoStaticStr)]
pub enum End {
    Sigmoid,
    Softmax,
    LogSoftmax,
}

/// The most classes that a note lists.
const MAX_LISTED: usize = 4;

/// The modules of a candidate, beside the network that its tensors make.
struct Comparison<'a> {
    candidate: &'a Candidate,
    blueprint: &'a Blueprint,
    /// The network's modules that hold no others.
    features: &'a [(Option<String>, Module)],
    /// The file's names of modules that have tensors of their own.
    weighted: HashSet<&'a str>,
    /// The head, where it is not the architecture's own.
    plan: Option<&'a HeadPlan>,
    /// Which of the features the file's modules are known to run in their place.
    matched: Vec<bool>,
    /// The file's names of modules that were compared where they run, or do not run.
    judged: HashSet<&'a str>,
    /// Whether the file calls the last ReLU of a DenseNet.
    functional_relu: Option<bool>,
    notes: Vec<Note>,
    complete: bool,
    /// Whether all convolutions tell their strides.
    strides: bool,
}

/// Compares the modules of `candidate` with the network of `blueprint`, called `title`, which has these `features`, and whose head is
/// `head` or the architecture's own.
///
/// # Errors
/// [`is_weights`](crate::Error::is_weights), naming a module that computes otherwise.
pub fn compare(
    candidate: &Candidate,
    blueprint: &Blueprint,
    title: &str,
    features: &[(Option<String>, Module)],
    head: Option<&HeadPlan>,
) -> Result<Told> {
    if features.is_empty() {
        return Ok(Told::default());
    }
    let stored = candidate.tensors.iter().filter(|(_, entry)| matches!(entry, Entry::Stored(_)));
    let weighted: HashSet<&str> = stored.map(|(name, _)| module(candidate.original(name))).collect();
    let walk = Walk::new(&candidate.modules, &weighted);
    let names = candidate.modules.iter().map(|saved| saved.name.as_str());
    let mut comparison = Comparison {
        candidate,
        blueprint,
        features,
        weighted: weighted.clone(),
        plan: head,
        matched: vec![false; features.len()],
        judged: names.filter(|name| !walk.reached.contains(name)).collect(),
        functional_relu: None,
        notes: Vec::new(),
        // What TorchScript's code does beside its constants is not read.
        complete: candidate.modules.first().is_none_or(|root| !root.is_script()),
        strides: true,
    };
    comparison.convolutions()?;
    comparison.residuals()?;
    let rest = comparison.follow(&walk.steps)?;
    let run = match rest {
        Some(rest) => comparison.head_run(rest)?,
        None => None,
    };
    comparison.names()?;
    let ends = comparison.ends();
    comparison.pools(ends)?;
    let (head, known, end) = match run {
        Some(HeadRun { plan, end }) => (plan, Vec::new(), end),
        None => {
            comparison.complete = false;
            let (head, known) = comparison.head(ends)?.unwrap_or_default();
            (head, known, None)
        }
    };
    let end = comparison.activations(&known)?.or(end);
    comparison.unknown_code(title, &walk);
    let Comparison { notes, complete, strides, .. } = comparison;
    let inception = candidate.modules.iter().find_map(|saved| match saved.numbers("transform_input") {
        // timm's has no such step.
        None => (saved.kind() == "InceptionV3" && saved.is_of("timm")).then_some(false),
        Some(found) => Some(*found != [0.0]),
    });
    Ok(Told { head, end, strides, complete, transform_input: inception, notes })
}

impl<'a> Comparison<'a> {
    /// The file's module that has the tensors of the network's module `name`.
    fn saved(&self, name: &str) -> Option<(usize, &'a SavedModule)> {
        let original = module(self.candidate.original(&format!("{name}.weight"))).to_string();
        self.candidate.modules.iter().enumerate().find(|(_, saved)| saved.name == original)
    }

    /// The settings of convolutions and normalisations.
    fn convolutions(&mut self) -> Result<()> {
        for (name, module) in self.features {
            let Some(name) = name else { continue };
            let (Module::Convolution(_) | Module::BatchNorm { .. }) = module else { continue };
            match (self.saved(name), module) {
                (Some((_, saved)), Module::Convolution(convolution)) => {
                    self.convolution(saved, *convolution)?
                }
                (Some((_, saved)), Module::BatchNorm { epsilon }) => norm(saved, *epsilon)?,
                _ => (self.complete, self.strides) = (false, false),
            }
        }
        Ok(())
    }

    /// What stands under names of the network, where it is not known what runs.
    fn names(&mut self) -> Result<()> {
        let mut base = None;
        for ((name, module), &matched) in self.features.iter().zip(&self.matched) {
            let Some(name) = name else { continue };
            if let Some((_, saved)) = self.saved(name) {
                base = base.or_else(|| saved.name.strip_suffix(name.as_str()));
            }
            let Some(wanted) = kinds(module).filter(|_| !matched) else { continue };
            let full = base.map(|base| format!("{base}{name}"));
            let mut leaves = self.candidate.modules.iter().filter(|saved| saved.is_leaf);
            match leaves.find(|saved| Some(&saved.name) == full.as_ref()) {
                Some(found) if is_custom(found) || wanted.contains(&found.kind()) => {}
                Some(found) => {
                    return Err(contradicts(found, &with_article(found.kind()), &with_article(wanted[0])));
                }
                // Under another name, or in the code of the module around it.
                None => self.complete &= matches!(module, Module::FunctionalRelu),
            }
        }
        Ok(())
    }

    fn convolution(&mut self, saved: &'a SavedModule, convolution: Convolution) -> Result<()> {
        one_of(saved, &["Conv2d"])?;
        let (stride, padding) = convolution.window();
        if saved.numbers("stride").is_none() {
            (self.complete, self.strides) = (false, false);
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

    /// Blocks of MobileNetV2 add what goes in where it has the shape of what comes out, and say so.
    fn residuals(&self) -> Result<()> {
        const SETTINGS: [&str; 3] = ["use_res_connect", "has_skip", "use_residual"];
        let candidate = self.candidate;
        for block in candidate.modules.iter().filter(|saved| !is_custom(saved)) {
            let told = SETTINGS.into_iter().find_map(|key| Some((key, block.numbers(key)?)));
            let Some((setting, found)) = told else { continue };
            let start = format!("{}.", block.name);
            let within = |saved: &&SavedModule| saved.name.starts_with(&start) && saved.kind() == "Conv2d";
            let mut shapes = Vec::new();
            let mut strides = true;
            let strided = |name: &str| {
                let mut features = self.features.iter().filter(|(found, _)| found.as_deref() == Some(name));
                features.any(|(_, module)| matches!(module, Module::Convolution(conv) if conv.window().0 > 1))
            };
            for saved in candidate.modules.iter().filter(within) {
                let weight = format!("{}.weight", saved.name);
                let name = candidate.tensors.keys().find(|name| candidate.original(name) == weight);
                // What the file does not tell, the network does.
                strides &= match saved.numbers("stride") {
                    Some(stride) => stride.iter().all(|&one| one == 1.0),
                    None => !name.is_some_and(|name| strided(module(name))),
                };
                shapes.extend(name.and_then(|name| candidate.shape(name)));
            }
            let (Some(&[outside, inputs, ..]), Some(&[outputs, ..])) = (shapes.first(), shapes.last()) else {
                continue;
            };
            // Without an expansion the first is depthwise.
            let inputs = if *inputs == 1 { *outside } else { *inputs };
            let wanted = strides && inputs == *outputs;
            if (*found != [0.0]) != wanted {
                let said = |yes| format!("{setting} {yes}");
                return Err(contradicts(block, &said(!wanted), &said(wanted)));
            }
        }
        Ok(())
    }

    /// Says which classes are not known, and which modules have code beside their classes.
    fn unknown_code(&mut self, title: &str, walk: &Walk) {
        let (candidate, blueprint) = (self.candidate, self.blueprint);
        let of_network: HashSet<&str> =
            blueprint.tensors.iter().map(|(name, _)| module(candidate.original(name))).collect();
        let holds = |names: &HashSet<&str>, saved: &SavedModule| {
            let within = |name: &&str| {
                let rest = name.strip_prefix(saved.name.as_str());
                rest.is_some_and(|rest| saved.name.is_empty() || rest.is_empty() || rest.starts_with('.'))
            };
            names.iter().any(within)
        };
        let counts = |saved: &&SavedModule| {
            !self.is_of_training(saved) && (holds(&of_network, saved) || !holds(&self.weighted, saved))
        };
        let mut classes: Vec<&SavedModule> = Vec::new();
        for saved in walk.unknown.iter().copied().filter(counts) {
            if classes.iter().all(|listed| listed.class != saved.class) {
                classes.push(saved);
            }
        }
        let named = |what: &str, name: &str| match name {
            "" => what.to_string(),
            name => format!("{what} (`{name}`)"),
        };
        let classes = classes.into_iter().map(|saved| named(&saved.class, &saved.name));
        let functions = walk.functions.iter().map(|(function, name)| named(function, name));
        let unknown: Vec<String> = classes.chain(functions).collect();
        let coded: Vec<&SavedModule> =
            candidate.modules.iter().filter(|saved| !saved.code.is_empty()).filter(counts).collect();
        let listed = |mut all: Vec<String>| {
            if all.len() > MAX_LISTED {
                all.truncate(MAX_LISTED);
                all.push("…".into());
            }
            all.join(", ")
        };
        self.complete &= unknown.is_empty() && coded.is_empty();
        if !unknown.is_empty() {
            let note = error!(
                Weights,
                "module-unknown",
                "the file holds classes whose code is not known: {classes}. Its tensors are computed as those of {title}, and such modules without tensors are left out: where that code computes otherwise, the scores are wrong",
                classes = listed(unknown),
                title
            );
            self.notes.push(note.into());
        }
        if !coded.is_empty() {
            let coded = coded.iter().map(|saved| match &saved.name[..] {
                "" => saved.code.join(" and "),
                name => format!("{} of `{name}`", saved.code.join(" and ")),
            });
            let note = error!(
                Weights,
                "module-code",
                "modules of the file have code beside their classes, which is not read: {modules}. Where it changes what they compute, scores and maps are wrong",
                modules = listed(coded.collect())
            );
            self.notes.push(note.into());
        }
    }

    /// Whether a module only helps to train.
    fn is_of_training(&self, saved: &SavedModule) -> bool {
        self.blueprint.training_only.iter().any(|start| saved.name.contains(start))
            || self.candidate.is_of_training(&saved.name)
            || saved.is_of("torch.nn.modules.loss")
            || saved.is_of("torchmetrics")
    }

    /// The place of the features' last module that has tensors.
    fn ends(&self) -> usize {
        let names = self.features.iter().filter_map(|(name, _)| name.as_deref());
        names.filter_map(|name| self.saved(name)).map(|(place, _)| place).max().unwrap_or(0)
    }

    /// The file's modules of known classes that have no tensors and hold no others, with their places; those for training alone are
    /// left out, and those of which is known where they run.
    fn plain(&self) -> Vec<(usize, &'a SavedModule)> {
        let is_plain = |(_, saved): &(usize, &SavedModule)| {
            saved.is_leaf
                && !self.weighted.contains(saved.name.as_str())
                && !self.judged.contains(saved.name.as_str())
                && !self.is_of_training(saved)
                && !is_custom(saved)
                && !saved.is_of("torch.nn.modules.container")
        };
        self.candidate.modules.iter().enumerate().filter(is_plain).collect()
    }

    /// Pools in the features, in order; `ends` is the place of the last module there that has tensors.
    fn pools(&mut self, ends: usize) -> Result<()> {
        let blueprint = self.blueprint;
        let unmatched = self.features.iter().zip(&self.matched).filter(|(_, matched)| !**matched);
        let mut wanted = unmatched.filter_map(|((name, module), _)| name.as_ref().and(pool(module)));
        let side = blueprint.head.as_ref().map_or(1, |head| head.side);
        let layers = blueprint.head.iter().flat_map(|head| &head.layers);
        let head =
            layers.filter_map(|name| self.saved(name)).map(|(place, _)| place).min().unwrap_or(usize::MAX);
        for (place, saved) in self.plain() {
            let kind = saved.kind();
            match kind {
                "MaxPool2d" | "AvgPool2d" => {
                    // Once networks averaged a window as large as their last layer.
                    let is_last = kind == "AvgPool2d" && place > ends;
                    if !wanted.by_ref().any(|wanted| pools_as(saved, wanted)) {
                        if is_last {
                            self.notes.push(averages_window(saved));
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
            if let Some(root) = self.candidate.modules.first().filter(|root| is_sequential(root)) {
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
    fn head(&mut self, ends: usize) -> Result<Option<(Option<HeadPlan>, Vec<&'a str>)>> {
        let (candidate, blueprint, plan) = (self.candidate, self.blueprint, self.plan);
        let Some(own) = &blueprint.head else { return Ok(None) };
        let saved: Vec<_> = own.layers.iter().filter_map(|name| Some((name, self.saved(name)?))).collect();
        saved.iter().try_for_each(|(_, (_, layer))| head_layer(layer))?;
        if saved.is_empty() || saved.len() < own.layers.len() {
            return Ok(None);
        }
        let parent = |name: &str| {
            let outer = candidate.modules.iter().find(|saved| saved.name == module(name));
            outer.is_some_and(is_sequential).then(|| module(name).to_string())
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
            return Err(contradicts(last, "a ReLU after the last layer", "nothing"));
        }
        let found: Vec<Option<&str>> = layers.iter().map(|(name, _)| *name).collect();
        let Some(plan) = plan else {
            let Some(at) = first_difference(&found, &with_relus(&own.layers)) else {
                return Ok(Some((None, names)));
            };
            return Err(contradicts(
                layers[at.min(layers.len() - 1)].1,
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

    /// What is the last of the activations and makes probabilities, if anything does. None of them may be another than the network's.
    /// `known` are those of the head.
    fn activations(&self, known: &[&str]) -> Result<Option<End>> {
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
        let mut end = None;
        for (place, saved) in self.plain() {
            match saved.kind() {
                "ReLU"
                    if has("ReLU")
                        || !blocks.contains(module(&saved.name))
                        || known.contains(&saved.name.as_str()) => {}
                "ReLU6" if has("ReLU6") => {}
                kind if place > last && kind.parse::<End>().is_ok() => end = kind.parse().ok(),
                _ if is_no_op(saved) || is_pool(saved) => {}
                kind => return Err(contradicts(saved, &with_article(kind), "none")),
            }
        }
        Ok(end)
    }
}

/// The layers of an architecture's own head, with a ReLU (`None`) between each two.
fn with_relus(layers: &[String]) -> Vec<Option<&str>> {
    layers.iter().flat_map(|name| [None, Some(name.as_str())]).skip(1).collect()
}

/// The first place at which two heads differ.
fn first_difference(a: &[Option<&str>], b: &[Option<&str>]) -> Option<usize> {
    (0..a.len().max(b.len())).find(|&at| a.get(at) != b.get(at))
}
