//! The caption of an arrangement.

use std::ops::Range;

use strum::IntoEnumIterator;

use super::vocabulary::{AND, WITH, number, relation, words};
use crate::scenes::questions::Direction;
use crate::scenes::shapes::{Arrangement, COLOURS, KINDS, PLURALS, Shapes, Thing};

/// How far apart things are, of which a relation is told: shares of the picture's side.
pub const GAP: f32 = 0.12;
/// By how much more a relation must hold than what else could be told, where a caption is plain: shares of the picture's side.
pub const MARGIN: f32 = 0.04;
/// Numbers of scenes between one and the next that is tried in its place.
const APART: u64 = 1 << 40;
/// A caption names so many groups at most.
const GROUPS: usize = 3;

/// A sentence about a scene, and of which things each word speaks.
///
/// ```
/// use cam_lucida::scenes::captions::{Role, caption};
/// use cam_lucida::scenes::shapes::{Arrangement, Thing};
///
/// let [car, ball, red, blue] = [1, 6, 0, 4];
/// let things = vec![
///     Thing::new(ball, blue, [0.8, 0.2], 0.2),
///     Thing::new(car, red, [0.3, 0.5], 0.5),
///     Thing::new(ball, blue, [0.7, 0.7], 0.25),
/// ];
/// let caption = caption(&Arrangement::from_things(things, 96));
/// assert_eq!(caption.to_string(), "a red car left of two blue balls");
/// assert_eq!(caption.words[7], "balls");
/// assert_eq!(caption.roles[7], Role::Kind);
/// assert_eq!(caption.objects[7], [0, 2]);
/// assert_eq!(caption.groups[1].words, 5..8);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Caption {
    /// The words in their order, without start and end.
    pub words: Vec<String>,
    /// What each word is.
    pub roles: Vec<Role>,
    /// For each word the numbers of the things that it speaks of, ascending. A relation speaks of all that are named; "and" of
    /// none.
    pub objects: Vec<Vec<usize>>,
    /// The groups that it names, in the order of its words.
    pub groups: Vec<Group>,
}

/// What a word is in a caption.
///
/// See the example of [`Caption`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumIter, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Role {
    /// An article or a number.
    Number,
    /// A colour.
    Colour,
    /// A kind.
    Kind,
    /// A word of a relation.
    Relation,
    /// "And".
    Link,
}

/// All things of one kind and colour.
///
/// See the example of [`Caption`].
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Their kind.
    pub kind: usize,
    /// Their colour.
    pub colour: usize,
    /// Their numbers, ascending.
    pub objects: Vec<usize>,
    /// Which words of the caption name them.
    pub words: Range<usize>,
}

impl std::fmt::Display for Caption {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(&self.words.join(" "))
    }
}

impl Caption {
    /// The numbers of its words in [`words`].
    pub fn tokens(&self) -> Vec<usize> {
        let at = |word: &String| words()[4..].binary_search(&word.as_str()).map_or(1, |at| at + 4);
        self.words.iter().map(at).collect()
    }

    fn push(&mut self, word: &str, role: Role, objects: &[usize]) {
        self.words.push(word.into());
        self.roles.push(role);
        self.objects.push(objects.to_vec());
    }

    fn push_group(&mut self, mut group: Group) {
        let Group { kind, colour, objects, .. } = &group;
        let start = self.words.len();
        let kinds = if objects.len() == 1 { KINDS } else { PLURALS };
        self.push(number(objects.len(), COLOURS[*colour]), Role::Number, objects);
        self.push(COLOURS[*colour], Role::Colour, objects);
        self.push(kinds[*kind], Role::Kind, objects);
        group.words = start..self.words.len();
        self.groups.push(group);
    }
}

/// The caption of an arrangement; without words where it has no things.
///
/// See the example of [`Caption`].
pub fn caption(arrangement: &Arrangement) -> Caption {
    let things = &arrangement.things;
    let mut groups = groups(things);
    groups.truncate(GROUPS);
    let mut named: Vec<usize> = groups.iter().flat_map(|group| group.objects.clone()).collect();
    named.sort_unstable();
    let relation = match &groups[..] {
        [first, others @ ..] => direction(things, first, others).map_or(&[WITH][..], relation),
        [] => &[],
    };
    let mut caption =
        Caption { words: Vec::new(), roles: Vec::new(), objects: Vec::new(), groups: Vec::new() };
    for (i, group) in groups.into_iter().enumerate() {
        match i {
            0 => {}
            1 => relation.iter().for_each(|word| caption.push(word, Role::Relation, &named)),
            _ => caption.push(AND, Role::Link, &[]),
        }
        caption.push_group(group);
    }
    caption
}

/// All groups, that with the largest thing first.
fn groups(things: &[Thing]) -> Vec<Group> {
    let mut order: Vec<usize> = (0..things.len()).collect();
    order.sort_by(|a, b| things[*b].area().total_cmp(&things[*a].area()));
    let mut groups: Vec<Group> = Vec::new();
    for i in order {
        let Thing { kind, colour, .. } = things[i];
        match groups.iter_mut().find(|group| (group.kind, group.colour) == (kind, colour)) {
            Some(group) => group.objects.push(i),
            None => groups.push(Group { kind, colour, objects: vec![i], words: 0..0 }),
        }
    }
    groups.iter_mut().for_each(|group| group.objects.sort_unstable());
    groups
}

/// Scene `index` of the series of `shapes` that `seed` starts, with its caption; or, where that is not plain, another in its place.
///
/// A caption is plain when its relation is the same to the second group alone, and holds by [`MARGIN`] more than another one, or
/// than none. Of the scenes of [`Shapes::training`] about half are so. What the others are to be called hangs on a pixel.
pub fn described(shapes: &Shapes, seed: u64, index: u64, side: u32) -> (Arrangement, Caption) {
    let mut scenes = (0..).map(|attempt| shapes.arrangement(seed, index + attempt * APART, side));
    let plain = scenes.find(|arrangement| is_plain(&arrangement.things));
    let arrangement = plain.expect("half of all scenes are plain");
    let caption = caption(&arrangement);
    (arrangement, caption)
}

fn is_plain(things: &[Thing]) -> bool {
    let groups = groups(things);
    let [first, others @ ..] = &groups[..groups.len().min(GROUPS)] else { return true };
    let Some(second) = others.first() else { return true };
    let mut gaps =
        Direction::iter().map(|direction| gap(things, first, others, direction)).collect::<Vec<_>>();
    gaps.sort_by(|a, b| b.total_cmp(a));
    let clear = if gaps[0] >= GAP { gaps[0] - gaps[1].max(GAP) } else { GAP - gaps[0] };
    let told = |others| direction(things, first, others);
    clear >= MARGIN && told(others) == told(std::slice::from_ref(second))
}

/// Where the things of `first` lie, seen from each thing of `others`.
fn direction(things: &[Thing], first: &Group, others: &[Group]) -> Option<Direction> {
    let gap = |direction: &Direction| gap(things, first, others, *direction);
    let widest = Direction::iter().max_by(|a, b| gap(a).total_cmp(&gap(b)))?;
    (gap(&widest) >= GAP).then_some(widest)
}

/// How far each thing of `first` lies in a direction from each thing of `others`, at least.
fn gap(things: &[Thing], first: &Group, others: &[Group], direction: Direction) -> f32 {
    let others = || others.iter().flat_map(|group| &group.objects);
    let pairs = first.objects.iter().flat_map(|of| others().map(move |from| (*of, *from)));
    let gaps = pairs.map(|(of, from)| direction.along_and_across(things[from].centre, things[of].centre).0);
    gaps.fold(f32::INFINITY, f32::min)
}
