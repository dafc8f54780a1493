//! One scene as every network and method sees it, as a picture.

use cam_lucida::cam::Method;
use cam_lucida::picture::Picture;
use cam_lucida::render::Style;
use cam_lucida::scenes::World;
use cam_lucida::{Heatmap, Size};
use plotters::prelude::*;
use plotters::style::register_font;
use pollster::block_on;

use crate::Failure;
use crate::survey::{SEED, settings};
use crate::trained_model::TrainedModel;
use crate::trials::Trials;

/// Rows and columns of a tile, and of what is between two.
const TILE: u32 = 120;
const GAP: u32 = 6;
/// Beside the tiles, for the networks' names, and above them, for the methods'.
const LEFT: u32 = 170;
const TOP: u32 = 26;
const FONT: &str = "sans-serif";
/// How many scenes are looked at for one that will do.
const SCENES: u64 = 1000;

/// One scene, explained: the first of [`SEED`] with two classes, one of them with several objects that all of `models` see.
/// It is explained for that class: networks from top to bottom, methods from left to right after the scene itself, under the class's name.
pub fn draw(
    models: &[TrainedModel],
    world: &dyn World,
    methods: &[&'static Method],
) -> Result<Option<Picture>, Failure> {
    let Some((index, class)) = scene(models, world)? else { return Ok(None) };
    let view = world.scene(SEED, index, TILE).picture;
    let columns = methods.len() as u32 + 1;
    let (width, height) = (LEFT + columns * (TILE + GAP), TOP + models.len() as u32 * (TILE + GAP));
    let mut rgb = vec![255; 3 * (width * height) as usize];
    for (row, trained) in models.iter().enumerate() {
        let scene = world.scene(SEED, index, trained.recipe.side);
        let found = trained.explain(&trained.input(&scene)?, methods, &[class], &settings(methods))?;
        let maps =
            found.heatmaps.iter().map(|heatmap| tile(&view, heatmap)).collect::<Result<Vec<_>, _>>()?;
        for (column, tile) in std::iter::once(&view).chain(&maps).enumerate() {
            paste(&mut rgb, width, tile, corner(column, row));
        }
    }
    let names: Vec<&str> =
        [world.classes()[class]].into_iter().chain(methods.iter().map(|method| method.name)).collect();
    label(&mut rgb, (width, height), models, &names)?;
    Ok(Some(Picture::new(Size { height: height as usize, width: width as usize }, rgb)?))
}

fn scene(models: &[TrainedModel], world: &dyn World) -> Result<Option<(u64, usize)>, Failure> {
    for index in 0..SCENES {
        let mut classes = Vec::new();
        for trained in models {
            let scene = world.scene(SEED, index, trained.recipe.side);
            let scores = block_on(trained.model.classify(&trained.input(&scene)?))?;
            let trials = Trials::from_scene(&scene, trained.recipe.side as usize, &scores)?;
            let several = trials.several.filter(|_| scene.labels.len() > 1);
            classes.push(several.map(|several| several.class));
        }
        if let Some(&Some(class)) = classes.first()
            && classes.iter().all(|other| *other == Some(class))
        {
            return Ok(Some((index, class)));
        }
    }
    Ok(None)
}

/// The left upper corner of a tile.
fn corner(column: usize, row: usize) -> (u32, u32) {
    (LEFT + column as u32 * (TILE + GAP), TOP + row as u32 * (TILE + GAP))
}

fn tile(view: &Picture, heatmap: &Heatmap) -> Result<Picture, Failure> {
    Ok(block_on(heatmap.draw(view, &heatmap.fit_style(Style::default())))?)
}

fn paste(rgb: &mut [u8], width: u32, tile: &Picture, (left, top): (u32, u32)) {
    let row = 3 * tile.size().width;
    for (y, pixels) in tile.rgb().chunks_exact(row).enumerate() {
        let start = 3 * ((top + y as u32) * width + left) as usize;
        rgb[start..start + row].copy_from_slice(pixels);
    }
}

fn label(rgb: &mut [u8], size: (u32, u32), models: &[TrainedModel], names: &[&str]) -> Result<(), Failure> {
    register_font(FONT, FontStyle::Normal, dejavu::sans::regular()).map_err(|_| "the font is damaged")?;
    let area = BitMapBackend::with_buffer(rgb, size).into_drawing_area();
    for (row, trained) in models.iter().enumerate() {
        let (_, top) = corner(0, row);
        let place = (4, (top + TILE / 2 - 8) as i32);
        area.draw(&Text::new(trained.recipe.title, place, (FONT, 15)))?;
    }
    for (column, name) in names.iter().enumerate() {
        let (left, _) = corner(column, 0);
        area.draw(&Text::new(*name, (left as i32, 7), (FONT, 15)))?;
    }
    Ok(area.present()?)
}
