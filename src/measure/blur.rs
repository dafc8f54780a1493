//! A picture without its details.

/// Side of the window.
const TAPS: usize = 11;

/// Blurs one channel, `width` values a row, as RISE's authors do (Petsiuk 2018, <https://github.com/eclique/RISE>): by a
/// Gaussian of deviation 5 in 11×11 pixels. Beyond the edge lies zero, the mean colour.
///
/// ```
/// use cam_lucida::measure::blur;
///
/// let mut plane = vec![0.0; 21 * 21];
/// plane[10 * 21 + 10] = 1.0;
/// let blurred = blur(&plane, 21);
/// assert!((blurred.iter().sum::<f32>() - 1.0).abs() < 1e-5);
/// assert!(blurred[10 * 21 + 10] < 0.02 && blurred[10 * 21 + 16] == 0.0);
/// ```
pub fn blur(plane: &[f32], width: usize) -> Vec<f32> {
    let (kernel, height) = (kernel(), plane.len() / width);
    let along = |plane: &[f32], at: usize, position: usize, length: usize, stride: usize| -> f32 {
        let taps = kernel.iter().enumerate().filter_map(|(tap, weight)| {
            let shifted = (position + tap).checked_sub(TAPS / 2).filter(|shifted| *shifted < length)?;
            Some(weight * plane[at + shifted * stride - position * stride])
        });
        taps.sum()
    };
    let pixels = 0..plane.len();
    let rows: Vec<f32> = pixels.clone().map(|at| along(plane, at, at % width, width, 1)).collect();
    pixels.map(|at| along(&rows, at, at / width, height, width)).collect()
}

/// Their code makes its kernel by filtering a point in a window of [`TAPS`] with a Gaussian of deviation 5. Weights beyond
/// the window are folded back into it, edge pixels twice.
fn kernel() -> [f32; TAPS] {
    const DEVIATION: i32 = 5;
    const REACH: i32 = 4 * DEVIATION;
    let gaussian = |distance: i32| (-0.5 * (f64::from(distance) / f64::from(DEVIATION)).powi(2)).exp();
    let sum: f64 = (-REACH..=REACH).map(gaussian).sum();
    let mut kernel = [0.0; TAPS];
    for distance in -REACH..=REACH {
        let position = (distance + (TAPS / 2) as i32).rem_euclid(2 * TAPS as i32) as usize;
        kernel[position.min(2 * TAPS - 1 - position)] += (gaussian(distance) / sum) as f32;
    }
    kernel
}
