//! An inquiry: methods, layers and a target, asked of one picture; merged and smoothed where that is wanted.

use std::cell::{Cell, RefCell};
use std::str::FromStr;

use burn::tensor::Tensor;

use super::study::Footprint;
use super::{Budget, Evidence, Method, Needs, Output, Pass, Run, Settings, Study, Target, Watch, combine};
use crate::network::Network;
use crate::random::Random;
use crate::{Error, Problem, Result};

/// How the maps of several layers become one: each is brought to 0..1 and to the picture's size first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Merge {
    /// Their mean.
    #[default]
    Mean,
    /// The largest of them, pixel by pixel.
    Max,
}

impl Merge {
    /// The names that [`from_str`](FromStr::from_str) reads.
    pub const ALL: [(&'static str, Self); 2] = [("mean", Self::Mean), ("max", Self::Max)];
}

impl FromStr for Merge {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.iter().find(|(name, _)| *name == text).map(|(_, merge)| *merge);
        found.ok_or_else(|| crate::error::unknown("merge", text, Self::ALL.map(|(name, _)| name)))
    }
}

/// What is asked of a network about one picture.
pub struct Inquiry<'a> {
    /// The network.
    pub network: &'a dyn Network,
    /// The layers that are explained, at least one.
    pub layers: Vec<&'a str>,
    /// How several of them become one map.
    pub merge: Merge,
    /// Averages over mirrored, dimmed and brightened copies of the picture, each map brought to 0..1 first.
    pub smooth: bool,
    /// The methods.
    pub methods: &'a [&'static Method],
    /// The number that is explained.
    pub target: Target,
    /// How class scores become probabilities.
    pub problem: Problem,
    /// A variant of a method.
    pub preset: Option<&'a str>,
    /// Values for the methods' settings.
    pub settings: &'a Settings,
    /// The random numbers that start at a seed.
    pub noise: fn(u64) -> Box<dyn Random>,
    /// Told of progress.
    pub watch: &'a Watch<'a>,
}

/// What one method answers.
pub struct Answer {
    /// The method.
    pub method: &'static Method,
    /// `[rows, c, h, w]`, a row for each class: one channel of a map, three of a picture.
    pub maps: Tensor<4>,
    /// What a limit on the channels left out, at the first layer.
    pub budget: Option<Budget>,
    /// One number `[1]`, finite exactly if all that the maps were made of is.
    pub health: Tensor<1>,
}

/// Mirrored or not, and by how much the normalised picture is multiplied: pytorch-grad-cam's `aug_smooth`.
const COPIES: [(bool, f32); 6] =
    [(false, 0.9), (false, 1.0), (false, 1.1), (true, 0.9), (true, 1.0), (true, 1.1)];

impl<'a> Inquiry<'a> {
    /// Checks that what is asked for goes together.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request), saying what does not.
    pub fn check(&self) -> Result<()> {
        if let Some(preset) = self.preset {
            super::check_preset(self.methods, preset)?;
        }
        self.settings.check(self.methods)?;
        for method in self.methods.iter().filter(|method| method.output == Output::Picture) {
            let merged = self.layers.len() > 1 && method.needs != Needs::Nothing;
            if self.smooth || merged {
                let what = if self.smooth { "smoothing" } else { "merging layers" };
                return Err(Error::request(format!(
                    "{what} averages maps in 0..1, and {} gives a signed picture; leave it out, or choose a method \
                     that gives a map",
                    method.name
                )));
            }
        }
        Ok(())
    }

    /// Runs the network on picture `x` `[1, 3, height, width]`, ready to explain `rows` classes.
    pub fn begin(&self, x: Tensor<4>, rows: usize) -> Pass<'a> {
        let differentiate = self.methods.iter().any(|method| method.needs == Needs::Gradients);
        Pass::run(self.network, x, &self.layers, rows, differentiate)
    }

    /// Explains each of `classes`, by the pass that [`begin`](Self::begin) ran on `x`.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request): a layer or method that does not go with the network;
    /// [`is_cancelled`](Error::is_cancelled): the watch broke off; [`is_device`](Error::is_device): a number on
    /// the way is not finite.
    pub async fn explain(&self, x: Tensor<4>, pass: Pass<'a>, classes: &[usize]) -> Result<Vec<Answer>> {
        let footprint = Footprint::of(pass.layers());
        if !self.smooth {
            let evidence = pass.explain(classes, self.target, self.problem, self.preset)?;
            return self.answers(&x, &evidence, footprint, (0, 1)).await;
        }
        let mut sums: Vec<Answer> = Vec::new();
        for (i, (mirrored, factor)) in COPIES.into_iter().enumerate() {
            let turn = |x: Tensor<4>| if mirrored { x.flip([3]) } else { x };
            let copy = turn(x.clone()) * factor;
            let pass = self.begin(copy.clone(), classes.len());
            let evidence = pass.explain(classes, self.target, self.problem, self.preset)?;
            let answers = self.answers(&copy, &evidence, footprint, (i, COPIES.len())).await?;
            for (at, mut answer) in answers.into_iter().enumerate() {
                answer.maps = turn(combine::min_max(answer.maps)) / COPIES.len() as f32;
                match sums.get_mut(at) {
                    None => sums.push(answer),
                    Some(sum) => {
                        sum.maps = sum.maps.clone() + answer.maps;
                        sum.health = sum.health.clone() + answer.health;
                    }
                }
            }
        }
        Ok(sums)
    }

    async fn answers(
        &self,
        x: &Tensor<4>,
        evidence: &[Evidence<'a>],
        footprint: Footprint,
        (part, parts): (usize, usize),
    ) -> Result<Vec<Answer>> {
        let mut answers = Vec::new();
        for &method in self.methods {
            // What does not look at a layer is the same for all of them.
            let layers = if method.needs == Needs::Nothing { &evidence[..1] } else { evidence };
            let mut of_layers = Vec::new();
            for (i, evidence) in layers.iter().enumerate() {
                let part = (part * layers.len() + i, parts * layers.len());
                of_layers.push(self.answer(method, x, evidence, footprint, part).await?);
            }
            answers.push(self.merged(of_layers, x));
        }
        Ok(answers)
    }

    async fn answer(
        &self,
        method: &'static Method,
        x: &Tensor<4>,
        evidence: &Evidence<'a>,
        footprint: Footprint,
        part: (usize, usize),
    ) -> Result<Answer> {
        let health = evidence.health();
        let (maps, budget, health) = match method.run {
            Run::Layer(map) => (map(evidence)?.unsqueeze_dim(1), None, health),
            Run::Study(work) => {
                let study = Study {
                    evidence,
                    x: x.clone(),
                    method,
                    settings: self.settings,
                    noise: self.noise,
                    watch: self.watch,
                    footprint,
                    part,
                    budget: Cell::default(),
                    health: RefCell::default(),
                };
                let maps = work(&study).await?;
                let health = study.health.into_inner().into_iter().fold(health, |sum, number| sum + number);
                (maps, study.budget.get(), health)
            }
        };
        Ok(Answer { method, maps, budget, health })
    }

    fn merged(&self, mut answers: Vec<Answer>, x: &Tensor<4>) -> Answer {
        if answers.len() == 1 {
            return answers.remove(0);
        }
        let [_, _, height, width] = x.dims();
        let count = answers.len() as f32;
        for answer in &mut answers {
            answer.maps = combine::upsample(combine::min_max(answer.maps.clone()), [height, width]);
        }
        let together = answers.into_iter().reduce(|a, b| Answer {
            maps: match self.merge {
                Merge::Mean => a.maps + b.maps,
                Merge::Max => a.maps.max_pair(b.maps),
            },
            health: a.health + b.health,
            ..a
        });
        let mut together = together.expect("at least one layer");
        if self.merge == Merge::Mean {
            together.maps = together.maps / count;
        }
        together
    }
}
