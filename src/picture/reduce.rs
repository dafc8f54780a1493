//! Pictures beyond the bounds, made smaller.

use super::Picture;
use crate::Size;

impl Picture {
    /// The mean of each square of `factor` × `factor` pixels, as Pillow's `Image.reduce(factor)`: at the right and lower edge of what is
    /// left of it.
    pub(super) fn reduced(&self, factor: usize) -> Picture {
        let Size { height, width } = self.size;
        let size = Size { height: height.div_ceil(factor), width: width.div_ceil(factor) };
        let mut rgb = Vec::with_capacity(3 * size.area());
        let mut sums = vec![0_u32; 3 * size.width];
        for top in (0..height).step_by(factor) {
            let rows = top..height.min(top + factor);
            sums.fill(0);
            for y in rows.clone() {
                let row = &self.rgb[3 * y * width..3 * (y + 1) * width];
                for (square, sum) in row.chunks(3 * factor).zip(sums.chunks_exact_mut(3)) {
                    for pixel in square.chunks_exact(3) {
                        (0..3).for_each(|c| sum[c] += u32::from(pixel[c]));
                    }
                }
            }
            for (x, sum) in sums.chunks_exact(3).enumerate() {
                let count = (rows.len() * factor.min(width - x * factor)) as u32;
                rgb.extend(sum.iter().map(|sum| ((sum + count / 2) / count) as u8));
            }
        }
        Picture { size, rgb }
    }
}
