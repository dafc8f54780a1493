//! What becomes of a picture's size: told by a description alone, before anything is computed.

use super::module::{Module, Sequence};

/// Pictures that need more rows and columns than this are none.
const MAX_SIDE: usize = 1 << 16;

/// Channels, rows and columns of what passes between two modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    pub channels: usize,
    pub sides: [usize; 2],
}

impl Extent {
    /// What comes out where a `window` of rows and columns moves by `stride` over `padding` on each side: what it covers only
    /// in part counts where `ceil` says so. `None`: the window does not fit.
    pub fn windowed(
        self,
        window: [usize; 2],
        stride: usize,
        padding: [usize; 2],
        ceil: bool,
    ) -> Option<Self> {
        let side = |axis: usize| {
            let (side, padding) = (self.sides[axis], padding[axis]);
            let overhang = if ceil { stride - 1 } else { 0 };
            let steps = (side + 2 * padding + overhang).checked_sub(window[axis])? / stride;
            // As PyTorch has it, no window starts behind the picture.
            Some(if steps * stride >= side + padding { steps } else { steps + 1 })
        };
        Some(Self { sides: [side(0)?, side(1)?], ..self })
    }

    pub fn numbers(self) -> usize {
        self.sides.iter().fold(self.channels, |numbers, &side| numbers.saturating_mul(side))
    }
}

/// A network's features, without numbers, and how many channels its pictures have.
pub struct Outline {
    pub features: Sequence,
    pub inputs: usize,
}

impl Outline {
    /// Rows and columns of the smallest picture of which something is left at the last layer, if there is one.
    pub fn min_side(&self) -> Option<usize> {
        let fits = |side: usize| self.largest([side; 2]).is_some();
        let mut from = 0;
        let mut to = 1;
        while !fits(to) {
            if to == MAX_SIDE {
                return None;
            }
            (from, to) = (to, 2 * to);
        }
        // What fits a picture fits every larger one.
        while to - from > 1 {
            let middle = from.midpoint(to);
            if fits(middle) { to = middle } else { from = middle }
        }
        Some(to)
    }

    /// How many numbers the largest output of a module has, of one picture of so many rows and columns. `None`: the picture is
    /// too small.
    pub fn largest(&self, sides: [usize; 2]) -> Option<usize> {
        let mut largest = Extent { channels: self.inputs, sides }.numbers();
        self.pass(sides, &mut |_, _, y| largest = y.numbers().max(largest))?;
        Some(largest)
    }

    /// What becomes of a picture of so many rows and columns. `see` is told, of each module that ends, what went in and what comes
    /// out. `None`: the picture is too small.
    pub fn pass(&self, sides: [usize; 2], see: &mut dyn FnMut(&Module, Extent, Extent)) -> Option<Extent> {
        self.features.pass(Extent { channels: self.inputs, sides }, see)
    }
}

impl Sequence {
    fn pass(&self, x: Extent, see: &mut dyn FnMut(&Module, Extent, Extent)) -> Option<Extent> {
        self.modules().try_fold(x, |x, module| {
            let y = module.pass(x, see)?;
            see(module, x, y);
            Some(y)
        })
    }
}

impl Module {
    fn pass(&self, x: Extent, see: &mut dyn FnMut(&Module, Extent, Extent)) -> Option<Extent> {
        let half = Extent { channels: x.channels / 2, ..x };
        match self {
            Self::Convolution(convolution) => convolution.pass(x),
            Self::MaxPool2x2 => x.windowed([2; 2], 2, [0; 2], false),
            &Self::AveragePool2x2 { ceil } => x.windowed([2; 2], 2, [0; 2], ceil),
            &Self::MaxPool3x3 { padding, ceil } => x.windowed([3; 2], 2, [padding; 2], ceil),
            Self::AveragePool3x3 => x.windowed([3; 2], 1, [1; 2], false),
            &Self::AdaptiveAveragePool { side } => Some(Extent { sides: [side; 2], ..x }),
            Self::FirstHalf | Self::SecondHalf => Some(half),
            Self::Sequence(sequence) => sequence.pass(x, see),
            Self::Concatenate(branches) => {
                let mut together: Option<Extent> = None;
                for branch in branches {
                    let y = branch.pass(x, see)?;
                    let before = together.map_or(0, |together| together.channels);
                    together = Some(Extent { channels: before.saturating_add(y.channels), ..y });
                }
                together
            }
            Self::Sum(first, second) => {
                first.pass(x, see)?;
                second.pass(x, see)
            }
            Self::BatchNorm { .. }
            | Self::Relu
            | Self::Relu6
            | Self::FunctionalRelu
            | Self::ScaleAndShift { .. }
            | Self::Shuffle
            | Self::Identity => Some(x),
        }
    }
}
