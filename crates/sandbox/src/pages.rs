//! Which pages of memory a run writes to, so that later instances have their own copies of them before they are needed.
//!
//! A fork shares all memory; each page is copied when it is first written to, and a run writes to thousands. On a virtual
//! machine each of these faults costs microseconds, a third of a verdict in all. Pages that a rehearsal in an instance wrote
//! to are therefore faulted in by each new instance while it waits (`MADV_POPULATE_WRITE`, Linux 5.14; older kernels refuse it
//! and nothing is lost).

use crate::SandboxError;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;

/// Start and length in bytes.
pub(crate) type Range = (u64, u64);

const PAGE: u64 = 4096;
const PRESENT: u64 = 1 << 63;
/// "Page exclusively mapped": it is this process's own copy (`Documentation/admin-guide/mm/pagemap.rst`).
const EXCLUSIVE: u64 = 1 << 56;

/// Ranges that `pid` has copies of its own of, in memory that `template` has as well.
pub(crate) fn written(pid: i32, template: i32) -> Result<Vec<Range>, SandboxError> {
    let pagemap =
        File::open(format!("/proc/{pid}/pagemap")).map_err(SandboxError::io("opening an instance's page map"))?;
    let mut ranges: Vec<Range> = Vec::new();
    for (start, end) in writable(template)? {
        let mut entries = vec![0; ((end - start) / PAGE * 8) as usize];
        // A mapping that the instance has given back reads short; the rest of the buffer stays zero: not present.
        let read = pagemap.read_at(&mut entries, start / PAGE * 8);
        if read.is_err() {
            continue;
        }
        for (index, entry) in entries.chunks_exact(8).enumerate() {
            let entry =
                u64::from_ne_bytes([entry[0], entry[1], entry[2], entry[3], entry[4], entry[5], entry[6], entry[7]]);
            if entry & PRESENT != 0 && entry & EXCLUSIVE != 0 {
                add(&mut ranges, start + index as u64 * PAGE);
            }
        }
    }
    Ok(ranges)
}

/// Pages that at least half of the rehearsals wrote to, sorted and joined where they touch. Copying one costs nearly as much as
/// the fault that it saves, so what few runs write to is left to these.
pub(crate) fn common(rehearsals: &[Vec<Range>]) -> Vec<Range> {
    let mut times: BTreeMap<u64, usize> = BTreeMap::new();
    for (start, length) in rehearsals.iter().flatten() {
        for page in (*start..start + length).step_by(PAGE as usize) {
            *times.entry(page).or_default() += 1;
        }
    }
    let mut joined = Vec::new();
    let common = times.into_iter().filter(|(_, times)| 2 * times >= rehearsals.len());
    common.for_each(|(page, _)| add(&mut joined, page));
    joined
}

fn add(ranges: &mut Vec<Range>, page: u64) {
    match ranges.last_mut() {
        Some((start, length)) if *start + *length == page => *length += PAGE,
        _ => ranges.push((page, PAGE)),
    }
}

/// Private, writable mappings of a process.
fn writable(pid: i32) -> Result<Vec<(u64, u64)>, SandboxError> {
    let text = fs::read_to_string(format!("/proc/{pid}/maps")).map_err(|_| SandboxError::TemplateGone)?;
    let parse = |line: &str| {
        let (range, rest) = line.split_once(' ')?;
        let (start, end) = range.split_once('-')?;
        let bounds = (u64::from_str_radix(start, 16).ok()?, u64::from_str_radix(end, 16).ok()?);
        rest.starts_with("rw-p").then_some(bounds)
    };
    Ok(text.lines().filter_map(parse).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_half_of_them_wrote_to_is_common_and_joined_where_it_touches() {
        let (one, other) = (vec![(0, 8192), (16384, 4096)], vec![(8192, 4096), (0, 4096)]);
        assert_eq!(common(&[one.clone(), other.clone()]), [(0, 12288), (16384, 4096)]);
        assert_eq!(common(&[one, other, vec![]]), [(0, 4096)]);
        assert_eq!(common(&[]), []);
    }
}
