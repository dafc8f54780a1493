//! The overlay on the CPU: pixels derived by hand, colours against matplotlib. tests/gpu.rs holds the GPU to the CPU.

use cam_lucida::Size;
use cam_lucida::picture::Picture;
use cam_lucida::render::{Colormap, Formula, Style, draw, upsample};
use strum::VariantArray;

fn grey(value: u8, width: usize, height: usize) -> Picture {
    Picture::new(Size { height, width }, vec![value; 3 * width * height]).unwrap()
}

#[test]
fn upsampling_has_half_pixel_centres() {
    // torch.nn.functional.interpolate([[0, 1], [2, 4]], size=(4, 4), mode="bilinear", align_corners=False)
    let expected = [
        [0.0, 0.25, 0.75, 1.0],
        [0.5, 0.8125, 1.4375, 1.75],
        [1.5, 1.9375, 2.8125, 3.25],
        [2.0, 2.5, 3.5, 4.0],
    ];
    let found = upsample(&[0.0, 1.0, 2.0, 4.0], Size::square(2), Size::square(4));
    assert_eq!(found, expected.concat());
}

#[test]
fn blend_mixes_picture_and_colour_by_opacity() {
    // Black to white over 100: at the ends of the map 0.5·100 and 0.5·100 + 0.5·255.
    let style = Style { colormap: Colormap::Grey, ..Style::default() };
    let found = draw(&grey(100, 2, 1), &[3.0, 5.0], [1, 1, 2], &style);
    assert_eq!(found.rgb(), [50, 50, 50, 178, 178, 178]);
}

#[test]
fn mask_weighted_leaves_the_picture_where_the_map_is_low() {
    let style = Style { formula: Formula::MaskWeighted, colormap: Colormap::Grey, ..Style::default() };
    let found = draw(&grey(100, 2, 1), &[0.0, 1.0], [1, 1, 2], &style);
    assert_eq!(found.rgb(), [100, 100, 100, 178, 178, 178]);
}

#[test]
fn seed_stretches_the_sum_of_colour_and_picture() {
    // jet(0) = (0, 0, 0.5), jet(1) = (0.5, 0, 0); over 0.4: from 0.4 to 0.9.
    let style = Style { formula: Formula::Seed, colormap: Colormap::Jet, ..Style::default() };
    let found = draw(&grey(102, 2, 1), &[0.0, 1.0], [1, 1, 2], &style);
    assert_eq!(found.rgb(), [0, 0, 255, 255, 0, 0]);
}

#[test]
fn a_threshold_shows_the_plain_picture_below_it() {
    let style = Style { colormap: Colormap::Grey, threshold: 0.6, ..Style::default() };
    let found = draw(&grey(100, 3, 1), &[0.0, 0.5, 1.0], [1, 1, 3], &style);
    assert_eq!(found.rgb(), [100, 100, 100, 100, 100, 100, 178, 178, 178]);
}

#[test]
fn a_flat_map_is_zero_everywhere() {
    let style = Style::heatmap(Colormap::Grey);
    for value in [0.0, 7.5] {
        assert_eq!(draw(&grey(9, 3, 2), &[value; 4], [1, 2, 2], &style), grey(0, 3, 2));
    }
}

#[test]
fn styles_out_of_bounds_are_refused() {
    let style = Style { opacity: 1.5, ..Style::default() };
    let error = style.check().unwrap_err();
    assert!(error.is_request() && error.to_string().contains("opacity must be 0 to 1, found 1.5"), "{error}");
    assert!(Style { threshold: f32::NAN, ..Style::default() }.check().is_err());
}

#[test]
fn colours_equal_matplotlibs() {
    // (255 * cmap(i)).round() for i in (0, 64, 128, 200, 255).
    for (colormap, colours) in MATPLOTLIB {
        let table = colormap.table();
        for (i, expected) in [0, 64, 128, 200, 255].into_iter().zip(colours) {
            let found = table[i].map(|c| (c * 255.0).round() as u8);
            let difference = (0..3).map(|c| found[c].abs_diff(expected[c])).max().unwrap();
            assert!(difference <= 1, "{colormap:?} at {i}: {found:?} instead of {expected:?}");
        }
    }
}

include!("fixtures/colormaps.rs");

#[test]
fn stops_for_css_are_the_colours_of_the_table() {
    for colormap in Colormap::VARIANTS {
        let stops = colormap.hex_stops(Colormap::STEPS);
        for (stop, colour) in stops.iter().zip(colormap.table()) {
            let [r, g, b] = colour.map(|c| (c * 255.0).round() as u8);
            assert_eq!(*stop, format!("#{r:02x}{g:02x}{b:02x}"), "{colormap}");
        }
        let (three, last) = (colormap.hex_stops(3), Colormap::STEPS - 1);
        assert_eq!([&three[0], &three[2]], [&stops[0], &stops[last]], "{colormap}");
    }
}

#[test]
fn a_signed_picture_is_coloured_by_its_largest_magnitude() {
    // Of the channels (-3, 0), (1, 1), (2, 0) the largest magnitudes are 3 and 1.
    let values = [-3.0, 0.0, 1.0, 1.0, 2.0, 0.0];
    let style = Style { colormap: Colormap::Grey, ..Style::default() };
    let found = draw(&grey(100, 2, 1), &values, [3, 1, 2], &style);
    assert_eq!(found, draw(&grey(100, 2, 1), &[3.0, 1.0], [1, 1, 2], &style));
}

#[test]
fn raw_formulas_show_the_values_of_each_channel() {
    let style = Style { formula: Formula::MinMax, ..Style::default() };
    let found = draw(&grey(9, 2, 1), &[-1.0, 0.0, 1.0, 0.5, -0.5, 1.0], [3, 1, 2], &style);
    assert_eq!(found.rgb(), [0, 255, 64, 128, 191, 255]);
    // Mean 0, deviation 1: ½ ∓ 0.1.
    let style = Style { formula: Formula::ZScore, ..Style::default() };
    let found = draw(&grey(9, 2, 1), &[-1.0, 1.0], [1, 1, 2], &style);
    assert_eq!(found.rgb(), [[102; 3], [153; 3]].concat());
}

#[test]
fn opacity_and_colour_map_matter_to_the_formulas_that_say_so() {
    for &formula in Formula::VARIANTS {
        let drawn = |opacity, colormap| {
            let style = Style { formula, opacity, colormap, threshold: 0.0 };
            draw(&grey(100, 3, 1), &[0.0, 0.4, 1.0], [1, 1, 3], &style)
        };
        let found = drawn(0.5, Colormap::Viridis);
        assert_eq!(drawn(0.9, Colormap::Viridis) != found, formula.has_opacity(), "{formula}");
        assert_eq!(drawn(0.5, Colormap::Jet) != found, formula.own_colormap().is_none(), "{formula}");
    }
}

#[test]
fn the_shader_knows_each_formula_by_its_number() {
    let shader = include_str!("../src/render/overlay.wgsl");
    for &formula in Formula::VARIANTS.iter().filter(|formula| !formula.is_raw()) {
        let name = formula.to_string().to_uppercase().replace('-', "_");
        let line = format!("const {name} = {}u;", formula as u32);
        assert!(shader.lines().any(|found| found == line), "overlay.wgsl has no line `{line}`");
    }
}
