//! Follows what a file's modules run, step by step, beside what the network runs.

use std::collections::HashMap;

use super::super::format::{SavedModule, join};
use super::checks::{
    LINEAR, NORMS, averages_window, contradicts, head_layer, is_pool, pair, pool, pools_as, shown,
    with_article,
};
use super::classes::{CONCAT_POOL, Function};
use super::walk::Step;
use super::{Comparison, End, first_difference, with_relus};
use crate::Result;
use crate::error::error;
use crate::network::{HeadLayer, HeadPlan, Module};

const MEAN: &str = "the mean of all places";
const SUM: &str = "the sum of its branches";

/// Steps behind the features.
#[derive(Clone, Copy)]
pub struct Rest<'a> {
    steps: &'a [Step<'a>],
    /// Whether what comes in has no negative numbers.
    rectified: bool,
    /// What was run before.
    last: Option<Step<'a>>,
}

/// A head as the file's modules run it.
pub struct HeadRun {
    /// Its layers and ReLUs, unless they are the architecture's own.
    pub plan: Option<HeadPlan>,
    /// What makes probabilities of its scores, if anything does.
    pub end: Option<End>,
}

/// What the network runs next.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    /// Its place among the features.
    place: usize,
    /// The file's module with its tensors, if it has any.
    saved: Option<&'a SavedModule>,
    module: &'a Module,
}

impl<'a> Wanted<'a> {
    fn is_relu(self) -> bool {
        matches!(self.module, Module::Relu | Module::FunctionalRelu)
    }

    fn shown(self) -> String {
        match (self.saved, self.module) {
            (Some(saved), _) => format!("`{}`", saved.name),
            (_, Module::Relu | Module::FunctionalRelu) => "a ReLU".into(),
            (_, Module::Relu6) => "a ReLU6".into(),
            (_, module) => pool(module).map_or(MEAN.into(), |(kind, ..)| with_article(kind)),
        }
    }
}

impl<'a> Step<'a> {
    fn module(self) -> Option<&'a SavedModule> {
        match self {
            Self::Module(saved) => Some(saved),
            _ => None,
        }
    }

    /// Whether it is a function, or a module of a class, of this name.
    fn is(self, kind: &str) -> bool {
        match self {
            Self::Module(saved) => saved.kind() == kind,
            Self::Function(function, _) => function == Function::Relu && kind == "ReLU",
            Self::Replaced { function, .. } => {
                let function = function.rsplit('.').next().unwrap_or_default().trim_end_matches('_');
                matches!((function, kind), ("relu", "ReLU") | ("relu6", "ReLU6"))
            }
            Self::Gap => false,
        }
    }

    /// Whether it pools as the network's `module` does.
    fn pools_as(self, module: &Module) -> bool {
        match (self, pool(module)) {
            (Self::Module(saved), Some(wanted)) => pools_as(saved, wanted),
            (Self::Function(Function::MaxPool, _), _) => {
                matches!(module, Module::MaxPool3x3 { padding: 0, ceil: false })
            }
            (Self::Function(Function::AveragePool, _), _) => matches!(module, Module::AveragePool3x3),
            _ => false,
        }
    }

    fn shown(self) -> String {
        match self {
            Self::Module(saved) if LINEAR.contains(&saved.kind()) || NORMS.contains(&saved.kind()) => {
                format!("`{}`", saved.name)
            }
            Self::Module(saved) => format!("{} (`{}`)", with_article(saved.kind()), saved.name),
            Self::Function(function, within) => {
                let function = match function {
                    Function::Relu => "a ReLU",
                    Function::MaxPool => "a max pool",
                    Function::AveragePool => "an average pool",
                    Function::Mean => MEAN,
                    Function::Sum => SUM,
                };
                let name = if within.name.is_empty() { within.kind() } else { &within.name };
                format!("{function} (in `{name}`)")
            }
            Self::Replaced { function, name, within } => {
                let function = function.rsplit('.').next().unwrap_or_default();
                let name = join(&within.name, name);
                format!("the function {function} (`{name}`)")
            }
            Self::Gap => "code that is not known".into(),
        }
    }
}

impl<'a> Comparison<'a> {
    /// Follows all steps that are known, and gives those behind the features, where they are known too.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights), naming the first step that is another than the network's.
    pub fn follow(&mut self, steps: &'a [Step<'a>]) -> Result<Option<Rest<'a>>> {
        let features = self.features;
        let counts = |(place, (name, module)): (usize, &'a (Option<String>, Module))| {
            let saved = match module {
                Module::Convolution(_) | Module::BatchNorm { .. } => {
                    Some(name.as_deref().and_then(|name| self.saved(name)).map(|(_, saved)| saved))
                }
                Module::Relu
                | Module::Relu6
                | Module::FunctionalRelu
                | Module::AdaptiveAveragePool { .. } => None,
                module => {
                    pool(module)?;
                    None
                }
            };
            Some((place, saved, module))
        };
        let mut wanted = Vec::new();
        for (place, saved, module) in features.iter().enumerate().filter_map(counts) {
            // The names of some modules are too long to be kept.
            let Some(saved) = saved.map_or(Some(None), |saved| saved.map(Some)) else { return Ok(None) };
            wanted.push(Wanted { place, saved, module });
        }
        let mut rest = None;
        let mut at = 0;
        for run in steps.split(|step| matches!(step, Step::Gap)) {
            let end = at + run.len();
            if let Some(found) = self.follow_run(run, &wanted, [at > 0, end < steps.len()])? {
                rest = Some(found);
            }
            at = end + 1;
        }
        Ok(rest)
    }

    /// Follows steps between which nothing is unknown; `open` tells whether something is, before them and behind.
    fn follow_run(
        &mut self,
        steps: &'a [Step<'a>],
        wanted: &[Wanted<'a>],
        open: [bool; 2],
    ) -> Result<Option<Rest<'a>>> {
        let named: HashMap<&str, usize> = wanted
            .iter()
            .enumerate()
            .filter_map(|(place, wanted)| Some((wanted.saved?.name.as_str(), place)))
            .collect();
        let known = |step: &Step| named.get(step.module()?.name.as_str()).copied();
        let first = steps.iter().enumerate().find_map(|(at, step)| Some((at, known(step)?)));
        let Some((before, start)) = first else { return Ok(None) };
        let free = wanted[..start].iter().rev().take_while(|wanted| wanted.saved.is_none()).count();
        let mut next = if open[0] { start - before.min(free) } else { 0 };
        let (mut at, mut rectified) = (0, false);
        let (mut last, mut before_last): (Option<Step>, Option<Step>) = (None, None);
        while let Some(&step) = steps.get(at) {
            if let Step::Function(Function::Sum, _) = step {
                // Something stands in a branch that our flat list would take for what follows the sum.
                if let Some(extra) = last.filter(|_| rectified) {
                    return Err(runs_other(extra.shown(), before_last, SUM.into()));
                }
                at += 1;
                continue;
            }
            let Some(&want) = wanted.get(next) else {
                self.judge(steps);
                return Ok(Some(Rest { steps: &steps[at..], rectified, last }));
            };
            let behind = wanted.get(next + 1).copied();
            if self.does(step, want) {
                self.matched[want.place] = true;
                rectified = match want.module {
                    Module::Relu | Module::FunctionalRelu | Module::Relu6 => true,
                    Module::Convolution(_) | Module::BatchNorm { .. } => false,
                    _ => rectified,
                };
                next += 1;
            } else if step.is("ReLU") && rectified {
                // Twice does no more than once.
            } else if let (Some(behind), Some(&second)) = (behind, steps.get(at + 1))
                && commute(want.module, behind.module)
                && self.does(step, behind)
                && self.does(second, want)
            {
                (self.matched[want.place], self.matched[behind.place]) = (true, true);
                rectified = want.is_relu();
                next += 2;
                at += 1;
            } else if self.is_last_relu(want, wanted) {
                self.functional_relu = Some(false);
                self.matched[want.place] = true;
                next += 1;
                continue;
            } else {
                return Err(
                    match step
                        .module()
                        .filter(|saved| pool(want.module).is_some_and(|pool| pool.0 == saved.kind()))
                    {
                        Some(saved) => contradicts(saved, &shown(saved), "another one"),
                        None => runs_other(step.shown(), last, want.shown()),
                    },
                );
            }
            (before_last, last) = (last, steps.get(at).copied());
            at += 1;
        }
        self.judge(steps);
        match wanted.get(next) {
            Some(_) if open[1] => return Ok(None),
            Some(&want) if self.is_last_relu(want, wanted) => {
                self.functional_relu = Some(false);
                self.matched[want.place] = true;
            }
            Some(want) => return Err(runs_other("nothing".into(), last, want.shown())),
            None => {}
        }
        Ok(Some(Rest { steps: &[], rectified, last }))
    }

    /// Notes that nothing more need be asked of the modules of `steps`.
    fn judge(&mut self, steps: &[Step<'a>]) {
        self.judged.extend(steps.iter().filter_map(|step| Some(step.module()?.name.as_str())));
    }

    /// Whether it is the ReLU that torchvision's DenseNet calls at its end, without which the network can be built.
    fn is_last_relu(&self, want: Wanted, wanted: &[Wanted]) -> bool {
        matches!(want.module, Module::FunctionalRelu)
            && wanted.last().is_some_and(|last| last.place == want.place)
            && self.plan.is_some()
    }

    /// Whether the file does in a step what the network does.
    fn does(&mut self, step: Step<'a>, wanted: Wanted) -> bool {
        if let Some(saved) = wanted.saved {
            return step.module().is_some_and(|found| found.name == saved.name);
        }
        match wanted.module {
            Module::Relu | Module::FunctionalRelu => step.is("ReLU"),
            Module::Relu6 => step.is("ReLU6"),
            Module::AdaptiveAveragePool { side } => self.averages(step, *side),
            module => step.pools_as(module),
        }
    }

    /// Whether a step averages over `side` by `side` parts of the picture.
    fn averages(&mut self, step: Step<'a>, side: usize) -> bool {
        match step {
            Step::Function(Function::Mean, _) => side == 1,
            Step::Module(saved) => match saved.kind() {
                "AdaptiveAvgPool2d" => pair(saved, "output_size", [side; 2]).is_ok(),
                "FastAdaptiveAvgPool" | "FastAdaptiveAvgPool2d" => side == 1,
                // Once networks averaged a window as large as their last layer.
                "AvgPool2d" if side == 1 => {
                    self.notes.push(averages_window(saved));
                    true
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether a step pools as a head wants it: to largest values and means, or to means of `side` by `side` parts.
    fn pools_for_head(&mut self, step: Step<'a>, side: usize, doubled: bool) -> bool {
        if doubled { step.is(CONCAT_POOL) } else { self.averages(step, side) }
    }

    /// The head as the file runs it behind the features; `None`: it is elsewhere.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights), naming a step that the network cannot do.
    pub fn head_run(&mut self, rest: Rest<'a>) -> Result<Option<HeadRun>> {
        let (blueprint, plan) = (self.blueprint, self.plan);
        let own = blueprint.head.as_ref();
        let names = own.map_or(&[][..], |own| &own.layers);
        let saved: Vec<(&str, &SavedModule)> =
            names.iter().filter_map(|name| Some((name.as_str(), self.saved(name)?.1))).collect();
        let layer = |step: &Step| {
            let found = step.module()?;
            saved.iter().find(|(_, layer)| layer.name == found.name).copied()
        };
        let found: Vec<&str> = rest.steps.iter().filter_map(|step| Some(layer(step)?.0)).collect();
        if names.iter().any(|name| !found.contains(&name.as_str())) {
            return Ok(None);
        }
        let side = own.map_or(1, |own| own.side);
        let doubled = own.zip(plan).is_some_and(|(own, plan)| plan.inputs == 2 * own.channels);
        let (mut layers, mut end, mut closed, mut pooled) = (Vec::new(), None, false, false);
        let (mut rectified, mut last, mut before_last) = (rest.rectified, rest.last, None);
        for &step in rest.steps {
            let wrong = |wanted: &str| Err(runs_other(step.shown(), last, wanted.into()));
            if let Some((name, saved)) = layer(&step) {
                if closed {
                    return wrong("nothing");
                }
                head_layer(saved)?;
                layers.push(Some(name));
                rectified = false;
            } else if step.is("ReLU") && rectified {
                // Twice does no more than once.
            } else if step.is("ReLU") && (pooled || !layers.is_empty()) {
                layers.push(None);
                rectified = true;
            } else if closed && step.module().is_some_and(|saved| !is_end(saved)) {
                return wrong("nothing");
            } else if layers.is_empty() && self.pools_for_head(step, side, doubled) {
                pooled = true;
            } else if !layers.is_empty() && self.averages(step, 1) {
                // timm's VGG pools what its first layers have brought to one place.
            } else if let Some(saved) = step.module().filter(|saved| is_end(saved)) {
                if found.len() > layers.iter().flatten().count() {
                    return wrong("none");
                }
                end = saved.kind().parse().ok();
                closed = true;
            } else {
                return match step {
                    Step::Module(saved) if is_pool(saved) => {
                        Err(contradicts(saved, &shown(saved), "the mean"))
                    }
                    _ => wrong(if pooled || !layers.is_empty() { "nothing" } else { MEAN }),
                };
            }
            (before_last, last) = (last, Some(step));
        }
        if doubled && !pooled {
            return Ok(None);
        }
        if let Some(None) = layers.last()
            && let Some(last) = last
        {
            return Err(runs_other(last.shown(), before_last, "nothing".into()));
        }
        self.judge(rest.steps);
        let Some(plan) = plan else {
            let own = with_relus(names);
            let Some(at) = first_difference(&layers, &own) else {
                return Ok(Some(HeadRun { plan: None, end }));
            };
            let shown = |layers: &[Option<&str>], at: usize| match layers.get(at) {
                None => "nothing".into(),
                Some(None) => "a ReLU".into(),
                Some(Some(name)) => {
                    let saved = saved.iter().find(|(found, _)| found == name);
                    format!("`{}`", saved.map_or(*name, |(_, saved)| saved.name.as_str()))
                }
            };
            let place =
                at.checked_sub(1).map_or("first".into(), |at| format!("after {}", shown(&layers, at)));
            return Err(runs_other_at(shown(&layers, at), place, shown(&own, at)));
        };
        let order_of_plan = plan.layers.iter().filter_map(HeadLayer::name);
        if !found.iter().copied().eq(order_of_plan.clone()) {
            let listed = |names: Vec<&str>| names.join("`, `");
            let (found, wanted) = (listed(found), listed(order_of_plan.collect()));
            return Err(runs_other(format!("`{found}`"), rest.last, format!("`{wanted}`")));
        }
        let known = |name: &str| plan.layers.iter().find(|layer| layer.name() == Some(name)).cloned();
        let layers = layers.into_iter().map(|name| name.map_or(Some(HeadLayer::Relu), known));
        let functional_relu = self.functional_relu.unwrap_or(plan.functional_relu);
        let plan = layers.collect::<Option<Vec<_>>>().map(|layers| HeadPlan {
            layers,
            functional_relu,
            inputs: plan.inputs,
        });
        Ok(Some(HeadRun { plan, end }))
    }
}

/// Whether a module makes probabilities of scores.
fn is_end(saved: &SavedModule) -> bool {
    saved.kind().parse::<End>().is_ok()
}

/// Whether `second` before `first` does the same: the largest value of rectified numbers is the rectified largest value, and a
/// convolution of one pixel gives the same mean before and behind.
fn commute(first: &Module, second: &Module) -> bool {
    match (first, second) {
        (Module::Relu, Module::MaxPool2x2 | Module::MaxPool3x3 { .. }) => true,
        (Module::Convolution(convolution), Module::AveragePool2x2 { ceil: false }) => {
            let [_, _, rows, columns] = convolution.weight_shape(1);
            [rows, columns] == [1; 2] && convolution.window() == (1, [0; 2])
        }
        _ => false,
    }
}

/// The error for a step in place of another.
fn runs_other(found: String, last: Option<Step>, wanted: String) -> crate::Error {
    runs_other_at(found, last.map_or("first".into(), |last| format!("after {}", last.shown())), wanted)
}

fn runs_other_at(found: String, place: String, wanted: String) -> crate::Error {
    error!(
        Weights,
        "module-order",
        "the file's network runs {found} {place}, where this network runs {wanted}: the scores would differ. If the change is not meant, load the tensors into the unchanged network and save its state dict",
        found,
        place,
        wanted
    )
}
