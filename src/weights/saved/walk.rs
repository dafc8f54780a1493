//! What the modules of a file run, in order, as far as their classes are known.

use std::collections::HashSet;

use super::super::format::{SavedModule, join};
use super::classes::{self, CONCAT_POOL, Function, NO_OPS, Part};

/// The most steps that are walked: ten times those of the largest network.
const MAX_STEPS: usize = 20_000;

/// One thing after another that a network does.
#[derive(Clone, Copy)]
pub enum Step<'a> {
    /// A module that holds no others that count.
    Module(&'a SavedModule),
    /// A function that the class of a module calls.
    Function(Function, &'a SavedModule),
    /// A function that stands in a module under the name of another module, with that name.
    Replaced { function: &'a str, name: &'a str, within: &'a SavedModule },
    /// What is not known: the code of somebody's own class.
    Gap,
}

/// The steps of a file's modules.
pub struct Walk<'a> {
    modules: &'a [SavedModule],
    /// The names of modules that have tensors of their own.
    weighted: &'a HashSet<&'a str>,
    pub steps: Vec<Step<'a>>,
    /// Modules whose code is not known.
    pub unknown: Vec<&'a SavedModule>,
    /// Functions that are not known, with the names that they stand under.
    pub functions: Vec<(&'a str, String)>,
    /// The names of all modules that something runs, or may run.
    pub reached: HashSet<&'a str>,
}

impl<'a> Walk<'a> {
    /// Walks from the first of `modules`.
    pub fn new(modules: &'a [SavedModule], weighted: &'a HashSet<&'a str>) -> Self {
        let (steps, unknown, functions, reached) = Default::default();
        let mut walk = Self { modules, weighted, steps, unknown, functions, reached };
        if !modules.is_empty() {
            walk.run(0);
        }
        walk
    }

    fn run(&mut self, place: usize) {
        let saved = &self.modules[place];
        self.reached.insert(&saved.name);
        if self.steps.len() >= MAX_STEPS {
            self.unknown.push(saved);
            return;
        }
        let has_tensors = self.weighted.contains(saved.name.as_str());
        if has_tensors {
            self.steps.push(Step::Module(saved));
        }
        if saved.kind() == CONCAT_POOL && !classes::is_custom(saved) {
            self.steps.push(Step::Module(saved));
            return;
        }
        let is_leaf = saved.children.as_ref().is_some_and(Vec::is_empty);
        match classes::parts(saved, |name| {
            self.child(saved, name).is_some() || function(saved, name).is_some()
        }) {
            Some(parts) if saved.children.is_some() => self.run_parts(saved, &parts),
            _ if is_leaf && classes::is_custom(saved) => {
                self.unknown.push(saved);
                if !has_tensors {
                    self.steps.push(Step::Gap);
                }
            }
            _ if is_leaf && has_tensors => {}
            _ if is_leaf && !is_no_op(saved) => self.steps.push(Step::Module(saved)),
            _ if is_leaf => {}
            _ => {
                self.unknown.push(saved);
                self.steps.push(Step::Gap);
                for &child in saved.children.iter().flatten() {
                    self.run(child);
                    self.steps.push(Step::Gap);
                }
            }
        }
    }

    fn run_parts(&mut self, saved: &'a SavedModule, parts: &[Part<'static>]) {
        for part in parts {
            match *part {
                Part::All => saved.children.iter().flatten().for_each(|&child| self.run(child)),
                Part::Function(function) => self.steps.push(Step::Function(function, saved)),
                Part::Each(name) => match self.child(saved, name) {
                    Some(list) => {
                        let list = &self.modules[list];
                        if list.children.is_none() {
                            self.unknown.push(list);
                            self.steps.push(Step::Gap);
                        }
                        list.children.iter().flatten().for_each(|&child| self.run(child));
                    }
                    None => self.replaced(saved, name),
                },
                Part::Optional(name) | Part::Required(name) | Part::Either(name, _) => {
                    match (self.child(saved, name), part) {
                        (Some(child), _) => self.run(child),
                        (None, _) if function(saved, name).is_some() => self.replaced(saved, name),
                        (None, Part::Either(_, function)) => {
                            self.steps.push(Step::Function(*function, saved))
                        }
                        (None, _) => {}
                    }
                }
            }
        }
    }

    /// A function, in place of a module.
    fn replaced(&mut self, within: &'a SavedModule, attribute: &str) {
        match function(within, attribute) {
            Some((name, function)) if function.starts_with("torch.") => {
                self.steps.push(Step::Replaced { function, name, within });
            }
            Some((name, function)) => {
                self.functions.push((function, join(&within.name, name)));
                self.steps.push(Step::Gap);
            }
            None => {
                self.unknown.push(within);
                self.steps.push(Step::Gap);
            }
        }
    }

    fn child(&self, saved: &SavedModule, name: &str) -> Option<usize> {
        let full = join(&saved.name, name);
        saved.children.iter().flatten().copied().find(|&child| self.modules[child].name == full)
    }
}

/// A function under the name of a module, and that name.
fn function<'a>(saved: &'a SavedModule, attribute: &str) -> Option<(&'a str, &'a str)> {
    let (name, function) = saved.functions.iter().find(|(name, _)| name == attribute)?;
    Some((name, function))
}

pub fn is_no_op(saved: &SavedModule) -> bool {
    NO_OPS.contains(&saved.kind()) && !classes::is_custom(saved)
}
