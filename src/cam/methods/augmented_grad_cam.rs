//! Augmented Grad-CAM.

use burn::tensor::Tensor;

use super::grad_cam;
use crate::cam::{Method, Needs, Output, Run, Study, combine};
use crate::network::ops;
use crate::{Result, Size};

/// Augmented Grad-CAM: heat-maps super resolution through augmentation (Morbidelli 2020,
/// <https://doi.org/10.1109/ICASSP40776.2020.9054416>).
///
/// Grad-CAM of the picture and of rotated, shifted and mirrored copies. Each raw map is upsampled, mapped back and
/// averaged where it covers the picture: `[height, width]`. The paper fits one map to them under a total-variation
/// prior; the mean needs no weight for such a prior.
pub static METHOD: Method = Method {
    name: "augmented-grad-cam",
    title: "Augmented Grad-CAM",
    summary: "Grad-CAM of rotated, shifted and mirrored copies, combined at the picture's size",
    source: "Morbidelli 2020",
    presets: &[],
    settings: &[],
    needs: Needs::Activations,
    output: Output::Map,
    run: Run::Study(|study| Box::pin(map(study))),
};

/// Rotation in degrees, and shifts to the right and down as fractions of half the picture.
const MOVES: [(f64, f64, f64); 7] = [
    (0.0, 0.0, 0.0),
    (15.0, 0.0, 0.0),
    (-15.0, 0.0, 0.0),
    (0.0, 0.125, 0.0),
    (0.0, -0.125, 0.0),
    (0.0, 0.0, 0.125),
    (0.0, 0.0, -0.125),
];

async fn map(study: &Study<'_>) -> Result<Tensor<4>> {
    let size = study.size();
    let views: Vec<Affine> = [1.0, -1.0]
        .into_iter()
        .flat_map(|flip| MOVES.map(|(degrees, right, down)| Affine::new(size, flip, degrees, right, down)))
        .collect();
    let (rows, total) = (study.rows(), views.len());
    let ones = study.x.ones_like().slice_dim(1, 0..1);
    let (mut sum, mut cover) = (ones.zeros_like(), ones.zeros_like());
    for (i, view) in views.into_iter().enumerate() {
        let seen = sample(study, study.x.clone(), view);
        let maps = grad_cam::map(&study.layer_for(seen)?).unsqueeze_dim(1);
        let back = view.inverse();
        sum = sum + sample(study, combine::upsample(maps, size), back);
        cover = cover + sample(study, ones.clone(), back);
        study.settle(sum.clone().sum(), i + 1, total).await?;
    }
    Ok(combine::divide(sum, cover.repeat_dim(0, rows)))
}

/// Where a result's pixel `(x, y)` lies in its source, both in pixels from the centre:
/// `(a x + b y + right, c x + d y + down)`.
#[derive(Clone, Copy)]
struct Affine {
    matrix: [f64; 4],
    shift: [f64; 2],
}

impl Affine {
    /// A rotation, then a mirror image when `flip` is -1, then a shift.
    fn new(Size { height, width }: Size, flip: f64, degrees: f64, right: f64, down: f64) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let matrix = [flip * cos, -flip * sin, sin, cos];
        Self { matrix, shift: [right * width as f64 / 2.0, down * height as f64 / 2.0] }
    }

    fn inverse(self) -> Self {
        let ([a, b, c, d], [right, down]) = (self.matrix, self.shift);
        let determinant = a * d - b * c;
        let [a, b, c, d] = [d, -b, -c, a].map(|entry| entry / determinant);
        Self { matrix: [a, b, c, d], shift: [-(a * right + b * down), -(c * right + d * down)] }
    }
}

/// Bilinear, with half-pixel centres and zero outside: `[n, k, height, width]` to the same shape.
fn sample(study: &Study, source: Tensor<4>, view: Affine) -> Tensor<4> {
    let Size { height, width } = study.size();
    let ([a, b, c, d], [right, down]) = (view.matrix, view.shift);
    let pixels = (0..height).flat_map(|row| (0..width).map(move |column| (row, column)));
    let grid = pixels.flat_map(|(row, column)| {
        let x = column as f64 + 0.5 - width as f64 / 2.0;
        let y = row as f64 + 0.5 - height as f64 / 2.0;
        let (x, y) = (a * x + b * y + right, c * x + d * y + down);
        [(2.0 * x / width as f64) as f32, (2.0 * y / height as f64) as f32]
    });
    ops::sample(source, study.tensor(grid.collect(), [1, height, width, 2]))
}
