//! A card of two files: what both say of preprocessing must be the same.

use std::fmt;

use super::super::config::{CONFIG, PREPROCESSOR, contradiction_beside};
use super::{PreprocessorConfig, Pretrained, StatedPreprocessor, ValueRange};
use crate::Result;

/// How much two files may differ in a number of values 0 to 1 that is the same: they round it.
const SAME: f32 = 1e-3;

impl Pretrained {
    /// Checks that the preprocessor's file beside says the same, where both say something. `channels` as for [`PreprocessorConfig::read`].
    pub fn check_beside(&self, beside: &PreprocessorConfig, channels: Option<usize>) -> Result<()> {
        let own = self.to_preprocessor()?.read(CONFIG, channels)?.preprocessor;
        let StatedPreprocessor { preprocessor: other, range, .. } = beside.read(PREPROCESSOR, channels)?;
        let [_, height, width] = self.input_size;
        beside.check_size(("pretrained_cfg.input_size", [height, width].map(u64::from)))?;
        let unit = if range == ValueRange::Bytes { 255.0 } else { 1.0 };
        let means = [("mean", own.mean, "image_mean", other.mean), ("std", own.std, "image_std", other.std)];
        for (name, values, beside_name, others) in means {
            if (0..3).all(|i| (values[i] - others[i]).abs() <= SAME) {
                continue;
            }
            let first = (&*format!("pretrained_cfg.{name}"), format!("{values:?}"));
            let shown = format!("{:?}", others.map(|value| value * unit));
            return Err(match (beside.is_normalised(), range) {
                (false, _) => contradiction_beside(first, ("do_normalize", false)),
                (_, ValueRange::Bytes) => contradiction_beside(
                    first,
                    (beside_name, format!("{shown} (0-255: `do_rescale` is false)")),
                ),
                _ => contradiction_beside(first, (beside_name, shown)),
            });
        }
        if let (Some(share), Some((name, shown))) = (self.crop_pct, beside.crop())
            && [(own.resize.height, other.resize.height), (own.resize.width, other.resize.width)]
                .iter()
                // Libraries round differently.
                .any(|(own, other)| own.abs_diff(*other) > 1)
        {
            return Err(contradiction_beside(("pretrained_cfg.crop_pct", share), (name, shown)));
        }
        if let (Some(interpolation), Some(number)) = (&self.interpolation, beside.resample)
            && own.interpolation != other.interpolation
        {
            return Err(contradiction_beside(
                ("pretrained_cfg.interpolation", interpolation),
                ("resample", number),
            ));
        }
        Ok(())
    }
}

impl PreprocessorConfig {
    /// The entry that says how much is cut out, where one does, and what it says.
    fn crop(&self) -> Option<(&'static str, String)> {
        match (self.do_center_crop, self.cut(), self.share()) {
            (Some(false), _, None) => Some(("do_center_crop", "false".into())),
            (_, _, Some(share)) => Some(("crop_pct", share.to_string())),
            (_, Some(_), None) => Some(("size", in_pixels(self.size.sides()))),
            (_, None, None) => None,
        }
    }

    /// Checks that the input has the rows and columns that an entry of the config says.
    pub fn check_size(&self, (name, stated): (&str, [u64; 2])) -> Result<()> {
        let (key, size) = self.cut().map_or(("size", self.size), |cut| ("crop_size", cut));
        let (height, width) = size.sides();
        if stated == [height, width].map(u64::from) {
            return Ok(());
        }
        let [rows, columns] = stated;
        Err(contradiction_beside((name, in_pixels((rows, columns))), (key, in_pixels(size.sides()))))
    }
}

/// Rows and columns.
fn in_pixels<N: fmt::Display>((height, width): (N, N)) -> String {
    format!("{height} × {width}")
}
