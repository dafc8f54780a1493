//! Pictures as cameras, scanners and other programs leave them (`tests/fixtures/pictures/wild.py`).
#![cfg(feature = "pictures")]

use std::path::PathBuf;

use cam_lucida::Size;
use cam_lucida::picture::{Picture, Preprocess, Preprocessor, Window};
use serde_json::Value;

fn bytes(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pictures/wild");
    std::fs::read(folder.join(name)).unwrap()
}

fn difference(a: &Picture, b: &Picture) -> u8 {
    assert_eq!(a.size(), b.size());
    a.rgb().iter().zip(b.rgb()).map(|(a, b)| a.abs_diff(*b)).max().unwrap()
}

#[test]
fn pictures_from_the_wild_are_those_that_pillow_sees_and_what_is_done_with_them_is_said() {
    let table: Value = serde_json::from_slice(&bytes("expected.json")).unwrap();
    let mut wrong = Vec::new();
    for case in table.as_array().unwrap() {
        let text = |key: &str| case[key].as_str();
        let window: Option<Window> = text("window").map(|window| window.parse().unwrap());
        let found = Picture::decode_with(&bytes(text("file").unwrap()), window)
            .unwrap_or_else(|error| panic!("{case}: {error}"));
        let difference =
            difference(&found.picture, &Picture::decode(&bytes(text("expected").unwrap())).unwrap());
        let notes: Vec<&str> = found.notes.iter().map(|note| note.code()).collect();
        let expected: Vec<&str> =
            case["notes"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        if u64::from(difference) > case["tolerance"].as_u64().unwrap() || notes != expected {
            wrong.push(format!("{case}: differs by {difference}, {notes:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(table.as_array().unwrap().len() >= 20);
}

#[test]
fn a_letterbox_is_pillows_pad_and_its_view_shows_the_bars() {
    let boxes: Value = serde_json::from_slice(&bytes("boxes.json")).unwrap();
    for case in boxes.as_array().unwrap() {
        let source = Picture::decode(&bytes(&format!("../{}", case["source"].as_str().unwrap()))).unwrap();
        let fill: [u8; 3] = serde_json::from_value(case["fill"].clone()).unwrap();
        let preprocessor = Preprocessor { fill: Some(fill), ..Preprocessor::imagenet(224) };
        let frame = preprocessor.frame(&source, Preprocess::Letterbox).unwrap();
        let expected = Picture::decode(&bytes(case["expected"].as_str().unwrap())).unwrap();
        let found = difference(&frame, &expected);
        assert!(found <= 1, "{case} differs by {found}");
        // The view is the same, larger.
        let view = preprocessor.view(&source, Preprocess::Letterbox);
        assert_eq!(view.size(), Size::square(448));
        assert_eq!(view.rgb()[..3], fill);
        let small = |picture: &Picture| picture.resize(picture.region(), Size::square(14));
        assert!(difference(&small(&view), &small(&frame)) <= 8, "{case}");
    }
    // Bars of the mean are 0 once they are normalised, but for rounding.
    let wide = Picture::new(Size { height: 10, width: 40 }, vec![250; 1200]).unwrap();
    let imagenet = Preprocessor::imagenet(64);
    let input = imagenet.normalise(&imagenet.frame(&wide, Preprocess::Letterbox).unwrap());
    assert!(input[0].abs() < 0.01 && input[64 * 64].abs() < 0.01, "{} {}", input[0], input[64 * 64]);
}

#[test]
fn inputs_that_are_no_squares_are_timms_and_pillows() {
    let frames: Value = serde_json::from_slice(&bytes("frames.json")).unwrap();
    for case in frames.as_array().unwrap() {
        let source = Picture::decode(&bytes(&format!("../{}", case["source"].as_str().unwrap()))).unwrap();
        let size = |key: &str| {
            let [height, width] = serde_json::from_value(case[key].clone()).unwrap();
            Size { height, width }
        };
        let preprocessor = Preprocessor {
            size: size("size"),
            resize: size("resize"),
            fill: Some([114; 3]),
            ..Preprocessor::imagenet(224)
        };
        let preprocess: Preprocess = case["preprocess"].as_str().unwrap().parse().unwrap();
        let frame = preprocessor.frame(&source, preprocess).unwrap();
        let expected = Picture::decode(&bytes(case["expected"].as_str().unwrap())).unwrap();
        let found = difference(&frame, &expected);
        assert!(found <= 1, "{case} differs by {found}");
        // The view is the same in the picture's own shape; squashed, it is the whole picture.
        let view = preprocessor.view(&source, preprocess);
        if preprocess != Preprocess::Squash {
            let [view, frame] =
                [view.size(), frame.size()].map(|size| size.width as f64 / size.height as f64);
            assert!((view / frame - 1.0).abs() < 0.02, "{case}: {view}, not {frame}");
        }
    }
    assert_eq!(frames.as_array().unwrap().len(), 16);
}

/// A whole TIFF file of 2×2 pixels whose values are floating-point numbers.
#[test]
fn a_whole_picture_of_a_kind_that_is_not_read_is_not_called_damaged() {
    let entries: [[u16; 2]; 10] = [
        [256, 2],
        [257, 2],
        [258, 32],
        [259, 1],
        [262, 1],
        [273, 134],
        [277, 1],
        [278, 2],
        [279, 16],
        [339, 3],
    ];
    let mut file = b"II*\0\x08\0\0\0".to_vec();
    file.extend((entries.len() as u16).to_le_bytes());
    for [tag, value] in entries {
        let (short, count) = (3_u16, 1_u32);
        file.extend([tag.to_le_bytes(), short.to_le_bytes()].concat());
        file.extend([count.to_le_bytes(), u32::from(value).to_le_bytes()].concat());
    }
    file.extend([0; 4]);
    assert_eq!(file.len(), 134);
    file.extend([0.5_f32; 4].map(f32::to_le_bytes).concat());
    let error = Picture::decode(&file).unwrap_err();
    assert_eq!(error.code(), "picture-kind", "{error}");
    assert!(error.to_string().contains("PNG"), "{error}");
}

#[test]
fn a_grey_picture_of_sixteen_bits_tells_its_range_and_an_unused_window_is_said() {
    let range = Picture::decode_with(&bytes("grey12.png"), None).unwrap().range.unwrap();
    assert_eq!((range.low(), range.high()), (100, 4110));
    let colours = Picture::decode_with(&bytes("rgb.bmp"), Some(Window::default())).unwrap();
    assert_eq!(colours.notes[0].code(), "picture-window-unused");
    assert!(colours.range.is_none());
    for wrong in ["", "1", "1,2,3", "9,9", "9,1", "-1,5", "0,65536", "a,b"] {
        let error = wrong.parse::<Window>().unwrap_err();
        assert!(error.is_request() && error.to_string().contains("0,4095"), "{wrong}: {error}");
    }
}

#[test]
fn a_photograph_of_48_megapixels_is_read_at_half_its_size() {
    let size = Size { height: 6000, width: 8000 };
    // Red on the left, grey below, so that turning or cutting would show.
    let pixel = |i: usize| match (i % size.width < 4000, i / size.width < 3000) {
        (true, true) => [200, 10, 20],
        (false, true) => [10, 200, 20],
        _ => [90, 90, 90],
    };
    let file = Picture::new(size, (0..size.area()).flat_map(pixel).collect()).unwrap().to_png();
    let read = Picture::decode_with(&file, None).unwrap();
    assert_eq!(read.picture.size(), Size { height: 3000, width: 4000 });
    assert_eq!(read.notes[0].code(), "picture-reduced");
    let at = |x: usize, y: usize| &read.picture.rgb()[3 * (y * 4000 + x)..][..3];
    assert_eq!([at(1999, 1499), at(2000, 1499), at(1999, 1500)], [[200, 10, 20], [10, 200, 20], [90; 3]]);
}

#[test]
fn what_phones_and_hospitals_write_is_named_with_a_way_out() {
    let mut dicom = vec![0; 128];
    dicom.extend(b"DICM\x02\0\0\0UL\x04\0");
    let avif = bytes("rgb.avif");
    let cases: [(&[u8], &str, &str); 8] = [
        (&avif, "picture-avif", "PNG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "picture-heic", "save the picture as JPEG"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "picture-heic", "Most Compatible"),
        (&dicom, "picture-dicom", "PNG of 16 bits"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "picture-avif", "avifdec"),
        (b"\0\0\0\x1cftypavis\0\0\0\0avifmif1miaf", "picture-avif", "avifdec"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1", "picture-avif", "avifdec"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "picture-format", "JPEG XL"),
    ];
    for (file, code, words) in cases {
        let error = Picture::decode(file).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.is_image() && error.to_string().contains(words), "{error}");
    }
}

#[test]
fn colours_of_twelve_bits_in_sixteen_are_said_to_be_nearly_black() {
    let file = |largest: u16| {
        let pixels = (0..64 * 64).flat_map(|i| [largest, largest / 2, i % 100]).collect();
        let mut file = std::io::Cursor::new(Vec::new());
        let image = image::ImageBuffer::<image::Rgb<u16>, Vec<u16>>::from_raw(64, 64, pixels).unwrap();
        image.write_to(&mut file, image::ImageFormat::Png).unwrap();
        file.into_inner()
    };
    let codes = |file: &[u8]| -> Vec<String> {
        let notes = Picture::decode_with(file, None).unwrap().notes;
        notes.iter().map(|note| note.code().to_string()).collect()
    };
    assert_eq!(codes(&file(4095)), ["picture-dark"]);
    assert!(codes(&file(50_000)).is_empty());
}

#[test]
fn a_jpeg_whose_end_marker_is_cut_in_two_is_whole() {
    let whole = bytes("../rgb.jpg");
    let picture = Picture::decode(&whole).unwrap();
    let cut = Picture::decode_with(&whole[..whole.len() - 1], None).unwrap();
    assert_eq!(cut.picture.rgb(), picture.rgb());
    assert_eq!(cut.notes[0].code(), "picture-no-end");
    assert!(Picture::decode(&whole[..whole.len() - 4]).is_err());
}
