//! Random numbers: seeded, and the same on every machine.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

/// A source of random numbers. Whatever needs some starts one of its own, so that nothing depends on what ran before.
///
/// ```
/// use cam_lucida::random::seeded;
///
/// let mut random = seeded(7);
/// let values = random.uniform(100);
/// assert!(values.iter().all(|value| (0.0..1.0).contains(value)));
/// assert_ne!(random.uniform(100), values);
/// ```
pub trait Random {
    /// `count` numbers of the standard normal distribution.
    fn normal(&mut self, count: usize) -> Vec<f32>;

    /// `count` numbers spread evenly over `0..1`.
    fn uniform(&mut self, count: usize) -> Vec<f32>;
}

/// ChaCha with eight rounds, started at `seed`.
///
/// ```
/// use cam_lucida::random::seeded;
///
/// assert_eq!(seeded(7).normal(3), seeded(7).normal(3));
/// ```
pub fn seeded(seed: u64) -> Box<dyn Random> {
    Box::new(ChaCha8Rng::seed_from_u64(seed))
}

impl Random for ChaCha8Rng {
    fn normal(&mut self, count: usize) -> Vec<f32> {
        self.sample_iter(StandardNormal).take(count).collect()
    }

    fn uniform(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.random()).collect()
    }
}
