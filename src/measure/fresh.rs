//! Parameters of which some are as they were before any training.

use crate::Result;
use crate::network::Parameters;
use crate::random::seeded;

/// The parameters of `source`, but with those of the last modules fresh: normal weights of variance `2 / fan_in`
/// (He 2015) for convolutions and linear layers, ones for the weights and variances of normalisations, zeros for biases
/// and means.
///
/// Modules count in the order in which a network takes their parameters, which is torchvision's: from the picture to
/// the head. A module's fresh values depend on its name's position and the seed alone, not on how many others are
/// fresh, so that a cascade adds one to those before.
pub struct Fresh<'a> {
    source: &'a mut dyn Parameters,
    /// All modules, the head first.
    from_head: Vec<String>,
    /// How many of them are fresh.
    count: usize,
    seed: u32,
}

impl<'a> Fresh<'a> {
    /// Those of `source` as they are; the modules are noted as they are taken.
    pub fn none(source: &'a mut dyn Parameters) -> Self {
        Self { source, from_head: Vec::new(), count: 0, seed: 0 }
    }

    /// The first `count` of modules `from_head` fresh.
    pub fn new(source: &'a mut dyn Parameters, from_head: &[String], count: usize, seed: u32) -> Self {
        Self { source, from_head: from_head.to_vec(), count, seed }
    }

    /// Every module that parameters were taken of, the head first.
    pub fn modules(self) -> Vec<String> {
        self.from_head
    }
}

impl Parameters for Fresh<'_> {
    fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let trained = self.source.take(name, shape)?;
        let (module, parameter) = name.rsplit_once('.').unwrap_or((name, ""));
        let Some(position) = self.from_head.iter().position(|known| known == module) else {
            self.from_head.insert(0, module.into());
            return Ok(trained);
        };
        if position >= self.count {
            return Ok(trained);
        }
        Ok(match (shape, parameter) {
            ([_, fan @ ..], _) if !fan.is_empty() => {
                let deviation = (2.0 / fan.iter().product::<usize>() as f32).sqrt();
                let normal = seeded((u64::from(self.seed) << 32) + position as u64).normal(trained.len());
                normal.into_iter().map(|value| deviation * value).collect()
            }
            (_, "weight" | "running_var") => vec![1.0; trained.len()],
            _ => vec![0.0; trained.len()],
        })
    }

    fn rows(&self, name: &str) -> Result<usize> {
        self.source.rows(name)
    }

    fn shape(&self, name: &str) -> Option<&[usize]> {
        self.source.shape(name)
    }
}
