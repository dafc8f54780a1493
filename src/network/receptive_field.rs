//! Which pixels a place of a layer sees: told by a description alone, as the sizes are.

use std::ops::ControlFlow::{self, Break, Continue};

use super::module::{Module, Sequence};
use super::tap::join;

/// The pixels that a place of a layer is computed from: a rectangle, which moves evenly from place to place. All of them may
/// count, none beyond it does; those in the middle mostly count most (Luo 2016, <https://arxiv.org/abs/1701.04128>).
///
/// ```
/// # use cam_lucida::{Device, network::Architecture, weights::Hashed};
/// # let device = Device::cpu();
/// # let network = Architecture::named("resnet_small")?.load(&mut Hashed { classes: 3 }, device.tensors())?;
/// let field = network.receptive_field("layer3").expect("ResNets tell");
/// assert_eq!((field.columns.first, field.columns.last, field.columns.step), (-35, 35, 8));
/// assert_eq!(field.columns.at(2), (-19, 51));
/// assert_eq!(field.columns.centre(2), 16.0);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceptiveField {
    /// Downwards.
    pub rows: Reach,
    /// Across.
    pub columns: Reach,
}

/// A [`ReceptiveField`] on one axis, in pixels of the input.
///
/// See the example of [`ReceptiveField`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// The first pixel that place 0 sees; beyond the border where it is below 0.
    pub first: isize,
    /// The last one.
    pub last: isize,
    /// Pixels from one place to the next.
    pub step: usize,
}

impl Reach {
    /// A pixel itself.
    const PIXEL: Self = Self { first: 0, last: 0, step: 1 };

    /// The first and the last pixel that place `place` sees; the input may end between them.
    pub fn at(self, place: usize) -> (isize, isize) {
        let moved = (place * self.step) as isize;
        (self.first + moved, self.last + moved)
    }

    /// The middle of what place `place` sees; between two pixels, it is half of one behind the first of them.
    pub fn centre(self, place: usize) -> f64 {
        let (first, last) = self.at(place);
        (first + last) as f64 / 2.0
    }

    fn windowed(self, window: usize, stride: usize, padding: usize) -> Self {
        let step = self.step as isize;
        let before = padding as isize;
        Self {
            first: self.first - before * step,
            last: self.last + (window as isize - 1 - before) * step,
            step: self.step * stride,
        }
    }

    /// Of two branches that meet.
    fn and(self, other: Self) -> Self {
        Self {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
            step: self.step.max(other.step),
        }
    }
}

/// `None`: places see pixels by no such rule.
type Seen = Option<ReceptiveField>;

impl ReceptiveField {
    /// What a place of `layer` sees, which is one of `features`.
    pub(super) fn of(features: &Sequence, layer: &str) -> Option<Self> {
        let pixel = Self { rows: Reach::PIXEL, columns: Reach::PIXEL };
        features.see(Some(pixel), "", layer).break_value()?
    }

    /// Through a window of rows and columns.
    pub(super) fn windowed(self, window: [usize; 2], stride: usize, padding: [usize; 2]) -> Self {
        Self {
            rows: self.rows.windowed(window[0], stride, padding[0]),
            columns: self.columns.windowed(window[1], stride, padding[1]),
        }
    }

    fn and(self, other: Self) -> Self {
        Self { rows: self.rows.and(other.rows), columns: self.columns.and(other.columns) }
    }
}

impl Sequence {
    /// What is seen behind all modules; it breaks with what is seen behind `layer`.
    fn see(&self, x: Seen, scope: &str, layer: &str) -> ControlFlow<Seen, Seen> {
        self.named_modules().try_fold(x, |x, (name, module)| {
            let scope = name.map_or_else(|| scope.to_string(), |name| join(scope, name));
            let y = module.see(x, &scope, layer)?;
            if name.is_some() && scope == layer { Break(y) } else { Continue(y) }
        })
    }
}

impl Module {
    fn see(&self, x: Seen, scope: &str, layer: &str) -> ControlFlow<Seen, Seen> {
        let windowed = |window: usize, stride: usize, padding: usize| {
            Continue(x.map(|x| x.windowed([window; 2], stride, [padding; 2])))
        };
        let both = |a: Seen, b: Seen| a.zip(b).map(|(a, b)| a.and(b));
        match self {
            Self::Convolution(convolution) => Continue(x.map(|x| convolution.see(x))),
            Self::MaxPool2x2 | Self::AveragePool2x2 { .. } => windowed(2, 2, 0),
            &Self::MaxPool3x3 { padding, .. } => windowed(3, 2, padding),
            Self::AveragePool3x3 => windowed(3, 1, 1),
            Self::AdaptiveAveragePool { .. } => Continue(None),
            Self::Sequence(sequence) => sequence.see(x, scope, layer),
            Self::Concatenate(branches) => {
                let mut seen = Vec::new();
                for branch in branches {
                    seen.push(branch.see(x, scope, layer)?);
                }
                Continue(seen.into_iter().reduce(both).unwrap_or(x))
            }
            Self::Sum(first, second) => {
                Continue(both(first.see(x, scope, layer)?, second.see(x, scope, layer)?))
            }
            Self::FirstHalf
            | Self::SecondHalf
            | Self::BatchNorm { .. }
            | Self::Relu
            | Self::Relu6
            | Self::FunctionalRelu
            | Self::ScaleAndShift { .. }
            | Self::Shuffle
            | Self::Identity => Continue(x),
        }
    }
}
