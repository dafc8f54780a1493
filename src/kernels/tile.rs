//! A product of matrices in tiles, whose sums stay in registers. It is compiled once more for the side module (`relaxed.rs`), so nothing
//! here can panic, and nothing needs a stack.

use core::hint;
use core::num::NonZero;

use super::lanes::Lanes;

/// A product whose sizes were checked: row `i`, column `k` of the one factor is `values[rows[i] + columns[k]]`; the other is in strips
/// of two vectors.
#[repr(C)]
pub(super) struct Product {
    pub values: *const f32,
    pub rows: *const usize,
    /// How many rows.
    pub height: NonZero<usize>,
    pub columns: *const usize,
    /// How many columns the one factor has, and rows the other.
    pub depth: usize,
    pub strips: *const f32,
    pub to: *mut f32,
    /// How far apart the rows of the product are.
    pub stride: usize,
    /// How many columns it has.
    pub width: usize,
    /// Whether it is added to what is there.
    pub adds: bool,
    /// Room for two vectors: a strip that is not full goes by way of it.
    pub spare: *mut f32,
}

/// Calls `tile` for as many rows as `$height` says, which is at most that of the tallest tile.
macro_rules! tile {
    ($lanes:ty, $height:expr, [$($rows:literal),*], $product:expr, $arguments:tt) => {
        match $height {
            $($rows if $rows <= <$lanes>::ROWS => $product.tile::<$lanes, $rows> $arguments,)*
            _ => hint::unreachable_unchecked(),
        }
    };
}

impl Product {
    /// Computes it.
    ///
    /// # Safety
    /// The processor has the instructions of `V`. All that is read is there, and all that is written, which nobody else reaches.
    #[inline(always)]
    pub unsafe fn compute<V: Lanes>(&self) {
        let size = 2 * V::COUNT;
        // Tiles of nearly the same height: one of a single row would take as long for it as others for all of theirs.
        let tiles = self.height.div_ceil(const { NonZero::new(V::ROWS).expect("a tile has rows") });
        let (height, taller) = (self.height.get() / tiles, self.height.get() % tiles);
        let mut strip = self.strips;
        for column in (0..self.width).step_by(size) {
            let columns = size.min(self.width - column);
            let mut row = 0;
            for tile in 0..tiles.get() {
                let rows = height + usize::from(tile < taller);
                // SAFETY: no tile is taller than the tallest, since there are enough of them; the rest is as the caller vouches for.
                unsafe {
                    tile!(V, rows, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], self, (row, column, columns, strip))
                };
                row += rows;
            }
            strip = strip.wrapping_add(size * self.depth);
        }
    }

    /// `ROWS` rows from `row` on, and so many `columns` from `column` on: those of a `strip`.
    ///
    /// # Safety
    /// As [`compute`](Self::compute).
    #[inline(always)]
    unsafe fn tile<V: Lanes, const ROWS: usize>(
        &self,
        row: usize,
        column: usize,
        columns: usize,
        strip: *const f32,
    ) {
        // SAFETY: all that is read and written is what the caller vouches for.
        unsafe {
            let mut rows = [self.values; ROWS];
            for (i, values) in rows.iter_mut().enumerate() {
                *values = values.add(*self.rows.add(row + i));
            }
            let mut sums = [[V::splat(0.0); 2]; ROWS];
            let mut b = strip;
            for k in 0..self.depth {
                let column = *self.columns.add(k);
                let [left, right] = [V::load(b), V::load(b.add(V::COUNT))];
                for (sum, row) in sums.iter_mut().zip(&rows) {
                    let factor = V::splat(*row.add(column));
                    sum[0] = sum[0].plus_product(factor, left);
                    sum[1] = sum[1].plus_product(factor, right);
                }
                b = b.add(2 * V::COUNT);
            }
            for (i, [left, right]) in sums.into_iter().enumerate() {
                let to = self.to.add((row + i) * self.stride + column);
                if columns == 2 * V::COUNT {
                    let second = to.add(V::COUNT);
                    let [left, right] = match self.adds {
                        true => [V::load(to).plus(left), V::load(second).plus(right)],
                        false => [left, right],
                    };
                    left.store(to);
                    right.store(second);
                } else {
                    left.store(self.spare);
                    right.store(self.spare.add(V::COUNT));
                    for column in 0..columns {
                        let (to, sum) = (to.add(column), *self.spare.add(column));
                        *to = if self.adds { *to + sum } else { sum };
                    }
                }
            }
        }
    }
}
