//! Where gates are taught to be open.

use burn::tensor::{Device, Tensor, TensorData};

use super::binary;
use crate::network::language::Film;
use crate::scenes::Scene;
#[cfg(test)]
use crate::scenes::shapes::{Arrangement, Thing};

/// The share of each of the network's pixels on which a gate is to open; nothing where any will do.
pub type Wanted = Option<Vec<f32>>;

/// How much of each of the network's pixels the things take that have these numbers.
pub fn taken(scene: &Scene, things: &[usize]) -> Vec<f32> {
    let (side, count) = pixels(scene);
    let mut shares = vec![0.0; count];
    let share = count as f32 / (side * side) as f32;
    for (pixel, &owner) in scene.owners.iter().enumerate() {
        if owner > 0 && things.contains(&(usize::from(owner) - 1)) {
            shares[coarse([pixel % side, pixel / side], side)] += share;
        }
    }
    shares
}

/// How far gates, whose logits `[texts, places, pixels]` are given, are from what they are taught.
pub fn ungated(open: Tensor<3>, gates: &[Vec<Wanted>], device: &Device) -> Tensor<1> {
    let (rows, wanted) = taught(gates, open.dims());
    let wanted = Tensor::<2>::from_data(TensorData::new(wanted, [rows.len(), open.dims()[2]]), device);
    let rows = Tensor::from_data(TensorData::new(rows.clone(), [rows.len()]), device);
    binary(open.flatten::<2>(0, 1).select(0, rows), wanted)
}

/// The numbers of the rows of `[texts, places, pixels]` that gates are taught for, and what they are taught.
fn taught(gates: &[Vec<Wanted>], [_, places, _]: [usize; 3]) -> (Vec<i64>, Vec<f32>) {
    let rows = gates.iter().enumerate().flat_map(|(text, words)| {
        words
            .iter()
            .enumerate()
            .filter_map(move |(place, word)| Some((text * places + place, word.as_ref()?)))
    });
    let (rows, wanted): (Vec<_>, Vec<_>) = rows.map(|(row, wanted)| (row as i64, wanted.clone())).unzip();
    (rows, wanted.concat())
}

/// Pixels of a side of the scene, and the number of the network's.
pub fn pixels(scene: &Scene) -> (usize, usize) {
    let side = scene.picture.size().width;
    (side, (side / Film::STRIDE as usize).pow(2))
}

/// The number of the network's pixel where `[column, row]` of a scene lies.
pub fn coarse([column, row]: [usize; 2], side: usize) -> usize {
    let stride = Film::STRIDE as usize;
    row / stride * (side / stride) + column / stride
}

#[cfg(test)]
/// A red hydrant in the upper left quarter, a blue car in the lower right one.
pub fn board() -> Arrangement {
    let things = vec![Thing::new(0, 0, [0.25, 0.25], 0.3), Thing::new(1, 4, [0.8, 0.7], 0.3)];
    Arrangement::from_things(things, 96)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gates_are_taught_where_something_is_wanted() {
        // The second caption of two, whose second word is read from nothing.
        let (rows, wanted) = taught(&[vec![], vec![Some(vec![0.5; 4]), None, Some(vec![1.0; 4])]], [2, 4, 4]);
        assert_eq!(rows, [4, 6]);
        assert_eq!(wanted, [[0.5; 4], [1.0; 4]].concat());
    }
}
