//! Parameters with some modules reset to their state before training.

use crate::Result;
use crate::network::{HeadPlan, Parameters, Variant};
use crate::random::seeded;

/// The parameters of a source, with the last modules freshly initialised: convolutions and linear layers get normal weights
/// of variance `2 / fan_in` (He 2015), normalisations get ones for weights and variances, biases and means are zero.
///
/// `modules` are all modules of the network from the picture to the head, see
/// [`Blueprint::modules`](crate::network::Blueprint::modules). A module's fresh values depend on its place from the head and the
/// seed alone, so each step of a cascade keeps those before it.
///
/// ```
/// use cam_lucida::measure::Fresh;
/// use cam_lucida::network::Parameters;
/// use cam_lucida::weights::Hashed;
///
/// let mut trained = Hashed { classes: 2 };
/// let modules = ["conv".to_string(), "fc".to_string()];
/// let mut fresh = Fresh::new(&mut trained, &modules, 1, 0);
/// assert_eq!(fresh.take("fc.bias", &[2])?, [0.0; 2]);
/// assert_ne!(fresh.take("conv.bias", &[2])?, [0.0; 2]);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub struct Fresh<'a> {
    source: &'a mut dyn Parameters,
    /// From the picture to the head.
    modules: &'a [String],
    /// How many of them are fresh.
    count: usize,
    seed: u32,
}

impl<'a> Fresh<'a> {
    /// The parameters of `source`, with the last `count` of `modules` fresh.
    pub fn new(source: &'a mut dyn Parameters, modules: &'a [String], count: usize, seed: u32) -> Self {
        Self { source, modules, count, seed }
    }
}

impl Parameters for Fresh<'_> {
    fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let trained = self.source.take(name, shape)?;
        let (module, parameter) = name.rsplit_once('.').unwrap_or((name, ""));
        let position = self.modules.iter().rev().position(|known| known == module);
        let Some(position) = position.filter(|position| *position < self.count) else {
            return Ok(trained);
        };
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

    fn head(&self) -> Option<&HeadPlan> {
        self.source.head()
    }

    fn variant(&self) -> Option<Variant> {
        self.source.variant()
    }
}
