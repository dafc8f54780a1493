//! A number measured on many scenes, and how sure it is.

use std::collections::BTreeMap;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Resamples of the bootstrap.
const RESAMPLES: usize = 2000;
/// Where its random numbers start.
const SEED: u64 = 0;

/// One value for each scene, by the scene's number, so that two samples can be compared scene by scene.
#[derive(Debug, Clone, Default)]
pub struct Sample(BTreeMap<u64, f64>);

/// The mean of a sample, and its 95 % confidence interval.
#[derive(Debug, Clone, Copy)]
pub struct Estimate {
    /// The mean over the scenes.
    pub mean: f64,
    /// Where the interval starts.
    pub low: f64,
    /// Where it ends.
    pub high: f64,
    /// How many scenes.
    pub scenes: usize,
}

impl Sample {
    /// Notes the value of scene `scene`; one that is not defined there is left out.
    pub fn note(&mut self, scene: u64, value: impl Into<Option<f64>>) {
        if let Some(value) = value.into() {
            self.0.insert(scene, value);
        }
    }

    /// How many scenes it has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The difference to `other`, of the scenes that both have.
    pub fn minus(&self, other: &Self) -> Self {
        let both = self.0.iter().filter_map(|(scene, value)| Some((*scene, value - other.0.get(scene)?)));
        Self(both.collect())
    }

    /// Each value less `constant`.
    pub fn minus_constant(&self, constant: f64) -> Self {
        Self(self.0.iter().map(|(scene, value)| (*scene, value - constant)).collect())
    }

    /// The scenes that `wanted` picks.
    pub fn only(&self, wanted: impl Fn(u64) -> bool) -> Self {
        Self(
            self.0
                .iter()
                .filter(|(scene, _)| wanted(**scene))
                .map(|(scene, value)| (*scene, *value))
                .collect(),
        )
    }

    /// The scenes that `other` has too.
    pub fn shared_with(&self, other: &Self) -> Self {
        self.only(|scene| other.0.contains_key(&scene))
    }

    /// The mean over the scenes; not a number without one.
    pub fn mean(&self) -> f64 {
        self.0.values().sum::<f64>() / self.len() as f64
    }

    /// The mean with its percentile bootstrap interval (Efron 1979): scenes are drawn with replacement. `None`
    /// without a scene.
    pub fn estimate(&self) -> Option<Estimate> {
        let values: Vec<f64> = self.0.values().copied().collect();
        let scenes = values.len();
        if scenes == 0 {
            return None;
        }
        let mut random = ChaCha8Rng::seed_from_u64(SEED);
        let mut resample =
            || (0..scenes).map(|_| values[random.random_range(0..scenes)]).sum::<f64>() / scenes as f64;
        let mut means: Vec<f64> = (0..RESAMPLES).map(|_| resample()).collect();
        means.sort_by(f64::total_cmp);
        let at = |share: f64| means[(share * (RESAMPLES - 1) as f64).round() as usize];
        Some(Estimate { mean: self.mean(), low: at(0.025), high: at(0.975), scenes })
    }
}

/// `62.1 (60.0–64.2)`, in percent, or a dash where nothing was measured.
pub fn percent(sample: &Sample) -> String {
    shown(sample, 100.0, 1)
}

/// `2.31 (2.10–2.52)`, or a dash where nothing was measured.
pub fn plain(sample: &Sample) -> String {
    shown(sample, 1.0, 2)
}

fn shown(sample: &Sample, scale: f64, digits: usize) -> String {
    let show = |Estimate { mean, low, high, .. }: Estimate| {
        let [mean, low, high] = [mean, low, high].map(|value| format!("{:.digits$}", scale * value));
        format!("{mean} ({low}–{high})")
    };
    sample.estimate().map_or("–".into(), show)
}
