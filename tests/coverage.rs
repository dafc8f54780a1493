//! What a map covers, against values worked out by hand.

use cam_lucida::Size;
use cam_lucida::measure::{Map, Mask, coverage, instances_covered};

fn map(height: usize, width: usize, values: &[f32]) -> Map {
    Map::new(Size { height, width }, values.to_vec()).unwrap()
}

/// Of a row of pixels, those whose digit is `digit`.
fn mask(row: &str, digit: char) -> Mask {
    Mask::new(Size { height: 1, width: row.len() }, row.chars().map(|found| found == digit).collect())
        .unwrap()
}

#[test]
fn coverage_is_the_share_of_the_object_from_half_the_peak_on() {
    // Less the least value and in parts of the largest: 0, 0.5, 0.25, 1.
    let values = map(1, 4, &[2.0, 4.0, 3.0, 6.0]);
    assert_eq!(coverage(&values, &mask("0111", '1')), Some(2.0 / 3.0), "exactly half the peak covers");
    assert_eq!(coverage(&values, &mask("1010", '1')), Some(0.0));
    assert_eq!(coverage(&values, &mask("0101", '1')), Some(1.0));
}

#[test]
fn coverage_takes_the_map_at_the_size_of_the_mask() {
    // Upsampled to four columns, 0 and 1 become 0, 1/4, 3/4, 1.
    assert_eq!(coverage(&map(1, 2, &[0.0, 1.0]), &mask("0110", '1')), Some(0.5));
}

#[test]
fn an_instance_is_covered_when_half_of_it_is() {
    let values = map(1, 9, &[1.0, 1.0, 0.0, 0.9, 0.1, 0.2, 0.6, 0.4, 0.4]);
    // Covered are both pixels of 1, one of the two of 2, one of the three of 3.
    let instances = ['1', '2', '3'].map(|instance| mask("110220333", instance));
    assert_eq!(instances_covered(&values, &instances), Some(2.0 / 3.0));
    assert_eq!(instances_covered(&values, &instances[2..]), Some(0.0));
}

#[test]
fn a_faint_instance_beside_a_strong_one_is_not_covered() {
    let instances = ['1', '2'].map(|instance| mask("10200", instance));
    assert_eq!(instances_covered(&map(1, 5, &[1.0, 0.0, 0.49, 0.0, 0.0]), &instances), Some(0.5));
    assert_eq!(instances_covered(&map(1, 5, &[1.0, 0.0, 0.51, 0.0, 0.0]), &instances), Some(1.0));
}

#[test]
fn a_flat_map_covers_nothing_that_could_be_measured() {
    let instances = [mask("0111", '1')];
    assert_eq!(coverage(&map(1, 4, &[3.0; 4]), &instances[0]), None);
    assert_eq!(instances_covered(&map(1, 4, &[3.0; 4]), &instances), None);
    assert_eq!(instances_covered(&map(1, 4, &[0.0, 1.0, 2.0, 3.0]), &[]), None);
}
