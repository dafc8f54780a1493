//! Networks whose tensors have meaningless names: told by the order of their modules and the shapes of their tensors.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::candidate::{Candidate, module};
use super::fit::Shapes;
use super::format::{Entry, join};
use super::hashed::Hashed;
use crate::network::{Architecture, Blueprint, NETWORKS, OTHERS};

/// Fewer modules do not tell a network.
const MIN_MODULES: usize = 8;

/// How many modules around one are looked at.
const MAX_AROUND: usize = 8;

/// A ResNet's children that have tensors, in order.
const RESNET: [&str; 6] = ["conv1", "bn1", "layer1", "layer2", "layer3", "layer4"];

/// A module: its name, and the last parts of its tensors' names with their shapes.
type Module = (String, Vec<(String, Vec<usize>)>);

/// The features of each network of the table.
fn features() -> &'static [(&'static Architecture, Vec<Module>)] {
    static FEATURES: OnceLock<Vec<(&Architecture, Vec<Module>)>> = OnceLock::new();
    FEATURES.get_or_init(|| {
        let known = NETWORKS.iter().filter_map(|architecture| {
            Some((architecture, features_of(architecture.blueprint(&Hashed { classes: 1 }).ok()?)))
        });
        known.collect()
    })
}

/// The modules of a network before its head.
fn features_of(blueprint: Blueprint) -> Vec<Module> {
    let own = blueprint.head.map_or(Vec::new(), |head| head.layers);
    modules(blueprint.tensors.into_iter().filter(|(name, _)| !own.iter().any(|own| module(name) == own)))
}

/// Tensors by their modules, in order.
fn modules(tensors: impl Iterator<Item = (String, Vec<usize>)>) -> Vec<Module> {
    let mut modules: Vec<Module> = Vec::new();
    for (name, shape) in tensors {
        let part = name.rsplit('.').next().unwrap_or_default().to_string();
        match modules.last_mut().filter(|(found, _)| found == module(&name)) {
            Some((_, parts)) => parts.push((part, shape)),
            None => modules.push((module(&name).into(), vec![(part, shape)])),
        }
    }
    for (_, parts) in &mut modules {
        parts.sort();
    }
    modules
}

/// The networks whose features the candidate starts with, and the names that its tensors have in each.
pub fn matches(candidate: &Candidate) -> Vec<(&'static Architecture, Vec<(String, String)>)> {
    if !candidate.ordered {
        return Vec::new();
    }
    let tensors = candidate.order.iter().filter_map(|name| match &candidate.tensors[name] {
        Entry::Stored(stored) if !name.ends_with("num_batches_tracked") => {
            Some((name.clone(), stored.shape.clone()))
        }
        _ => None,
    });
    let found = modules(tensors);
    if found.len() < MIN_MODULES {
        return Vec::new();
    }
    let pairs = |features: &[Module]| -> Option<Vec<(String, String)>> {
        let is_same = !features.is_empty()
            && features.len() <= found.len()
            && features.iter().zip(&found).all(|((_, wanted), (_, parts))| wanted == parts);
        is_same.then(|| {
            let pairs = features.iter().zip(&found).flat_map(|((to, parts), (from, _))| {
                parts.iter().map(move |(part, _)| (join(from, part), join(to, part)))
            });
            pairs.collect()
        })
    };
    let known =
        features().iter().filter_map(|(architecture, features)| Some((*architecture, pairs(features)?)));
    let known: Vec<_> = known.collect();
    if !known.is_empty() {
        return known;
    }
    let renamed = with_likely_names(candidate, &found);
    let drawn = Shapes { candidate: &renamed, head: None, lenient: true };
    let others = OTHERS.iter().filter_map(|architecture| {
        let blueprint = architecture.blueprint(&drawn).ok()?;
        Some((architecture, pairs(&features_of(blueprint))?))
    });
    others.collect()
}

/// The candidate with more names, by which a network tells its sizes: those that its modules have where one stands in a module of its
/// own, or a ResNet's at other places of a `Sequential`.
fn with_likely_names(candidate: &Candidate, modules: &[Module]) -> Candidate {
    let mut names: Vec<(String, &str)> = Vec::new();
    let around =
        |name: &str| -> Vec<usize> { name.rmatch_indices('.').map(|(at, _)| at).take(MAX_AROUND).collect() };
    let mut held: HashMap<&str, usize> = HashMap::new();
    for (name, _) in modules {
        for at in around(name).into_iter().chain([name.len()]) {
            *held.entry(&name[..at]).or_default() += 1;
        }
    }
    for (name, _) in modules {
        // `conv1.1`, beside which nothing in `conv1` has tensors, is `conv1`.
        let is_place =
            |at: usize| name[at + 1..].split('.').all(|part| part.bytes().all(|b| b.is_ascii_digit()));
        let alone = around(name).into_iter().filter(|&at| is_place(at) && held[&name[..at]] == 1);
        names.extend(alone.map(|at| (name[..at].to_string(), name.as_str())));
    }
    let mut children: Vec<&str> = modules.iter().map(|(name, _)| first(name)).collect();
    children.dedup();
    if let [stem, _, layer, ..] = children[..]
        && modules.iter().any(|(name, _)| name == stem)
        && held.contains_key(format!("{layer}.0.conv1").as_str())
    {
        for (name, _) in modules {
            let child = RESNET.iter().zip(&children).find(|(_, child)| **child == first(name));
            names.extend(
                child.map(|(known, child)| (format!("{known}{}", &name[child.len()..]), name.as_str())),
            );
        }
    }
    let mut candidate = candidate.clone();
    for (name, found) in names {
        for part in ["weight", "bias", "running_mean", "running_var"] {
            let Some(entry) = candidate.tensors.get(&join(found, part)).cloned() else { continue };
            candidate.tensors.entry(join(&name, part)).or_insert(entry);
        }
    }
    candidate
}

/// The outermost module of a name.
fn first(name: &str) -> &str {
    name.split('.').next().unwrap_or_default()
}

/// The first module that stands further behind in a `Sequential` than the network's, and what the network has there: names that are
/// alike but for that tell that something without tensors stands before it.
pub fn shifted(renames: &[(String, String)]) -> Option<(&str, &str)> {
    renames.iter().find_map(|(found, wanted)| {
        let [found, wanted] = [module(found), module(wanted)];
        let mut differing = found.split('.').zip(wanted.split('.')).filter(|(found, wanted)| found != wanted);
        let (place, known) = differing.next()?;
        let is_behind = place.parse::<usize>().ok()? > known.parse().ok()?;
        let is_alike = differing.next().is_none() && found.split('.').count() == wanted.split('.').count();
        (is_behind && is_alike).then_some((found, wanted))
    })
}
