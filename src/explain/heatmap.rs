//! The heatmap: the raw map of one method for one class.

use burn::tensor::Tensor;

use crate::Result;
use crate::cam::{self, Budget, ClassSum, Method, Output};
use crate::picture::Picture;
use crate::read_back::{check_finite, read};
use crate::render::{self, Formula, Style};

/// A raw map, still on the device that computed it.
///
/// ```
/// use cam_lucida::render::{Colormap, Style};
/// # use cam_lucida::{Device, Model, Request};
/// # use cam_lucida::picture::{Picture, Preprocess};
/// # use cam_lucida::weights::Card;
/// # pollster::block_on(async {
/// # let config = std::fs::read_to_string("models/resnet-scenes/config.json")?;
/// # let preprocessor = std::fs::read_to_string("models/resnet-scenes/preprocessor_config.json")?;
/// # let weights = std::fs::read("models/resnet-scenes/model.safetensors")?;
/// # let model = Model::load(&Device::cpu(), Card::read(&config, Some(&preprocessor))?, weights).await?;
/// # let sample = Picture::decode(&std::fs::read("src/bin/cam-lucida/sample.png")?)?;
/// # let input = model.input(&sample, Preprocess::Squash)?;
/// let explanation = model.explain(&input, &Request::default()).await?;
/// let heatmap = &explanation.heatmaps[0];
/// assert_eq!(heatmap.map.dims(), [1, 12, 12]);
/// assert_eq!(heatmap.values().await?.len(), 12 * 12);
///
/// let style = Style { colormap: Colormap::Viridis, ..Style::default() };
/// let overlay = heatmap.draw(&model.picture(&input), &style).await?;
/// assert_eq!(overlay.size(), input.size());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Clone)]
pub struct Heatmap {
    /// The method.
    pub method: &'static Method,
    /// The class, or the classes whose scores add up; of a phrase, its words.
    pub class: ClassSum,
    /// Not normalised, `[c, h, w]`: one channel of a map, those of the input of a signed picture.
    pub map: Tensor<3>,
    /// The smallest value.
    pub min: f32,
    /// The largest value.
    pub max: f32,
    /// What a limit on the channels left out.
    pub budget: Option<Budget>,
}

impl Heatmap {
    /// Whether all values are equal: nothing at the layer speaks for this class.
    pub fn is_flat(&self) -> bool {
        self.min >= self.max
    }

    /// The channel to be coloured, `[h, w]`: the map; for a signed picture, the largest magnitude of its channels (Simonyan
    /// 2014).
    pub fn magnitude(&self) -> Tensor<2> {
        let map = self.map.clone();
        if self.map.dims()[0] == 1 { map.squeeze_dim(0) } else { map.abs().max_dim(0).squeeze_dim(0) }
    }

    /// The values of [`magnitude`](Self::magnitude), row-major.
    ///
    /// # Errors
    /// [`is_device`](crate::Error::is_device) when the device fails.
    pub async fn magnitudes(&self) -> Result<Vec<f32>> {
        read(self.magnitude().flatten::<1>(0, 1)).await
    }

    /// The raw values `[c, h, w]`, row-major.
    ///
    /// # Errors
    /// [`is_device`](crate::Error::is_device) when the device fails.
    pub async fn values(&self) -> Result<Vec<f32>> {
        read(self.map.clone().flatten::<1>(0, 2)).await
    }

    /// Draws the heatmap on the CPU, over `view` or as `style` says; see [`render::draw`].
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request): opacity or threshold is out of bounds;
    /// [`is_device`](crate::Error::is_device): the device fails.
    pub async fn draw(&self, view: &Picture, style: &Style) -> Result<Picture> {
        style.check()?;
        Ok(render::draw(view, &self.values().await?, self.map.dims(), style))
    }

    /// Fits a style to what the method gives: `style` itself for a map; for a signed picture its raw values, so that the
    /// signs show ([`Formula::ZScore`]).
    pub fn fit_style(&self, style: Style) -> Style {
        match self.method.output {
            Output::Map => style,
            Output::Picture => Style { formula: Formula::ZScore, ..style },
        }
    }

    /// The sum of the raw maps of one method for several words, as they are.
    pub(super) async fn sum(heatmaps: &[&Self]) -> Result<Self> {
        let (&first, rest) = heatmaps.split_first().expect("there is at least one word");
        let class = ClassSum::new(heatmaps.iter().flat_map(|map| map.class.classes().iter().copied()))?;
        let map = rest.iter().fold(first.map.clone(), |sum, heatmap| sum + heatmap.map.clone());
        let range = read(Tensor::cat(vec![map.clone().min(), map.clone().max()], 0)).await?;
        check_finite(&range, "activations, gradients or map")?;
        Ok(Self { method: first.method, class, map, min: range[0], max: range[1], budget: first.budget })
    }

    /// Splits each attribution into its rows, one for each of `classes`, and reads back the range of each.
    pub(super) async fn read(attributions: Vec<cam::Attribution>, classes: &[ClassSum]) -> Result<Vec<Self>> {
        const EACH: usize = 4;
        let mut numbers = Vec::new();
        let mut unread = Vec::new();
        for attribution in &attributions {
            for (row, class) in classes.iter().enumerate() {
                let map: Tensor<3> = attribution.maps.clone().slice_dim(0, row..row + 1).squeeze_dim(0);
                numbers.extend([
                    attribution.health.clone(),
                    map.clone().sum(),
                    map.clone().min(),
                    map.clone().max(),
                ]);
                unread.push((attribution, class, map));
            }
        }
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let numbers = read(Tensor::cat(numbers, 0)).await?;
        check_finite(&numbers, "activations, gradients or map")?;
        let heatmap =
            |(numbers, (attribution, class, map)): (&[f32], (&cam::Attribution, &ClassSum, Tensor<3>))| {
                Self {
                    method: attribution.method,
                    class: class.clone(),
                    map,
                    min: numbers[2],
                    max: numbers[3],
                    budget: attribution.budget,
                }
            };
        Ok(numbers.chunks_exact(EACH).zip(unread).map(heatmap).collect())
    }
}
