//! Weights derived from tensor names alone, the same in every language: goldens and self-tests run on them.

use crate::Result;
use crate::network::Parameters;

/// Weights that are a hash of the tensor's name and each value's position.
///
/// Value `i` of a tensor is `u = mix(fnv1a(name) + i · 0x9E3779B9) >> 8`, scaled to 0..1; `mix` is the
/// lowbias32 finaliser. Tensors of two or more axes hold `(2u - 1) · √(6 / fan_in)` (He 2015, so that signals
/// keep their size through rectified layers); BatchNorm weights lie in 0.5..1, but where one ends a bottleneck
/// (`bn3`) in a quarter of that, so that activations of deep networks do not grow, and in Inception (`bn`) in 1.25 of it, so that
/// its deep stack does not lose the picture; running variances lie in 0.5..1.5, biases and running means in ±0.1.
///
/// ```
/// use cam_lucida::network::Parameters;
/// use cam_lucida::weights::Hashed;
///
/// let bias = Hashed { classes: 10 }.take("fc.bias", &[10])?;
/// assert_eq!(bias, Hashed::uniform("fc.bias", &[10], 0.1));
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Hashed {
    /// How many classes the network shall have.
    pub classes: usize,
}

impl Hashed {
    /// Tensor `name` of `shape`, row-major, uniform in `-scale..scale`.
    pub fn uniform(name: &str, shape: &[usize], scale: f32) -> Vec<f32> {
        units(name, shape).map(|u| (2.0 * u - 1.0) * scale).collect()
    }
}

impl Parameters for Hashed {
    fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        Ok(match shape {
            [_, fan @ ..] if !fan.is_empty() => {
                let fan_in = fan.iter().product::<usize>() as f64;
                Self::uniform(name, shape, (6.0 / fan_in).sqrt() as f32)
            }
            _ if name.ends_with(".running_var") => units(name, shape).map(|u| 0.5 + u).collect(),
            _ if name.ends_with(".weight") => {
                let scale = match name {
                    _ if name.ends_with(".bn3.weight") => 0.25,
                    _ if name.ends_with(".bn.weight") => 1.25,
                    _ => 1.0,
                };
                units(name, shape).map(|u| scale * (0.5 + 0.5 * u)).collect()
            }
            _ => Self::uniform(name, shape, 0.1),
        })
    }

    fn rows(&self, _name: &str) -> Result<usize> {
        Ok(self.classes)
    }
}

/// One number in 0..1 for each value of the tensor.
fn units(name: &str, shape: &[usize]) -> impl Iterator<Item = f32> {
    let seed =
        name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let count = shape.iter().product::<usize>() as u32;
    (0..count).map(move |i| {
        let bits = mix(seed.wrapping_add(i.wrapping_mul(0x9e37_79b9)));
        (bits >> 8) as f32 / (1 << 24) as f32
    })
}

fn mix(mut x: u32) -> u32 {
    x ^= x >> 16;
    x = x.wrapping_mul(0x7feb_352d);
    x ^= x >> 15;
    x = x.wrapping_mul(0x846c_a68b);
    x ^ (x >> 16)
}
