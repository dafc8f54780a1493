//! Curves as a picture.

use cam_lucida::Size;
use cam_lucida::picture::Picture;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::register_font;

use crate::Failure;

/// Lines over one pair of axes.
pub struct Chart {
    pub title: &'static str,
    pub across: &'static str,
    pub down: &'static str,
    pub lines: Vec<Line>,
}

/// Points `(across, down)`, joined.
pub struct Line {
    pub name: &'static str,
    pub points: Points,
}

pub type Points = Vec<(f64, f64)>;

/// Charts side by side.
const COLUMNS: usize = 2;
/// Pixels of a chart.
const SIZE: (u32, u32) = (720, 400);
/// Pixels beside it that name the lines.
const LEGEND: u32 = 190;
/// Okabe and Ito's colours, which the colour-blind can tell apart.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(0, 0, 0),
];
const FONT: &str = "sans-serif";

/// Draws `charts`, at least one.
pub fn draw(charts: &[Chart]) -> Result<Picture, Failure> {
    register_font(FONT, FontStyle::Normal, dejavu::sans::regular())
        .map_err(|_| "the plots' font is damaged")?;
    let columns = charts.len().min(COLUMNS);
    let rows = charts.len().div_ceil(columns);
    let (width, height) = (SIZE.0 * columns as u32, SIZE.1 * rows as u32);
    let mut rgb = vec![0; 3 * (width * height) as usize];
    {
        let area = BitMapBackend::with_buffer(&mut rgb, (width, height)).into_drawing_area();
        area.fill(&WHITE)?;
        for (chart, area) in charts.iter().zip(area.split_evenly((rows, columns))) {
            chart.draw(&area)?;
        }
        area.present()?;
    }
    Ok(Picture::new(Size { height: height as usize, width: width as usize }, rgb)?)
}

impl Chart {
    fn draw(&self, area: &DrawingArea<BitMapBackend<'_>, Shift>) -> Result<(), Failure> {
        let values = self.lines.iter().flat_map(|line| &line.points).map(|point| point.1);
        let (min, max) = values.fold((0.0_f64, 1.0_f64), |(min, max), v| (min.min(v), max.max(v)));
        let (area, legend) = area.split_horizontally(SIZE.0 - LEGEND);
        let mut context = ChartBuilder::on(&area)
            .caption(self.title, (FONT, 20))
            .margin(14)
            .x_label_area_size(44)
            .y_label_area_size(60)
            .build_cartesian_2d(0.0..1.0, min..max)?;
        let mut mesh = context.configure_mesh();
        mesh.x_desc(self.across).y_desc(self.down).label_style((FONT, 13)).axis_desc_style((FONT, 15));
        // Rounding first and adding zero keeps tiny negative values from showing as -0.0.
        mesh.y_label_formatter(&|value| format!("{:.1}", (value * 10.0).round() / 10.0 + 0.0));
        mesh.light_line_style(TRANSPARENT).draw()?;
        for (i, (line, colour)) in self.lines.iter().zip(COLOURS.iter().cycle()).enumerate() {
            let style = colour.stroke_width(2);
            context.draw_series(LineSeries::new(line.points.iter().copied(), style))?;
            let y = 60 + 22 * i as i32;
            legend.draw(&PathElement::new([(0, y), (18, y)], style))?;
            legend.draw(&Text::new(line.name, (24, y - 7), (FONT, 14)))?;
        }
        Ok(())
    }
}
