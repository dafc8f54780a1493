//! Parameters with some modules reset to their state before training.

use crate::Result;
use crate::network::Parameters;
use crate::random::seeded;

/// The parameters of a source, with the last modules freshly initialised: convolutions and linear layers get normal weights
/// of variance `2 / fan_in` (He 2015), normalisations get ones for weights and variances, biases and means are zero.
///
/// Modules count in the order in which a network takes their parameters: torchvision's, from the picture to the head.
/// A module's fresh values depend on its position and the seed alone, so each step of a cascade keeps those before it.
///
/// ```
/// use cam_lucida::measure::Fresh;
/// use cam_lucida::network::Parameters;
/// use cam_lucida::weights::Hashed;
///
/// let mut trained = Hashed { classes: 2 };
/// let mut fresh = Fresh::new(&mut trained, &["fc".into(), "conv".into()], 1, 0);
/// assert_eq!(fresh.take("fc.bias", &[2])?, [0.0; 2]);
/// assert_ne!(fresh.take("conv.bias", &[2])?, [0.0; 2]);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub struct Fresh<'a> {
    source: &'a mut dyn Parameters,
    /// All modules, the head first.
    from_head: Vec<String>,
    /// How many of them are fresh.
    count: usize,
    seed: u32,
}

impl<'a> Fresh<'a> {
    /// The parameters of `source`, unchanged; [`modules`](Self::modules) lists what was taken.
    pub fn none(source: &'a mut dyn Parameters) -> Self {
        Self { source, from_head: Vec::new(), count: 0, seed: 0 }
    }

    /// The parameters of `source`, with the first `count` modules of `from_head` fresh.
    pub fn new(source: &'a mut dyn Parameters, from_head: &[String], count: usize, seed: u32) -> Self {
        Self { source, from_head: from_head.to_vec(), count, seed }
    }

    /// Every module whose parameters were taken, the head first.
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
