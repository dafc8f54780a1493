//! Whether two weight files are of one mind: what they see in a picture, and where.

use cam_lucida::measure::Map;
use cam_lucida::picture::{Picture, Preprocess};
use cam_lucida::{Model, Request, Result};

/// What a model says of a picture.
pub struct Testimony {
    /// The class that it predicts.
    pub class: usize,
    /// Its Grad-CAM map at the default layer, 0 to 1.
    map: Map,
}

impl Testimony {
    pub async fn of(model: &Model, picture: &Picture) -> Result<Self> {
        let input = model.input(picture, Preprocess::Squash)?;
        let request = Request::default();
        let explanation = model.explain(&input, &request).await?;
        let map = Map::from_heatmap(&explanation.heatmaps[0]).await?.normalised();
        Ok(Self { class: explanation.classes[0], map })
    }

    /// Whether nothing in the picture speaks for the class.
    pub fn sees_nothing(&self) -> bool {
        self.map.is_flat()
    }

    /// The largest difference of the maps at any place.
    pub fn difference(&self, other: &Self) -> f32 {
        let pairs = self.map.values().iter().zip(other.map.values());
        pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    }
}
