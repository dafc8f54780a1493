//! Networks whose tensors have meaningless names: told by the order of their modules and the shapes of their tensors.

use std::sync::OnceLock;

use super::candidate::{Candidate, module};
use super::format::{Entry, join};
use super::hashed::Hashed;
use crate::network::{Architecture, NETWORKS};

/// Fewer modules do not tell a network.
const MIN_MODULES: usize = 8;

/// A module: its name, and the last parts of its tensors' names with their shapes.
type Module = (String, Vec<(String, Vec<usize>)>);

/// The features of each network of the table.
fn features() -> &'static [(&'static Architecture, Vec<Module>)] {
    static FEATURES: OnceLock<Vec<(&Architecture, Vec<Module>)>> = OnceLock::new();
    FEATURES.get_or_init(|| {
        let known = NETWORKS.iter().filter_map(|architecture| {
            let blueprint = architecture.blueprint(&Hashed { classes: 1 }).ok()?;
            let own = blueprint.head.map_or(Vec::new(), |head| head.layers);
            let tensors =
                blueprint.tensors.into_iter().filter(|(name, _)| !own.iter().any(|own| module(name) == own));
            Some((architecture, modules(tensors)))
        });
        known.collect()
    })
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
    let same = |features: &[Module]| {
        features.len() <= found.len()
            && features.iter().zip(&found).all(|((_, wanted), (_, parts))| wanted == parts)
    };
    let known = features().iter().filter(|(_, features)| !features.is_empty() && same(features));
    known
        .map(|(architecture, features)| {
            let pairs = features.iter().zip(&found).flat_map(|((to, parts), (from, _))| {
                parts.iter().map(move |(part, _)| (join(from, part), join(to, part)))
            });
            (*architecture, pairs.collect())
        })
        .collect()
}
