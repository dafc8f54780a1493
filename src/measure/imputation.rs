//! Imputation: missing pixels become a mean of their neighbours.

/// Share of a neighbour beside, above or below.
const DIRECT: f64 = 1.0 / 6.0;
/// Share of a neighbour across a corner.
const DIAGONAL: f64 = 1.0 / 12.0;
/// Residual at which the system counts as solved, relative to its right-hand side: far below the f32 of a picture.
const SOLVED: f64 = 1e-10;

/// Linear imputation (Rong 2022, ROAD, section 4, <https://arxiv.org/abs/2202.00449>), without its noise.
///
/// `values` are `[c, height, width]`, `removed` is `[height, width]`. Each removed pixel becomes the weighted mean of its
/// neighbours: 1/6 for a direct and 1/12 for a diagonal one, in proportion at the edge. Removed neighbours are unknowns of
/// the same linear system. Its matrix is symmetric and positive definite, so conjugate gradients solve it.
///
/// ```
/// use cam_lucida::measure::impute;
///
/// let imputed = impute(&[1.0, 0.0, 3.0], 3, &[false, true, false]);
/// assert!((imputed[1] - 2.0).abs() < 1e-6);
/// ```
///
/// # Panics
/// If the lengths do not fit, or every pixel is removed.
pub fn impute(values: &[f32], width: usize, removed: &[bool]) -> Vec<f32> {
    assert!(
        values.len().is_multiple_of(removed.len()) && removed.len().is_multiple_of(width),
        "a mask for each plane"
    );
    assert!(removed.contains(&false), "something to impute from");
    let system = System::new(width, removed);
    values.chunks_exact(removed.len()).flat_map(|plane| system.impute(plane)).collect()
}

/// `A x = b` over the removed pixels: `A` is the sum of a pixel's shares times the pixel, minus its removed neighbours'
/// shares; `b` is what its other neighbours contribute.
///
/// Vectors cover the picture and a rim of zeros around it, so that every pixel has eight neighbours to read; outside
/// the removed pixels they are zero.
struct System {
    width: usize,
    /// Where the removed pixels are, in the picture and with the rim.
    removed: Vec<(usize, usize)>,
    /// The sum of each removed pixel's shares.
    diagonal: Vec<f64>,
    rimmed: usize,
}

impl System {
    fn new(width: usize, removed: &[bool]) -> Self {
        let height = removed.len() / width;
        let rimmed = (width + 2) * (height + 2);
        let mut system = Self { width, removed: Vec::new(), diagonal: Vec::new(), rimmed };
        let mut picture = vec![0.0; rimmed];
        (0..removed.len()).for_each(|at| picture[system.with_rim(at)] = 1.0);
        let missing = (0..removed.len()).filter(|&at| removed[at]);
        system.removed = missing.map(|at| (at, system.with_rim(at))).collect();
        system.diagonal = system.removed.iter().map(|&(_, at)| system.neighbours(&picture, at)).collect();
        system
    }

    fn with_rim(&self, at: usize) -> usize {
        (at / self.width + 1) * (self.width + 2) + at % self.width + 1
    }

    /// The weighted sum of the neighbours of pixel `at`.
    fn neighbours(&self, x: &[f64], at: usize) -> f64 {
        let row = self.width + 2;
        let (above, below) = (at - row, at + row);
        DIRECT * (x[at - 1] + x[at + 1] + x[above] + x[below])
            + DIAGONAL * (x[above - 1] + x[above + 1] + x[below - 1] + x[below + 1])
    }

    fn impute(&self, plane: &[f32]) -> Vec<f32> {
        let mut known = vec![0.0; self.rimmed];
        plane.iter().enumerate().for_each(|(at, &value)| known[self.with_rim(at)] = f64::from(value));
        self.removed.iter().for_each(|&(_, at)| known[at] = 0.0);
        let b = self.removed.iter().map(|&(_, at)| self.neighbours(&known, at)).collect();
        let mut imputed = plane.to_vec();
        for (&(at, _), value) in self.removed.iter().zip(self.solve(b)) {
            imputed[at] = value as f32;
        }
        imputed
    }

    /// Conjugate gradients, preconditioned by the diagonal.
    fn solve(&self, b: Vec<f64>) -> Vec<f64> {
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let precondition = |r: &[f64]| r.iter().zip(&self.diagonal).map(|(r, d)| r / d).collect::<Vec<f64>>();
        let enough = SOLVED * SOLVED * dot(&b, &b);
        let mut x = vec![0.0; b.len()];
        let mut residual = b;
        let mut direction = precondition(&residual);
        let mut slope = dot(&residual, &direction);
        let mut spread = vec![0.0; self.rimmed];
        // In exact arithmetic as many steps as unknowns are enough.
        for _ in 0..x.len() {
            if dot(&residual, &residual) <= enough {
                break;
            }
            self.removed.iter().zip(&direction).for_each(|(&(_, at), d)| spread[at] = *d);
            let row = |(i, &(_, at)): (usize, &(usize, usize))| {
                self.diagonal[i] * direction[i] - self.neighbours(&spread, at)
            };
            let product: Vec<f64> = self.removed.iter().enumerate().map(row).collect();
            let length = slope / dot(&direction, &product);
            x.iter_mut().zip(&direction).for_each(|(x, d)| *x += length * d);
            residual.iter_mut().zip(&product).for_each(|(r, p)| *r -= length * p);
            let scaled = precondition(&residual);
            let next = dot(&residual, &scaled);
            direction.iter_mut().zip(&scaled).for_each(|(d, s)| *d = s + next / slope * *d);
            slope = next;
        }
        x
    }
}
