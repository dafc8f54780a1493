//! What a layer puts out for an input, channel by channel.

use super::{Input, Model};
use crate::network::{ReceptiveField, Tap};
use crate::read_back::{check_finite, read};
use crate::{Result, Size};

/// Numbers that are read back from the device at a time.
const CHUNK: usize = 1 << 20;

/// What a layer puts out for an input. Where its numbers would be too many, means of blocks of `block`×`block` places stand
/// for them.
///
/// ```
/// # use cam_lucida::{Device, Input, Model, Size, network::Architecture, weights::{Card, Hashed}};
/// # pollster::block_on(async {
/// # let card = Card { architecture: Some(Architecture::named("resnet_small")?), ..Card::default() };
/// # let model = Model::from_parameters(&Device::cpu(), card, &mut Hashed { classes: 3 }).await?;
/// let input = Input::new(Size::square(96), vec![0.5; 3 * 96 * 96])?;
/// let layer = model.activations(&input, "layer4", 1 << 20).await?;
/// assert_eq!((layer.channels.len(), layer.sheet, layer.block), (96, Size::square(12), 1));
/// let [row, column] = layer.channels[7].peak;
/// assert_eq!(layer.values[(7 * 12 + row) * 12 + column], layer.channels[7].max);
/// # Ok::<(), cam_lucida::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Activations {
    /// torchvision's name of the layer.
    pub layer: String,
    /// Rows and columns of its output.
    pub size: Size,
    /// Rows and columns of places that one value is the mean of; fewer at the right and lower border.
    pub block: usize,
    /// Rows and columns of `values`.
    pub sheet: Size,
    /// `[channels, sheet.height, sheet.width]`, row-major.
    pub values: Vec<f32>,
    /// What each channel's own values are like.
    pub channels: Vec<ChannelActivation>,
    /// The pixels of the input that a place is computed from, where the network tells.
    pub field: Option<ReceptiveField>,
}

/// One channel of [`Activations`], of all its places.
///
/// See the example of [`Activations`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChannelActivation {
    /// The lowest value.
    pub min: f32,
    /// The highest value.
    pub max: f32,
    /// The mean.
    pub mean: f32,
    /// Row and column of the highest value; the first of several.
    pub peak: [usize; 2],
}

impl Model {
    /// The activations of a layer, in at most `most` values, or one for each channel where these are more.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request) when the network has no such layer, or the input does not fit it;
    /// [`is_weights`](crate::Error::is_weights) when an activation is not finite; [`is_device`](crate::Error::is_device) when the
    /// device fails.
    pub async fn activations(&self, input: &Input, layer: &str, most: usize) -> Result<Activations> {
        self.check_input(input)?;
        let names = [layer.to_string()];
        let [layer] = self.layers_named(&names)?[..] else { unreachable!("one name gives one layer") };
        let mut tap = Tap::at_layers(&[layer]);
        self.network.forward(input.tensor(self.device()), &mut tap);
        let output = tap.take(layer).expect("the model lists what its pass reaches").activation;
        let [_, count, height, width] = output.dims();
        let size = Size { width, height };
        let block = block(count, size, most);
        let sheet = Size { width: width.div_ceil(block), height: height.div_ceil(block) };
        let mut values = Vec::with_capacity(count * sheet.area());
        let mut channels = Vec::with_capacity(count);
        let step = (CHUNK / size.area()).max(1);
        for start in (0..count).step_by(step) {
            let part = output.clone().slice_dim(1, start..count.min(start + step));
            let part = read(part.flatten(0, 3)).await?;
            check_finite(&part, "activations")?;
            for places in part.chunks_exact(size.area()) {
                channels.push(ChannelActivation::of(places, size));
                values.extend(means(places, size, block));
            }
        }
        let field = self.network.receptive_field(layer);
        Ok(Activations { layer: layer.into(), size, block, sheet, values, channels, field })
    }
}

impl ChannelActivation {
    fn of(places: &[f32], size: Size) -> Self {
        let mut found = Self { min: f32::INFINITY, max: f32::NEG_INFINITY, mean: 0.0, peak: [0, 0] };
        for (at, &value) in places.iter().enumerate() {
            found.min = found.min.min(value);
            if value > found.max {
                (found.max, found.peak) = (value, [at / size.width, at % size.width]);
            }
        }
        found.mean = mean(places.iter().copied());
        found
    }
}

/// Rows and columns of blocks by which `channels` of `size` are at most `most` values, where blocks can do that.
fn block(channels: usize, size: Size, most: usize) -> usize {
    let values = |block: usize| channels * size.width.div_ceil(block) * size.height.div_ceil(block);
    let whole = size.max_side();
    (1..whole).find(|&block| values(block) <= most).unwrap_or(whole)
}

/// The mean of each block, row-major.
fn means(places: &[f32], size: Size, block: usize) -> impl Iterator<Item = f32> {
    let blocks =
        move |length: usize| (0..length).step_by(block).map(move |from| from..length.min(from + block));
    blocks(size.height).flat_map(move |rows| {
        blocks(size.width).map(move |columns| {
            let row = |row: usize| places[row * size.width..][columns.clone()].iter().copied();
            mean(rows.clone().flat_map(row))
        })
    })
}

fn mean(values: impl Iterator<Item = f32>) -> f32 {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + f64::from(value), count + 1));
    (sum / f64::from(count)) as f32
}
