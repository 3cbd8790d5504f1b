//! Which items exclude one another, and how many are certain to be left.

use super::blueprint::Kind;

/// For each item, the items that may not be asked after it: itself, its family, its enemies.
#[derive(Clone, Debug)]
pub(crate) struct Blocks {
    starts: Vec<u32>,
    blocked: Vec<u32>,
}

impl Blocks {
    /// From families (an index for each item) and enemies (both directions are made here).
    pub fn new(families: &[u32], family_count: usize, enemies: &[(u32, u32)]) -> Self {
        let mut members = vec![Vec::new(); family_count];
        for (item, &family) in families.iter().enumerate() {
            members[family as usize].push(item as u32);
        }
        let mut hostile = vec![Vec::new(); families.len()];
        for &(one, other) in enemies {
            hostile[one as usize].push(other);
            hostile[other as usize].push(one);
        }
        let mut blocks = Self { starts: vec![0], blocked: Vec::new() };
        for (item, &family) in families.iter().enumerate() {
            let from = blocks.blocked.len();
            blocks.blocked.extend(members[family as usize].iter().chain(&hostile[item]));
            blocks.blocked[from..].sort_unstable();
            blocks.starts.push(blocks.blocked.len() as u32);
        }
        blocks
    }

    /// What asking `item` blocks, itself among them.
    #[inline]
    pub fn of(&self, item: usize) -> &[u32] {
        &self.blocked[self.starts[item] as usize..self.starts[item + 1] as usize]
    }
}

/// Groups of families that exclude one another, directly or by way of others.
///
/// An answer never takes items of more than one cluster. So of the clusters that lie wholly in one topic and kind, each
/// answer there takes at most one, and an answer elsewhere none: as long as there were as many as the quota asks for when
/// the check began, the quota can be filled whatever is chosen on the way.
#[derive(Clone, Debug)]
pub(crate) struct Clusters {
    of_item: Vec<u32>,
    count: usize,
}

impl Clusters {
    pub fn new(families: &[u32], family_count: usize, enemies: &[(u32, u32)]) -> Self {
        let mut parents: Vec<u32> = (0..family_count as u32).collect();
        for &(one, other) in enemies {
            let (one, other) =
                (root(&mut parents, families[one as usize]), root(&mut parents, families[other as usize]));
            parents[one.max(other) as usize] = one.min(other);
        }
        let of_item = families.iter().map(|&family| root(&mut parents, family)).collect();
        Self { of_item, count: family_count }
    }

    /// For each kind and topic, how many answers are certain to be possible when `is_free` says which items there are.
    pub fn supply(
        &self,
        topics: usize,
        cell: impl Fn(usize) -> (Kind, usize),
        is_free: impl Fn(usize) -> bool,
    ) -> [Vec<usize>; 2] {
        const NOWHERE: usize = usize::MAX;
        const SEVERAL: usize = usize::MAX - 1;
        let mut cells = vec![NOWHERE; self.count];
        for (item, &cluster) in self.of_item.iter().enumerate() {
            let (kind, topic) = cell(item);
            let here = kind.index() * topics + topic;
            let seen = &mut cells[cluster as usize];
            if *seen == NOWHERE && is_free(item) {
                *seen = here;
            } else if *seen != here && *seen != NOWHERE && is_free(item) {
                *seen = SEVERAL;
            }
        }
        let count = |kind: Kind, topic: usize| cells.iter().filter(|&&at| at == kind.index() * topics + topic).count();
        Kind::ALL.map(|kind| (0..topics).map(|topic| count(kind, topic)).collect())
    }
}

fn root(parents: &mut [u32], mut family: u32) -> u32 {
    while parents[family as usize] != family {
        parents[family as usize] = parents[parents[family as usize] as usize];
        family = parents[family as usize];
    }
    family
}
